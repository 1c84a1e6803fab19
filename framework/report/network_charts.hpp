// framework/report/network_charts.hpp - what every sweep shows: its networks, their spectra, and
// where studies put them.
#pragma once
#include <string>
#include <vector>

#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// The figure that networks are ranked by: the first recorded figure of training, else the first
/// recorded number. Null when there is none.
const MeasuredArray* ranking_column(const Found& found);
/// Networks from the least to the largest of that figure; those without one are left out.
std::vector<std::size_t> ranked(const Found& found);

/// Whether a column has rates of every network along an index.
bool is_spectral(const MeasuredArray& column);
/// A single number or word of a network, as a table shows it.
std::string cell_of(const MeasuredArray& column, std::size_t network);

/// Columns in figures, distributions and relations.
Section networks_section(const Found& found);
/// Spectra of all networks by the figure, and one of each kind beside its place in an embedding.
Section spectra_section(const Found& found);
/// Scatter and stacked histograms of every study that places networks.
Section places_section(const Found& found);

}  // namespace lyap::framework
