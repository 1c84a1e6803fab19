// framework/report/page_parts.hpp - the fixed parts of a report: its style and its script.
#pragma once
#include <string_view>

namespace lyap::framework {

extern const std::string_view page_style;
/// Draws the charts that stand in the page as JSON, one after the other, first those in sight;
/// makes tables of their data and CSV files of tables. Leaves in <html data-charts="DRAWN/ALL"
/// data-first data-last> the milliseconds after which the first and the last were drawn.
extern const std::string_view page_script;

}  // namespace lyap::framework
