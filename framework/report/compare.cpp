// framework/report/compare.cpp - several runs or sweeps beside each other.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "report/forms.hpp"
#include "report/found.hpp"
#include "report/overview.hpp"
#include "report/page.hpp"
#include "report/report.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

using Cells = std::vector<std::string>;

void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& into) {
  if (!json.is_structured()) {
    into[path] = json.is_string() ? json.get<std::string>() : json.dump();
    return;
  }
  for (const auto& [key, value] : json.items())
    flatten(value, path.empty() ? key : path + "." + key, into);
}

class Comparing {
 public:
  explicit Comparing(const std::vector<fs::path>& folders) {
    for (const fs::path& folder : folders) found_.push_back(read_found(folder));
    for (std::size_t i = 0; i < found_.size(); ++i) {
      std::string name = found_[i].folder.filename().string();
      if (name.empty()) name = found_[i].folder.parent_path().filename().string();
      for (const std::string& other : names_)
        if (other == name) name = fmt::format("{} ({})", name, i + 1);
      names_.push_back(name);
    }
  }

  Page page() const {
    Page page{"Comparison of " + std::to_string(found_.size()) + " folders", "", {}};
    page.sections = {differences(), headlines(), curves(), spectra()};
    std::erase_if(page.sections, [](const Section& section) { return section.empty(); });
    return page;
  }

 private:
  Section differences() const {
    Section section{"What differs", "differences", {}, {}, {}, {}};
    std::map<std::string, Cells> settings;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      std::map<std::string, std::string> flat;
      flatten(found_[i].resolved, "", flat);
      for (const auto& [key, value] : flat) {
        settings[key].resize(found_.size(), "–");
        settings[key][i] = value;
      }
    }
    ReportTable table{"Settings that are not the same in all", "", {"setting"}, {}, ""};
    table.columns.insert(table.columns.end(), names_.begin(), names_.end());
    for (const auto& [key, values] : settings) {
      if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>{}) == values.end())
        continue;
      Cells row{key};
      row.insert(row.end(), values.begin(), values.end());
      table.rows.push_back(std::move(row));
    }
    if (table.rows.empty())
      section.paragraphs.push_back("All settings are the same.");
    else
      section.tables.push_back(std::move(table));
    return section;
  }

  Section headlines() const {
    Section section{"What was found", "found", {}, {}, {}, {}};
    for (std::size_t i = 0; i < found_.size(); ++i)
      for (ReportTable& table : found_section(found_[i]).tables) {
        if (!table.lines.empty()) continue;
        if (i > 0 && section.tables.size() > 8) continue;
        table.title = names_[i] + ": " + table.title;
        section.tables.push_back(std::move(table));
      }
    return section;
  }

  Section curves() const {
    Section section{"Training", "training", {}, {}, {}, {}};
    std::map<std::string, Chart> charts;
    for (std::size_t i = 0; i < found_.size(); ++i)
      for (const Json& row : found_[i].metrics)
        for (const auto& [key, value] : row.items()) {
          if (!key.starts_with("validation_") || !value.is_number()) continue;
          Chart& chart = charts[key];
          chart.data["epoch"].numbers.push_back(row.value("epoch", 0.0));
          chart.data["value"].numbers.push_back(value.get<double>());
          chart.data["which"].texts.push_back(names_[i]);
        }
    for (auto& [key, chart] : charts) {
      chart.title = key;
      Lines lines{
          .x = "epoch", .x_title = "epoch", .y = "value", .y_title = key, .colour = "which"};
      lines.points = true;
      lines.order = names_;
      chart.view = lines_view(lines);
      section.charts.push_back(std::move(chart));
    }
    return section;
  }

  /// Results along the index of the same measure in the same unit share a chart: the last
  /// checkpoint of each run.
  Section spectra() const {
    Section section{"Spectra", "spectra", {}, {}, {}, {}};
    std::map<std::string, Chart> charts;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].many) continue;
      for (const ResultGroup& group : found_[i].groups)
        for (const MeasuredArray& array : group.arrays) {
          const Cells& axes = array.quantity.axes;
          const std::string& unit = array.quantity.unit;
          if (axes != Cells{"checkpoint", "index"} || unit.find("/step") == std::string::npos ||
              array.port == "lower" || array.port == "upper" || array.shape[0] == 0)
            continue;
          const MeasuredArray last = picked(array, "checkpoint", array.shape[0] - 1);
          Chart& chart = charts[group.analysis + ": " + array.port + " (" + unit + ")"];
          chart.caption = array.doc + "; last checkpoint of each";
          for (std::size_t k = 0; k < last.values.size(); ++k) {
            chart.data["index"].numbers.push_back(static_cast<double>(k + 1));
            chart.data["value"].numbers.push_back(last.values[k]);
            chart.data["which"].texts.push_back(
                names_[i] + (group.name == group.analysis ? "" : " " + group.name));
          }
        }
    }
    for (auto& [title, chart] : charts) {
      chart.title = title;
      Lines lines{
          .x = "index", .x_title = "index", .y = "value", .y_title = title, .colour = "which"};
      chart.view = lines_view(lines);
      section.charts.push_back(std::move(chart));
    }
    return section;
  }

  std::vector<Found> found_;
  Cells names_;
};

}  // namespace

void write_comparison(const std::vector<fs::path>& folders, const fs::path& file,
                      const fs::path& assets) {
  const Page page = Comparing(folders).page();
  const fs::path parent = file.has_parent_path() ? file.parent_path() : ".";
  write_parts(parent / (file.stem().string() + "-charts"), page);
  write_file_atomically(file, html_of(page, read_libraries(assets)));
}

}  // namespace lyap::framework
