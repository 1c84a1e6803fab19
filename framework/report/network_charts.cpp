// framework/report/network_charts.cpp - what every sweep shows: its networks, their spectra, and
// where studies put them.
#include "report/network_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/chart_request.hpp"
#include "report/forms.hpp"

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;

std::string shown(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "–";
}

bool is_figure(const MeasuredArray& column) {
  return column.shape.size() == 1 && column.words().empty();
}

bool is_kind(const MeasuredArray& column) {
  return column.shape.size() == 1 && column.words().size() > 1 && column.words().size() <= 24;
}

/// Rates of every network along an index.
bool is_spectral(const MeasuredArray& column) {
  return column.shape.size() >= 2 && column.quantity.axes.back() == "index" &&
         column.quantity.unit.find("/step") != std::string::npos;
}

template <class Condition>
std::vector<const MeasuredArray*> columns_that(const Found& found, Condition&& condition) {
  std::vector<const MeasuredArray*> columns;
  for (const MeasuredArray& column : found.table.columns)
    if (condition(column)) columns.push_back(&column);
  return columns;
}

std::string cell_of(const MeasuredArray& column, std::size_t network) {
  const double value = column.values[network];
  const Cells words = column.words();
  if (words.empty() || !std::isfinite(value)) return shown(value);
  const auto code = static_cast<std::size_t>(value);
  return code < words.size() ? words[code] : "–";
}

ReportTable summary(const Found& found) {
  ReportTable table{"Recorded numbers", "", {"column", "networks", "least", "median", "largest",
                                             "missing"}, {}, ""};
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

/// Three of the least, of the middle and of the largest figure.
ReportTable highlights(const Found& found) {
  const MeasuredArray& figure = *ranking_column(found);
  const std::vector<std::size_t> order = ranked(found);
  ReportTable table{"Networks from the least to the largest " + figure.port,
                    "each in points/ID, a folder that lyap report shows too",
                    {"network"}, {}, ""};
  const auto columns =
      columns_that(found, [](const auto& c) { return c.shape.size() == 1; });
  for (const MeasuredArray* column : columns) table.columns.push_back(column->port);
  std::vector<std::size_t> places;
  const std::size_t n = order.size(), few = std::min<std::size_t>(3, n);
  for (std::size_t i = 0; i < few; ++i) places.push_back(i);
  for (std::size_t i = n / 2; i < std::min(n, n / 2 + few); ++i) places.push_back(i);
  for (std::size_t i = n - few; i < n; ++i) places.push_back(i);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (const std::size_t place : places) {
    Cells row{found.table.ids[order[place]]};
    for (const MeasuredArray* column : columns) row.push_back(cell_of(*column, order[place]));
    table.rows.push_back(std::move(row));
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
  chart.caption = "every network; box: quartiles, whiskers to the last within 1.5 of their distance";
  Json x = channel("value", "quantitative", figure.port);
  x["scale"] = {{"zero", false}};
  if (spans_decades(figure.values)) x["scale"] = {{"type", "log"}};
  Json y = channel("kind", "nominal", "");
  y["title"] = nullptr;
  y["sort"] = words;
  Json box = {{"mark",
               {{"type", "boxplot"},
                {"outliers", false},
                {"size", 16},
                {"color", "#9BB9D3"},
                {"median", {{"color", "#1c1f23"}}},
                {"rule", {{"color", "currentColor"}}}}}};
  Json dots = {{"mark", {{"type", "tick"}, {"thickness", 1.5}, {"size", 9}, {"color", "#D55E00"}}},
               {"encoding", {{"tooltip", {{{"field", "network"}}, {{"field", "value"}}}}}}};
  chart.view = {{"width", "container"},
                {"height", {{"step", 26}}},
                {"autosize", {{"type", "fit-x"}, {"contains", "padding"}}},
                {"encoding", {{"x", x}, {"y", y}}},
                {"layer", {box, dots}}};
  return chart;
}

/// The study's results that place networks, and whether they are those of the table.
std::vector<std::string> placing_studies(const Found& found) {
  Cells names;
  for (const ResultGroup& group : found.groups)
    if (const MeasuredArray* place = group.find("coordinate");
        place && has_axis(*place, "network") && extent_of(*place, "component") >= 2 &&
        extent_of(*place, "network") == static_cast<std::int64_t>(found.table.ids.size()))
      names.push_back(group.name);
  return names;
}

/// The one that the pipeline's own charts show first, else the last.
std::string chosen_placing(const Found& found) {
  const Cells studies = placing_studies(found);
  if (const Node* report = found.pipeline.find("report"))
    for (const ChartRequest& request : requests_of(*report)) {
      const std::string study = request.x.substr(0, request.x.find('.'));
      if (std::find(studies.begin(), studies.end(), study) != studies.end()) return study;
    }
  return studies.empty() ? "" : studies.back();
}

/// The last checkpoint of the first seed, [component].
std::vector<double> place_of(const Found& found, const std::string& study, std::size_t network) {
  MeasuredArray place = picked(*found.group(study)->find("coordinate"), "seed", 0);
  place = picked(place, "network", static_cast<std::int64_t>(network));
  if (has_axis(place, "checkpoint"))
    place = picked(place, "checkpoint", extent_of(place, "checkpoint") - 1);
  return place.values;
}

/// The network in the middle of its kind.
std::vector<std::pair<std::string, std::size_t>> representatives(const Found& found,
                                                                 const MeasuredArray& kind) {
  std::vector<std::pair<std::string, std::size_t>> chosen;
  const Cells words = kind.words();
  for (std::size_t code = 0; code < words.size(); ++code) {
    std::vector<std::size_t> of_kind;
    for (const std::size_t n : ranked(found))
      if (kind.values[n] == static_cast<double>(code)) of_kind.push_back(n);
    if (!of_kind.empty()) chosen.emplace_back(words[code], of_kind[of_kind.size() / 2]);
  }
  return chosen;
}

Chart kinds_spectra(const Found& found, const MeasuredArray& spectra, const MeasuredArray& kind) {
  Chart chart;
  Cells order;
  for (const auto& [word, network] : representatives(found, kind)) {
    order.push_back(word);
    MeasuredArray line = picked(spectra, "network", static_cast<std::int64_t>(network));
    if (has_axis(line, "checkpoint"))
      line = picked(line, "checkpoint", extent_of(line, "checkpoint") - 1);
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      chart.data["index"].numbers.push_back(static_cast<double>(i + 1));
      chart.data["value"].numbers.push_back(line.values[i]);
      chart.data["kind"].texts.push_back(word);
    }
  }
  chart.title = "One spectrum of each " + kind.port;
  chart.caption = "of the network whose " + ranking_column(found)->port +
                  " is in the middle of its kind";
  Lines lines{.x = "index", .x_title = "index", .y = "value",
              .y_title = spectra.port + " (" + spectra.quantity.unit + ")", .colour = "kind",
              .colour_title = kind.port};
  lines.order = order;
  chart.view = lines_view(lines);
  return chart;
}

Chart kinds_places(const Found& found, const std::string& study, const MeasuredArray& kind) {
  Chart chart;
  const auto add = [&](std::size_t network, const std::string& word) {
    const std::vector<double> place = place_of(found, study, network);
    if (!std::isfinite(place[0]) || !std::isfinite(place[1])) return;
    chart.data["x"].numbers.push_back(place[0]);
    chart.data["y"].numbers.push_back(place[1]);
    chart.data["kind"].texts.push_back(word);
  };
  for (std::size_t n = 0; n < found.table.ids.size(); ++n) add(n, "");
  Cells order;
  for (const auto& [word, network] : representatives(found, kind)) {
    order.push_back(word);
    add(network, word);
  }
  chart.title = "Their places in the embedding of " + study;
  chart.caption = "the same networks among all others";
  const Json x = channel("x", "quantitative", study + " coordinate 1");
  const Json y = channel("y", "quantitative", study + " coordinate 2");
  Json colour = channel("kind", "nominal", kind.port);
  colour["scale"] = word_colours();
  colour["sort"] = order;
  colour["scale"]["domain"] = order;
  const Json shape = {{"field", "kind"}, {"type", "nominal"}, {"title", kind.port},
                      {"sort", order}, {"scale", {{"domain", order}}}};
  Json others = {{"transform", {{{"filter", "datum.kind === ''"}}}},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 18},
                           {"color", "currentColor"}, {"opacity", 0.25}}}};
  Json chosen = {{"transform", {{{"filter", "datum.kind !== ''"}}}},
                 {"mark", {{"type", "point"}, {"filled", true}, {"size", 160}, {"opacity", 1}}},
                 {"encoding", {{"color", colour}, {"shape", shape}, {"tooltip", {{{"field", "kind"}}}}}}};
  chart.view = {{"width", "container"},
                {"height", 340},
                {"encoding", {{"x", x}, {"y", y}}},
                {"layer", {others, chosen}}};
  return chart;
}

}  // namespace

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
  section.tables.push_back(highlights(found));
  const auto kinds = columns_that(found, is_kind);
  for (const MeasuredArray* kind : kinds)
    section.charts.push_back(distribution(found, *figure, *kind));
  std::size_t relations = 0;
  for (const MeasuredArray* column : columns_that(found, is_figure)) {
    if (column == figure || ++relations > 4) continue;
    add_requested(found,
                  {.kind = "scatter", .x = "trials." + column->port, .y = "trials." + figure->port,
                   .colour = kinds.empty() ? "" : "trials." + kinds.front()->port, .panels = {},
                   .split = "", .band = ""},
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
    ChartRequest request{.kind = "lines", .x = "index", .y = "trials." + spectra->port,
                         .colour = "trials." + figure->port, .panels = {}, .split = "", .band = ""};
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
                    {.kind = "scatter", .x = x, .y = y, .colour = "trials." + colour,
                     .panels = {"epoch"}, .split = split, .band = ""},
                    section);
    };
    scatter(figure->port, "median");
    if (++studies > 2) continue;  // variants of the first are told by their scatter
    const auto histogram = [&](const std::string& colour) {
      add_requested(found,
                    {.kind = "histogram", .x = x, .y = "", .colour = "trials." + colour,
                     .panels = {}, .split = "", .band = ""},
                    section);
    };
    for (const MeasuredArray* kind : columns_that(found, is_kind)) {
      scatter(kind->port, "");
      histogram(kind->port);
    }
    std::size_t numbers = 0;
    for (const MeasuredArray* column : columns_that(found, is_figure))
      if (++numbers <= 4) histogram(column->port);
  }
  return section;
}

}  // namespace lyap::framework
