// framework/report/chart_request.hpp - one chart of networks as it is asked for: by a pipeline's
// `report`, or by what every sweep shows.
#pragma once
#include <string>
#include <vector>

#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

struct ChartRequest {
  std::string kind;                 ///< scatter, histogram, lines, table
  std::string x, y, colour;         ///< references or axes
  std::vector<std::string> panels;  ///< at most two are shown, joined
  std::string split;                ///< median, best, or empty
  std::string band;                 ///< reference to deviations
  bool points = false, stacked = true;
};

/// The requests of a pipeline's `report`.
std::vector<ChartRequest> requests_of(const Node& report);

/// Adds the chart or table; a request whose results are not there is told in a paragraph.
void add_requested(const Found& found, const ChartRequest& request, Section& section);

}  // namespace lyap::framework
