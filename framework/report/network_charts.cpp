// framework/report/network_charts.cpp - what every sweep shows: its networks, their spectra, and
// where studies put them.
#include "report/network_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/chart_request.hpp"
#include "report/forms.hpp"
#include "report/kind_charts.hpp"

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;

std::string shown(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "–";
}

bool is_figure(const MeasuredArray& column) {
  return column.shape.size() == 1 && column.words().empty();
}

/// A column that is the same in all networks tells nothing of them.
bool varies(const MeasuredArray& column) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : column.values)
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  return low < high;
}

bool is_kind(const MeasuredArray& column) {
  return column.shape.size() == 1 && column.words().size() > 1 && column.words().size() <= 24;
}

template <class Condition>
std::vector<const MeasuredArray*> columns_that(const Found& found, Condition&& condition) {
  std::vector<const MeasuredArray*> columns;
  for (const MeasuredArray& column : found.table.columns)
    if (condition(column)) columns.push_back(&column);
  return columns;
}

ReportTable summary(const Found& found) {
  ReportTable table{"Recorded numbers",
                    "",
                    {"column", "networks", "least", "median", "largest", "missing"},
                    {},
                    ""};
  for (const MeasuredArray* column : columns_that(found, is_figure)) {
    std::vector<double> finite = column->values;
    std::erase_if(finite, [](double v) { return !std::isfinite(v); });
    std::sort(finite.begin(), finite.end());
    if (finite.empty()) continue;
    table.rows.push_back({column->port, std::to_string(finite.size()), shown(finite.front()),
                          shown(finite[finite.size() / 2]), shown(finite.back()),
                          std::to_string(column->values.size() - finite.size())});
  }
  return table;
}

Chart distribution(const Found& found, const MeasuredArray& figure, const MeasuredArray& kind) {
  Chart chart;
  const Cells words = kind.words();
  for (std::size_t n = 0; n < figure.values.size(); ++n) {
    if (!std::isfinite(figure.values[n])) continue;
    chart.data["value"].numbers.push_back(figure.values[n]);
    chart.data["kind"].texts.push_back(cell_of(kind, n));
    chart.data["network"].texts.push_back(found.table.ids[n]);
  }
  chart.title = figure.port + " by " + kind.port;
  chart.caption =
      "every network; box: quartiles, whiskers to the last within 1.5 of their distance";
  chart.view = boxes_view(figure.port, words, spans_decades(figure.values));
  return chart;
}

}  // namespace

bool is_spectral(const MeasuredArray& column) {
  return column.shape.size() >= 2 && column.quantity.axes.back() == "index" &&
         column.quantity.unit.find("/step") != std::string::npos;
}

std::string cell_of(const MeasuredArray& column, std::size_t network) {
  const double value = column.values[network];
  const Cells words = column.words();
  if (words.empty() || !std::isfinite(value)) return shown(value);
  const auto code = static_cast<std::size_t>(value);
  return code < words.size() ? words[code] : "–";
}

const MeasuredArray* ranking_column(const Found& found) {
  const std::vector<const MeasuredArray*> numbers = columns_that(found, is_figure);
  const Node* trials = found.pipeline.find("trials");
  const Node* record = trials ? trials->find("record") : nullptr;
  for (const MeasuredArray* column : numbers)
    if (const Node* said = record ? record->find(column->port) : nullptr;
        said && said->text.starts_with("train."))
      return column;
  return numbers.empty() ? nullptr : numbers.front();
}

std::vector<std::size_t> ranked(const Found& found) {
  const MeasuredArray* figure = ranking_column(found);
  if (!figure) return {};
  std::vector<std::size_t> order;
  for (std::size_t n = 0; n < figure->values.size(); ++n)
    if (std::isfinite(figure->values[n])) order.push_back(n);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return figure->values[a] < figure->values[b];
  });
  return order;
}

Section networks_section(const Found& found) {
  Section section{"Networks", "networks", {}, {}, {}, {}};
  if (found.table.ids.empty()) return section;
  section.paragraphs.push_back(
      fmt::format("{} networks are in the table of this sweep.", found.table.ids.size()));
  if (ReportTable table = summary(found); !table.rows.empty())
    section.tables.push_back(std::move(table));
  const MeasuredArray* figure = ranking_column(found);
  if (!figure || ranked(found).empty()) return section;
  const auto kinds = columns_that(found, is_kind);
  for (const MeasuredArray* kind : kinds)
    section.charts.push_back(distribution(found, *figure, *kind));
  std::size_t relations = 0;
  for (const MeasuredArray* column : columns_that(found, is_figure)) {
    if (column == figure || !varies(*column) || ++relations > 4) continue;
    add_requested(found,
                  {.kind = "scatter",
                   .x = "trials." + column->port,
                   .y = "trials." + figure->port,
                   .colour = kinds.empty() ? "" : "trials." + kinds.front()->port,
                   .panels = {},
                   .split = "",
                   .band = ""},
                  section);
  }
  return section;
}

Section spectra_section(const Found& found) {
  Section section{"Spectra of all networks", "spectra", {}, {}, {}, {}};
  const MeasuredArray* figure = ranking_column(found);
  if (!figure || ranked(found).empty()) return section;
  const auto kinds = columns_that(found, is_kind);
  bool first = true;
  for (const MeasuredArray* spectra : columns_that(found, is_spectral)) {
    ChartRequest request{.kind = "lines",
                         .x = "index",
                         .y = "trials." + spectra->port,
                         .colour = "trials." + figure->port,
                         .panels = {},
                         .split = "",
                         .band = ""};
    const bool epochs = has_axis(*spectra, "checkpoint");
    if (epochs) request.panels = {"epoch"};
    add_requested(found, request, section);
    if (!kinds.empty() && !epochs) {
      request.panels = {"trials." + kinds.front()->port};
      add_requested(found, request, section);
    }
    if (!first || epochs || kinds.empty()) continue;
    first = false;
    section.charts.push_back(kinds_spectra(found, *spectra, *kinds.front()));
    if (const std::string study = chosen_placing(found); !study.empty())
      section.charts.push_back(kinds_places(found, study, *kinds.front()));
  }
  return section;
}

Section places_section(const Found& found) {
  Section section{"Places of networks", "places", {}, {}, {}, {}};
  const MeasuredArray* figure = ranking_column(found);
  if (!figure) return section;
  std::size_t studies = 0;
  for (const std::string& study : placing_studies(found)) {
    const std::string x = study + ".coordinate.1", y = study + ".coordinate.2";
    const auto scatter = [&](const std::string& colour, const std::string& split) {
      add_requested(found,
                    {.kind = "scatter",
                     .x = x,
                     .y = y,
                     .colour = "trials." + colour,
                     .panels = {"epoch"},
                     .split = split,
                     .band = ""},
                    section);
    };
    scatter(figure->port, "median");
    if (++studies > 2) continue;  // variants of the first are told by their scatter
    const auto histogram = [&](const std::string& colour) {
      add_requested(found,
                    {.kind = "histogram",
                     .x = x,
                     .y = "",
                     .colour = "trials." + colour,
                     .panels = {},
                     .split = "",
                     .band = ""},
                    section);
    };
    for (const MeasuredArray* kind : columns_that(found, is_kind)) {
      scatter(kind->port, "");
      histogram(kind->port);
    }
    std::size_t numbers = 0;
    for (const MeasuredArray* column : columns_that(found, is_figure))
      if (varies(*column) && ++numbers <= 4) histogram(column->port);
  }
  return section;
}

}  // namespace lyap::framework
