// framework/report/page.hpp - sections as one self-contained HTML file.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "report/section.hpp"

namespace lyap::framework {

struct Page {
  std::string title, about;
  std::vector<Section> sections;
};

/// The libraries that draw charts, as text: what stands in `assets`, or nothing with the reason.
struct ChartLibraries {
  std::vector<std::string> scripts, licences;
  std::string missing;  ///< why there are none
};
ChartLibraries read_libraries(const std::filesystem::path& assets);

/// The page needs no network: style, scripts, data and pictures are inside. Its content security
/// policy allows the scripts by their hashes and nothing that makes code of text.
std::string html_of(const Page& page, const ChartLibraries& libraries);

/// SECTION-1.vl.json for every chart, to be drawn in another style; SECTION-1.csv for its data and
/// SECTION-table-1.csv for every table.
void write_parts(const std::filesystem::path& folder, const Page& page);

/// Text for HTML.
std::string escaped(const std::string& text);

}  // namespace lyap::framework
