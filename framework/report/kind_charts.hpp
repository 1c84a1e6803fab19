// framework/report/kind_charts.hpp - one network of each kind: its spectrum, and its place among
// all others.
#pragma once
#include <string>
#include <vector>

#include "report/found.hpp"

namespace lyap::framework {

/// Studies that give every network of the table a place: `coordinate` of at least two components.
std::vector<std::string> placing_studies(const Found& found);
/// The one that the pipeline's own charts show first, else the last; empty: there is none.
std::string chosen_placing(const Found& found);

/// Of each kind the network whose figure is in the middle; `kind` is a column of words.
Chart kinds_spectra(const Found& found, const MeasuredArray& spectra, const MeasuredArray& kind);
Chart kinds_places(const Found& found, const std::string& study, const MeasuredArray& kind);
/// Where the networks with the least, the middle and the largest figure are.
Chart highlighted_places(const Found& found, const std::string& study);

}  // namespace lyap::framework
