// framework/report/chart.cpp - a chart: columns of data, and a Vega-Lite specification that draws
// them.
#include "report/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "report/finding.hpp"

namespace lyap::framework {
namespace {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

ChartColumn& ChartData::operator[](const std::string& name) {
  for (ChartColumn& column : columns_)
    if (column.name == name) return column;
  columns_.push_back({name, {}, {}});
  return columns_.back();
}

std::size_t ChartData::rows() const {
  std::size_t rows = 0;
  for (const ChartColumn& column : columns_)
    rows = std::max({rows, column.numbers.size(), column.texts.size()});
  return rows;
}

Json ChartData::json() const {
  Json columns = Json::object();
  for (const ChartColumn& column : columns_) {
    Json values = Json::array();
    for (const double number : column.numbers) {
      const double thinned = thin(number);
      if (std::isnan(thinned))
        values.push_back(nullptr);
      else if (thinned == std::floor(thinned) && std::abs(thinned) < 1e15)
        values.push_back(static_cast<std::int64_t>(thinned));
      else
        values.push_back(thinned);
    }
    for (const std::string& text : column.texts) values.push_back(text);
    columns[column.name] = std::move(values);
  }
  return columns;
}

std::string ChartData::csv() const {
  std::string text;
  for (const ChartColumn& column : columns_)
    text += (text.empty() ? "" : ",") + csv_field(column.name);
  for (std::size_t row = 0; row < rows(); ++row) {
    std::string line;
    for (const ChartColumn& column : columns_) {
      if (&column != &columns_.front()) line += ",";
      if (row < column.texts.size()) line += csv_field(column.texts[row]);
      if (row < column.numbers.size() && !std::isnan(thin(column.numbers[row])))
        line += shortest(thin(column.numbers[row]));
    }
    text += "\n" + line;
  }
  return text + "\n";
}

Json Chart::specification() const {
  Json fields = Json::array();
  for (const ChartColumn& column : data.columns()) fields.push_back(column.name);
  Json specification = {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
                        {"description", description()},
                        {"data", {{"values", Json::array({data.json()})}}},
                        {"transform", Json::array({Json{{"flatten", fields}}})}};
  for (const auto& [key, value] : view.items()) {
    if (key == "transform")
      for (const Json& step : value) specification["transform"].push_back(step);
    else
      specification[key] = value;
  }
  return specification;
}

std::string Chart::description() const {
  const std::string finding = finding_of(data);
  std::string text = fmt::format("{}. {}{}{} data points", title, finding,
                                 finding.empty() ? "" : ". ", data.rows());
  for (const ChartColumn& column : data.columns()) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const double number : column.numbers)
      if (std::isfinite(number)) low = std::min(low, number), high = std::max(high, number);
    if (low <= high) text += fmt::format("; {} from {:.4g} to {:.4g}", column.name, low, high);
  }
  return text + ".";
}

double thin(double value) {
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  if (value == 0) return 0;
  // An exact integer stays exact: an index, an epoch, a count.
  if (value == std::floor(value) && std::abs(value) < 1e9) return value;
  const double scale = std::pow(10.0, 3 - std::floor(std::log10(std::abs(value))));
  if (!std::isfinite(scale) || scale == 0) return value;
  return std::round(value * scale) / scale;
}

Json channel(const std::string& field, const std::string& type, const std::string& title) {
  return {{"field", field}, {"type", type}, {"title", title}};
}

// Okabe and Ito's colours without yellow and black, and two of like distance.
Json word_colours() {
  return {{"range",
           {"#2C84C4", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#999999", "#A88B00",
            "#7B61C9", "#8C564B"}}};
}

// The ends of viridis are lost on black or on white.
Json number_colours() {
  return {{"range", {"#5358A8", "#2F7F9E", "#1FA187", "#6CBF4B", "#D8B420"}}};
}

Json signed_colours(double extent) {
  return {{"range", {"#2166AC", "#92C5DE", "#F2F2F2", "#F4A582", "#B2182B"}},
          {"domain", {-extent, 0, extent}},
          {"interpolate", "rgb"}};
}

std::vector<std::size_t> spread_out(std::size_t count, std::size_t wanted) {
  std::vector<std::size_t> places;
  if (count <= wanted || wanted < 2) {
    for (std::size_t i = 0; i < std::min(count, std::max<std::size_t>(wanted, 1)); ++i)
      places.push_back(i);
    return places;
  }
  for (std::size_t i = 0; i < wanted; ++i)
    places.push_back((i * (count - 1) + (wanted - 1) / 2) / (wanted - 1));
  return places;
}

}  // namespace lyap::framework
