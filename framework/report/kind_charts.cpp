// framework/report/kind_charts.cpp - one network of each kind: its spectrum, and its place among
// all others.
#include "report/kind_charts.hpp"

#include <algorithm>
#include <cmath>

#include "report/chart_request.hpp"
#include "report/forms.hpp"
#include "report/network_charts.hpp"

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;

/// The last checkpoint of the first seed, [component].
std::vector<double> place_of(const Found& found, const std::string& study, std::size_t network) {
  MeasuredArray place = picked(*found.group(study)->find("coordinate"), "seed", 0);
  place = picked(place, "network", static_cast<std::int64_t>(network));
  if (has_axis(place, "checkpoint"))
    place = picked(place, "checkpoint", extent_of(place, "checkpoint") - 1);
  return place.values;
}

/// The network in the middle of its kind.
MarkedNetworks representatives(const Found& found, const MeasuredArray& kind) {
  MarkedNetworks chosen;
  const Cells words = kind.words();
  for (std::size_t code = 0; code < words.size(); ++code) {
    std::vector<std::size_t> of_kind;
    for (const std::size_t n : ranked(found))
      if (kind.values[n] == static_cast<double>(code)) of_kind.push_back(n);
    if (!of_kind.empty()) chosen.emplace_back(words[code], of_kind[of_kind.size() / 2]);
  }
  return chosen;
}

std::vector<std::vector<double>> places_of_all(const Found& found, const std::string& study) {
  std::vector<std::vector<double>> places(2);
  for (std::size_t n = 0; n < found.table.ids.size(); ++n) {
    const std::vector<double> place = place_of(found, study, n);
    places[0].push_back(place[0]);
    places[1].push_back(place[1]);
  }
  return places;
}

}  // namespace

Chart marked_points(const MarkedPoints& points) {
  Chart chart;
  const auto add = [&](std::size_t network, const std::string& word) {
    if (!std::isfinite(points.x[network]) || !std::isfinite(points.y[network])) return;
    chart.data["x"].numbers.push_back(points.x[network]);
    chart.data["y"].numbers.push_back(points.y[network]);
    chart.data["kind"].texts.push_back(word);
  };
  for (std::size_t n = 0; n < points.x.size(); ++n) add(n, "");
  Cells order;
  for (const auto& [word, network] : points.marked) {
    order.push_back(word);
    add(network, word);
  }
  chart.caption = "marked networks among all others";
  Json x = channel("x", "quantitative", points.x_title);
  Json y = channel("y", "quantitative", points.y_title);
  x["scale"] = y["scale"] = {{"zero", false}};
  if (spans_decades(chart.data["y"].numbers)) make_logarithmic(y);
  Json colour = channel("kind", "nominal", points.what);
  colour["scale"] = word_colours();
  colour["sort"] = order;
  colour["scale"]["domain"] = order;
  const Json shape = {{"field", "kind"},
                      {"type", "nominal"},
                      {"title", points.what},
                      {"sort", order},
                      {"scale", {{"domain", order}}}};
  Json others = {{"transform", {{{"filter", "datum.kind === ''"}}}},
                 {"mark",
                  {{"type", "point"},
                   {"filled", true},
                   {"size", 30},
                   {"color", "currentColor"},
                   {"opacity", 0.4}}}};
  Json chosen = {
      {"transform", {{{"filter", "datum.kind !== ''"}}}},
      {"mark", {{"type", "point"}, {"filled", true}, {"size", 160}, {"opacity", 1}}},
      {"encoding", {{"color", colour}, {"shape", shape}, {"tooltip", {{{"field", "kind"}}}}}}};
  chart.view = {{"width", "container"},
                {"height", 340},
                {"encoding", {{"x", x}, {"y", y}}},
                {"layer", {others, chosen}}};
  return chart;
}

std::vector<std::string> placing_studies(const Found& found) {
  std::vector<std::string> names;
  for (const ResultGroup& group : found.groups)
    if (const MeasuredArray* place = group.find("coordinate");
        place && has_axis(*place, "network") && extent_of(*place, "component") >= 2 &&
        extent_of(*place, "network") == static_cast<std::int64_t>(found.table.ids.size()))
      names.push_back(group.name);
  return names;
}

std::string chosen_placing(const Found& found) {
  const Cells studies = placing_studies(found);
  if (const Node* report = found.pipeline.find("report"))
    for (const ChartRequest& request : requests_of(*report)) {
      const std::string study = request.x.substr(0, request.x.find('.'));
      if (std::find(studies.begin(), studies.end(), study) != studies.end()) return study;
    }
  return studies.empty() ? "" : studies.back();
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
  chart.caption =
      "of the network whose " + ranking_column(found)->port + " is in the middle of its kind";
  Lines lines{.x = "index",
              .x_title = "index",
              .y = "value",
              .y_title = spectra.port + " (" + spectra.quantity.unit + ")",
              .colour = "kind",
              .colour_title = kind.port};
  lines.order = order;
  chart.view = lines_view(lines);
  return chart;
}

Chart kinds_places(const Found& found, const std::string& study, const MeasuredArray& kind) {
  Chart chart = marked_in_embedding(found, study, kind.port, representatives(found, kind));
  chart.title = "Their places in the embedding of " + study;
  return chart;
}

Chart marked_in_embedding(const Found& found, const std::string& study, const std::string& what,
                          const MarkedNetworks& marked) {
  const std::vector<std::vector<double>> places = places_of_all(found, study);
  return marked_points(
      {places[0], places[1], study + " coordinate 1", study + " coordinate 2", what, marked});
}

}  // namespace lyap::framework
