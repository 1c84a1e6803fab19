// framework/report/report.hpp - report.html: what every run, sweep and study shows.
#pragma once
#include <filesystem>
#include <vector>

namespace lyap::framework {

/// Writes FOLDER/report.html, one file that needs nothing else, and FOLDER/charts/ with the
/// specifications and data of its charts. `assets` holds the chart libraries; without them the
/// report has tables and says why. Returns the path of the report. InputError: the folder is
/// neither that of a run nor that of a sweep.
std::filesystem::path write_report(const std::filesystem::path& folder,
                                   const std::filesystem::path& assets);

/// Writes `file`: several runs or sweeps beside each other - settings that differ, headlines,
/// spectra, curves of training. Errors as write_report.
void write_comparison(const std::vector<std::filesystem::path>& folders,
                      const std::filesystem::path& file, const std::filesystem::path& assets);

}  // namespace lyap::framework
