// apps/lyap/write_report.hpp - report.html at the end of a run or sweep.
#pragma once
#include <filesystem>

#include "terminal.hpp"

namespace lyap::app {

/// Writes the report of a folder. What goes wrong is a warning: the results are there without it.
void write_report(const std::filesystem::path& folder, Terminal& terminal);

/// Where the libraries that draw charts are installed.
std::filesystem::path chart_libraries();

/// Shows a report in the browser of the desktop, when there are both.
void show(const std::filesystem::path& report, Terminal& terminal);

}  // namespace lyap::app
