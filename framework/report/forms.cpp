// framework/report/forms.cpp - the forms that charts take: lines, heat maps, bars, points.
#include "report/forms.hpp"

#include <algorithm>
#include <cmath>

namespace lyap::framework {
namespace {

Json quantity(const std::string& field, const std::string& title, bool zero = false) {
  Json made = channel(field, "quantitative", title);
  made["scale"] = {{"zero", zero}, {"nice", true}};
  return made;
}

Json colour_of(const std::string& field, const std::string& title, bool number,
               const std::vector<std::string>& order) {
  Json made = channel(field, number ? "quantitative" : "nominal", title);
  made["scale"] = number ? number_colours() : word_colours();
  made["legend"] = {{"symbolOpacity", 1}};
  if (!order.empty()) {
    made["sort"] = order;
    made["scale"]["domain"] = order;
  }
  return made;
}

}  // namespace

void make_logarithmic(Json& axis) {
  axis["scale"] = {{"type", "log"}};
  axis["axis"] = {{"tickCount", 5}, {"format", "~g"}};
}

Json lines_view(const Lines& lines) {
  Json encoding = {{"x", quantity(lines.x, lines.x_title)},
                   {"y", quantity(lines.y, lines.y_title, lines.zero)}};
  encoding["x"]["scale"]["nice"] = false;
  encoding["x"]["axis"] = {{"tickMinStep", 1},
                           {"format", "~r"}};  // steps, epochs and indices are whole numbers
  if (lines.log_y) make_logarithmic(encoding["y"]);
  if (!lines.colour.empty())
    encoding["color"] =
        colour_of(lines.colour, lines.colour_title, lines.colour_is_number, lines.order);
  Json line_encoding = Json::object();
  if (!lines.line.empty()) line_encoding["detail"] = {{"field", lines.line}, {"type", "nominal"}};
  line_encoding["tooltip"] = Json::array({channel(lines.x, "quantitative", lines.x_title),
                                          channel(lines.y, "quantitative", lines.y_title)});
  if (!lines.colour.empty())
    line_encoding["tooltip"].push_back(channel(
        lines.colour, lines.colour_is_number ? "quantitative" : "nominal", lines.colour_title));
  Json mark = {{"type", "line"}, {"strokeWidth", lines.line.empty() ? 2 : 1}};
  if (!lines.line.empty()) mark["opacity"] = 0.7;
  if (lines.points) mark["point"] = {{"filled", true}, {"size", 36}};
  Json layers = Json::array();
  if (!lines.low.empty()) {
    Json band = {{"y", quantity(lines.low, lines.y_title, lines.zero)},
                 {"y2", {{"field", lines.high}}}};
    if (!lines.line.empty()) band["detail"] = {{"field", lines.line}, {"type", "nominal"}};
    layers.push_back({{"mark", {{"type", "area"}, {"opacity", 0.22}}}, {"encoding", band}});
  }
  layers.push_back({{"mark", mark}, {"encoding", line_encoding}});
  return {{"width", "container"}, {"height", 300}, {"encoding", encoding}, {"layer", layers}};
}

Json cells_view(const std::string& x_title, const std::string& y_title,
                const std::string& value_title, const std::vector<double>& values, bool square) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : values)
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  Json colour = channel("value", "quantitative", value_title);
  // About zero only where both sides matter; otherwise half of the colours would lie idle.
  if (low < 0 && high > 0 && std::min(-low, high) > 0.05 * std::max(-low, high))
    colour["scale"] = signed_colours(std::max(-low, high));
  else
    colour["scale"] = {{"scheme", "viridis"}, {"zero", false}};
  const auto place = [](const std::string& field, const std::string& title) {
    Json made = channel(field, "ordinal", title);
    made["axis"] = {{"labelOverlap", true}, {"grid", false}, {"labelAngle", 0}, {"ticks", false}};
    return made;
  };
  return {
      {"width", square ? Json(220) : Json("container")},
      {"height", square ? 220 : 280},
      {"mark", {{"type", "rect"}, {"tooltip", true}}},
      {"encoding", {{"x", place("x", x_title)}, {"y", place("y", y_title)}, {"color", colour}}}};
}

Json bars_view(const std::string& x_title, const std::string& y_title, const std::string& colour,
               const std::vector<std::string>& order) {
  Json x = quantity("from", x_title);
  x["bin"] = "binned";
  Json encoding = {{"x", x}, {"x2", {{"field", "to"}}}, {"y", quantity("count", y_title, true)}};
  encoding["y"]["stack"] = "zero";
  if (!colour.empty()) {
    encoding["color"] = colour_of("colour", colour, false, order);
    encoding["tooltip"] =
        Json::array({channel("colour", "nominal", colour), channel("from", "quantitative", x_title),
                     channel("count", "quantitative", y_title)});
  }
  return {{"width", "container"},
          {"height", 260},
          {"mark", {{"type", "bar"}, {"binSpacing", 0}}},
          {"encoding", encoding}};
}

Json boxes_view(const std::string& x_title, const std::vector<std::string>& order,
                bool logarithmic) {
  Json x = channel("value", "quantitative", x_title);
  x["scale"] = {{"zero", false}};
  if (logarithmic) x["scale"] = {{"type", "log"}};
  Json y = channel("kind", "nominal", "");
  y["title"] = nullptr;
  y["sort"] = order;
  Json box = {{"mark",
               {{"type", "boxplot"},
                {"outliers", false},
                {"size", 16},
                {"color", "#9BB9D3"},
                {"median", {{"color", "#1c1f23"}}},
                {"rule", {{"color", "currentColor"}}}}}};
  Json dots = {{"mark", {{"type", "tick"}, {"thickness", 1.5}, {"size", 9}, {"color", "#D55E00"}}},
               {"encoding", {{"tooltip", {{{"field", "network"}}, {{"field", "value"}}}}}}};
  return {{"width", "container"},
          {"height", 26 * order.size()},
          {"encoding", {{"x", x}, {"y", y}}},
          {"layer", {box, dots}}};
}

Json points_view(const Points& points) {
  Json encoding = {{"x", quantity("x", points.x_title)}, {"y", quantity("y", points.y_title)}};
  if (points.x_log) make_logarithmic(encoding["x"]);
  if (points.y_log) make_logarithmic(encoding["y"]);
  if (!points.colour_title.empty()) {
    encoding["color"] =
        colour_of("colour", points.colour_title, points.colour_is_number, points.order);
    if (points.shapes) {
      encoding["shape"] = channel("colour", "nominal", points.colour_title);
      encoding["shape"]["sort"] = points.order;
      encoding["shape"]["scale"] = {{"domain", points.order}};
    }
  }
  Json tooltip = Json::array();
  for (const std::string& field : points.shown) tooltip.push_back({{"field", field}});
  if (!tooltip.empty()) encoding["tooltip"] = tooltip;
  Json layers = Json::array();
  layers.push_back({{"mark",
                     {{"type", "point"},
                      {"filled", true},
                      {"size", points.count < 60 ? 80 : 42},
                      {"opacity", 0.8}}},
                    {"encoding", encoding}});
  for (const double rule : points.rules)
    layers.push_back(
        {{"mark", {{"type", "rule"}, {"strokeDash", {5, 4}}, {"color", "currentColor"}}},
         {"encoding", {{"x", {{"datum", rule}, {"type", "quantitative"}}}}}});
  return {{"width", "container"}, {"height", 340}, {"layer", layers}};
}

Json in_panels(Json view, const std::string& field, const std::vector<std::string>& order,
               int columns) {
  view["width"] = columns > 3 ? 155 : columns > 2 ? 240 : 390;
  view["height"] = columns > 2 ? 150 : 220;
  Json facet = channel(field, "nominal", "");
  facet["title"] = nullptr;
  if (!order.empty()) facet["sort"] = order;
  Json panels = {{"facet", facet}, {"columns", columns}, {"spec", view}};
  // A shared axis would also stand below the empty places of the last row.
  const auto beside = static_cast<std::size_t>(columns);
  if (order.size() > beside && order.size() % beside != 0)
    panels["resolve"]["axis"]["x"] = "independent";
  return panels;
}

void fit_colours(Json& colour, std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.size() < 3) return;
  std::sort(values.begin(), values.end());
  const std::size_t few = values.size() / 20;
  const double low = values[few], high = values[values.size() - 1 - few];
  if (!(low < high)) return;
  if (low > 0 && high > 30 * low) colour["scale"]["type"] = "log";
  colour["scale"]["domain"] = {low, high};
  colour["scale"]["clamp"] = true;
}

bool spans_decades(const std::vector<double>& values) {
  double low = INFINITY, high = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    if (value <= 0) return false;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return high > 100 * low;
}

}  // namespace lyap::framework
