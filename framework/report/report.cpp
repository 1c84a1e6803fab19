// framework/report/report.cpp - report.html: what every run, sweep and study shows.
#include "report/report.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "report/measure_charts.hpp"
#include "report/overview.hpp"
#include "report/page.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

/// The sheets that a measure drew: pictures/NAME_epoch-0003_RESULT.png.
void add_pictures(const Found& found, const ResultGroup& group, Section& section) {
  std::vector<fs::path> files;
  if (fs::is_directory(found.folder / "pictures"))
    for (const auto& entry : fs::directory_iterator(found.folder / "pictures"))
      if (entry.path().filename().string().starts_with(group.name + "_"))
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    ReportPicture picture{file.stem().string(), "", read_file(file)};
    std::replace(picture.title.begin(), picture.title.end(), '_', ' ');
    for (const MeasuredArray& array : group.arrays) {
      if (!file.stem().string().ends_with("_" + array.port)) continue;
      picture.caption = array.doc;
      if (const std::string* cases = array.note("cases"))
        picture.caption += "; from left to right: " + *cases;
    }
    section.pictures.push_back(std::move(picture));
  }
}

Section measure_section(const Found& found, const ResultGroup& group) {
  Section section{group.name, group.name, {}, {}, {}, {}};
  if (!group.analysis.empty() && group.analysis != group.name)
    section.title += " (" + group.analysis + ")";
  add_measure(group, section);
  add_pictures(found, group, section);
  return section;
}

}  // namespace

fs::path write_report(const fs::path& folder, const fs::path& assets) {
  const Found found = read_found(folder);
  Page page{found.name, found.about, {}};
  page.sections.push_back(found_section(found));
  page.sections.push_back(training_section(found));
  for (const ResultGroup& group : found.groups)
    page.sections.push_back(measure_section(found, group));
  page.sections.push_back(asked_section(found));
  page.sections.push_back(provenance_section(found));
  std::erase_if(page.sections, [](const Section& section) { return section.empty(); });
  write_parts(folder / "charts", page);
  write_file_atomically(folder / "report.html", html_of(page, read_libraries(assets)));
  return folder / "report.html";
}

}  // namespace lyap::framework
