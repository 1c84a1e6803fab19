// framework/report/compare.cpp - several runs or sweeps beside each other.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "report/compare_sweeps.hpp"
#include "report/forms.hpp"
#include "report/found.hpp"
#include "report/headline_numbers.hpp"
#include "report/page.hpp"
#include "report/report.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

using Cells = std::vector<std::string>;

std::string word_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

/// "measure.le.with.sequences": steps are called by their names, not by their places.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& into) {
  const auto below = [&](const std::string& key) { return path.empty() ? key : path + "." + key; };
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) flatten(value, below(key), into);
  } else if (!json.empty() && json.is_array() && json.front().is_object()) {
    for (const Json& step : json) flatten(step, below(step.value("as", "")), into);
  } else if (json.is_array()) {
    Cells parts;
    for (const Json& part : json) parts.push_back(word_of(part));
    into[path] = join(parts);
  } else {
    into[path] = word_of(json);
  }
}

/// A run's folder is called by what follows the time in its name.
std::string short_name(const fs::path& folder) {
  std::string name = folder.filename().string();
  if (name.empty()) name = folder.parent_path().filename().string();
  constexpr std::size_t time = std::string_view("2026-01-31T12-00-00_").size();
  const bool is_run = name.size() > time && name[4] == '-' && name[10] == 'T' && name[19] == '_';
  return is_run ? name.substr(time) : name;
}

class Comparing {
 public:
  explicit Comparing(const std::vector<fs::path>& folders) {
    for (const fs::path& folder : folders) found_.push_back(read_found(folder));
    for (std::size_t i = 0; i < found_.size(); ++i) {
      std::string name = short_name(found_[i].folder);
      for (const std::string& other : names_)
        if (other == name) name = fmt::format("{} ({})", name, i + 1);
      names_.push_back(name);
    }
  }

  Page page() const {
    Page page{"Comparison of " + std::to_string(found_.size()) + " folders", "", {}};
    page.sections = {differences(), headlines(), curves(), spectra(),
                     compared_sweeps(found_, names_)};
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

  /// Runs of different length are compared at their beginnings and at their ends.
  static std::string place_of(const HeadlineNumber& number,
                              const std::vector<HeadlineNumber>& numbers) {
    std::string last;
    for (const HeadlineNumber& other : numbers)
      if (other.step == number.step) last = other.of;
    return number.of == last ? "end" : "beginning";
  }

  /// One row for each number, a column for each folder.
  Section headlines() const {
    Section section{"What was found", "found", {}, {}, {}, {}};
    std::vector<Cells> keys;
    std::map<Cells, Cells> values;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const std::vector<HeadlineNumber> numbers = headline_numbers(found_[i]);
      for (const HeadlineNumber& number : numbers) {
        const Cells key = {number.step, place_of(number, numbers), number.result, number.unit};
        if (!values.contains(key)) keys.push_back(key);
        values[key].resize(found_.size(), "–");
        values[key][i] =
            number.value + " " + number.uncertainty.substr(0, number.uncertainty.find(" ("));
      }
    }
    ReportTable table{"Numbers",
                      "Brackets: interval; ±: standard error.",
                      {"step", "at", "result", "unit"},
                      {},
                      ""};
    table.columns.insert(table.columns.end(), names_.begin(), names_.end());
    for (const Cells& key : keys) {
      Cells row = key;
      row.insert(row.end(), values[key].begin(), values[key].end());
      table.rows.push_back(std::move(row));
    }
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
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
    std::map<std::string, Cells> orders;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].many) continue;
      for (const ResultGroup& group : found_[i].groups)
        for (const MeasuredArray& array : group.arrays) {
          const Cells& axes = array.quantity.axes;
          const std::string& unit = array.quantity.unit;
          if (axes != Cells{"checkpoint", "index"} || unit.find("/step") == std::string::npos ||
              array.port == "lower" || array.port == "upper" || array.port == "deviation" ||
              array.shape[0] == 0)
            continue;
          const MeasuredArray last = picked(array, "checkpoint", array.shape[0] - 1);
          const std::string title = group.analysis + ": " + array.port + " (" + unit + ")";
          const std::string name =
              names_[i] + (group.name == group.analysis ? "" : " " + group.name);
          Chart& chart = charts[title];
          orders[title].push_back(name);
          chart.caption = array.doc + "; last checkpoint of each";
          for (std::size_t k = 0; k < last.values.size(); ++k) {
            chart.data["index"].numbers.push_back(static_cast<double>(k + 1));
            chart.data["value"].numbers.push_back(last.values[k]);
            chart.data["which"].texts.push_back(name);
          }
        }
    }
    for (auto& [title, chart] : charts) {
      chart.title = title;
      Lines lines{
          .x = "index", .x_title = "index", .y = "value", .y_title = title, .colour = "which"};
      lines.order = orders[title];
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
