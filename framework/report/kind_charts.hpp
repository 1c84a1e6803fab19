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

/// Networks with the words of their colours.
using MarkedNetworks = std::vector<std::pair<std::string, std::size_t>>;
/// A point a network, most of them grey.
struct MarkedPoints {
  std::vector<double> x, y;  ///< of every network
  std::string x_title, y_title;
  std::string what;  ///< told by colour and shape
  MarkedNetworks marked;
};
Chart marked_points(const MarkedPoints& points);
Chart marked_in_embedding(const Found& found, const std::string& study, const std::string& what,
                          const MarkedNetworks& marked);

}  // namespace lyap::framework
