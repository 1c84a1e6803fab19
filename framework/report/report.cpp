// framework/report/report.cpp - report.html: what every run, sweep and study shows.
#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "report/aligned_tables.hpp"
#include "report/chart_request.hpp"
#include "report/highlights.hpp"
#include "report/measure_charts.hpp"
#include "report/network_charts.hpp"
#include "report/overview.hpp"
#include "report/page.hpp"
#include "report/said_tables.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

/// "pictures/shown_epoch-0003_pictures.png" is called "shown: pictures, epoch 3".
std::string picture_title(const ResultGroup& group, const std::string& stem) {
  const std::string rest = stem.substr(group.name.size() + 1);
  const std::size_t bar = rest.find('_');
  if (bar == std::string::npos) return group.name + ": " + rest;
  std::string of = rest.substr(0, bar);
  if (of.starts_with("epoch-")) {
    const std::size_t digits = std::min(of.find_first_not_of('0', 6), of.size() - 1);
    of = "epoch " + of.substr(digits);
  }
  return group.name + ": " + rest.substr(bar + 1) + ", " + of;
}

/// The sheets that a measure drew: pictures/NAME_epoch-0003_RESULT.png.
void add_pictures(const Found& found, const ResultGroup& group, Section& section) {
  std::vector<fs::path> files;
  if (fs::is_directory(found.folder / "pictures"))
    for (const auto& entry : fs::directory_iterator(found.folder / "pictures"))
      if (entry.path().filename().string().starts_with(group.name + "_"))
        files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    ReportPicture picture{picture_title(group, file.stem().string()), "", read_file(file)};
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
  for (ReportTable& table : said_tables(found, group.name))
    if (!tells_published(table)) section.tables.push_back(std::move(table));  // those stand on top
  add_measure(group, section);
  add_pictures(found, group, section);
  return section;
}

/// What the networks with the least, the middle and the largest figure made of the task: whatever
/// their measures say over time, and their pictures and texts.
Section examples_section(const Found& found) {
  Section section{"Examples of networks", "examples", {}, {}, {}, {}};
  const std::vector<std::size_t> order = found.many ? ranked(found) : std::vector<std::size_t>();
  if (order.size() < 3) return section;
  const MeasuredArray& figure = *ranking_column(found);
  const std::pair<const char*, std::size_t> shown[] = {
      {"least", order.front()}, {"middle", order[order.size() / 2]}, {"largest", order.back()}};
  for (const auto& [which, network] : shown) {
    const fs::path point = found.folder / "points" / found.table.ids[network];
    if (!fs::exists(point / "run.json")) continue;
    const Found one = read_found(point);
    const std::string name = fmt::format("Network with the {} {} ({:.4g}), {}", which, figure.port,
                                         figure.values[network], found.table.ids[network]);
    for (const ResultGroup& group : one.groups) {
      if (!group.find("activity") && !group.find("prediction") && !group.find("pictures")) continue;
      Section of_network = measure_section(one, group);
      for (ReportTable& table : of_network.tables) {
        table.title = name + ": " + table.title;
        section.tables.push_back(std::move(table));
      }
      for (Chart& chart : of_network.charts) {
        chart.title = name + ": " + chart.title;
        section.charts.push_back(std::move(chart));
      }
      for (ReportPicture& picture : of_network.pictures) {
        picture.title = name + ": " + picture.title;
        section.pictures.push_back(std::move(picture));
      }
    }
  }
  return section;
}

/// What the pipeline asks for under `report`.
Section wished_section(const Found& found) {
  Section section{"Charts of this pipeline", "charts", {}, {}, {}, {}};
  if (const Node* report = found.pipeline.find("report"))
    for (const ChartRequest& request : requests_of(*report)) add_requested(found, request, section);
  return section;
}

/// Sections are anchors and begin the names of files; a step may be called as one of ours.
void make_ids_unique(std::vector<Section>& sections) {
  std::set<std::string> used;
  for (Section& section : sections) {
    while (used.contains(section.id)) section.id += "-step";
    used.insert(section.id);
  }
}

/// A chart that stands in a section above is not shown again.
void drop_repeated(std::vector<Section>& sections) {
  std::vector<std::string> seen;
  for (Section& section : sections)
    std::erase_if(section.charts, [&](const Chart& chart) {
      const std::string what = chart.title + chart.view.dump();
      const bool known = std::find(seen.begin(), seen.end(), what) != seen.end();
      if (!known) seen.push_back(what);
      return known;
    });
}

}  // namespace

fs::path write_report(const fs::path& folder, const fs::path& assets) {
  const Found found = read_found(folder);
  Page page{found.name, found.about, {}};
  page.sections.push_back(found_section(found));
  page.sections.push_back(wished_section(found));
  if (found.many) {
    page.sections.push_back(networks_section(found));
    page.sections.push_back(highlights_section(found));
    page.sections.push_back(spectra_section(found));
    page.sections.push_back(places_section(found));
    page.sections.push_back(examples_section(found));
  }
  page.sections.push_back(training_section(found));
  for (const ResultGroup& group : found.groups)
    page.sections.push_back(measure_section(found, group));
  page.sections.push_back(asked_section(found));
  page.sections.push_back(provenance_section(found));
  drop_repeated(page.sections);
  std::erase_if(page.sections, [](const Section& section) { return section.empty(); });
  make_ids_unique(page.sections);
  write_parts(folder / "charts", page);
  write_file_atomically(folder / "report.html", html_of(page, read_libraries(assets)));
  return folder / "report.html";
}

}  // namespace lyap::framework
