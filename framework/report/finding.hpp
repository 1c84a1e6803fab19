// framework/report/finding.hpp - what a chart shows, in words for those who cannot see it.
#pragma once
#include <string>

#include "report/chart.hpp"

namespace lyap::framework {

/// Where every line begins and ends; how many each colour of bars has; the medians of boxes; of
/// points the rank correlation (Spearman) along the colour, or of the two axes. Empty when there is
/// no such thing.
std::string finding_of(const ChartData& data);

}  // namespace lyap::framework
