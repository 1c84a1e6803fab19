// framework/report/measure_cells.cpp - heat maps, maps over pictures and histograms of what a
// measure gave.
#include "report/measure_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/forms.hpp"

namespace lyap::framework {

/// One sequence of [sequence, time, index] as cells.
void add_field(MeasureView& view, const MeasuredArray& array) {
  std::string caption;
  MeasuredArray field = view.chosen(array, {"time", "index"}, caption);
  const bool factors = std::all_of(field.values.begin(), field.values.end(),
                                   [](double v) { return !std::isfinite(v) || v >= 0; }) &&
                       !is_rate(array);
  if (factors)
    for (double& value : field.values) value = std::log(value);
  const auto times = static_cast<std::size_t>(extent_of(field, "time"));
  const auto indices = static_cast<std::size_t>(extent_of(field, "index"));
  if (times * indices == 0) return;
  Chart chart;
  for (const std::size_t t : spread_out(times, 112))
    for (const std::size_t i : spread_out(indices, 48)) {
      chart.data["x"].numbers.push_back(static_cast<double>(t + 1));
      chart.data["y"].numbers.push_back(static_cast<double>(i + 1));
      chart.data["value"].numbers.push_back(field.values[t * indices + i]);
    }
  const std::string what = factors ? "ln " + titled(array) : titled(array);
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                  (times > 112 || indices > 48 ? "; every so many steps and indices" : "");
  chart.view = cells_view("step", "index", what, chart.data["value"].numbers);
  view.add(what + " along the input", std::move(chart));
}

/// Numbers over the places of pictures, a panel a picture.
void add_map(MeasureView& view, const MeasuredArray& array) {
  const Axes& axes = array.quantity.axes;
  const std::string apart = axes.size() > 2 ? axes[axes.size() - 3] : "";
  std::string caption;
  MeasuredArray maps = view.chosen(array, {apart, "row", "column"}, caption);
  const bool factors = std::all_of(maps.values.begin(), maps.values.end(),
                                   [](double v) { return !std::isfinite(v) || v > 0; });
  if (factors)
    for (double& value : maps.values) value = std::log(value);
  const Axes names = has_axis(maps, apart) ? view.group.names(maps, apart) : Axes{""};
  const std::int64_t columns = extent_of(maps, "column"), size = extent_of(maps, "row") * columns;
  Chart chart;
  Axes order;
  for (std::size_t p = 0; p < std::min<std::size_t>(names.size(), 4); ++p) {
    order.push_back(names[p]);
    for (std::int64_t i = 0; i < size; ++i) {
      chart.data["x"].numbers.push_back(static_cast<double>(i % columns + 1));
      chart.data["y"].numbers.push_back(static_cast<double>(i / columns + 1));
      chart.data["value"].numbers.push_back(
          maps.values[p * static_cast<std::size_t>(size) + static_cast<std::size_t>(i)]);
      chart.data["panel"].texts.push_back(names[p]);
    }
  }
  const std::string what = (factors ? "ln " : "") + titled(array);
  chart.view = cells_view("column", "row", what, chart.data["value"].numbers, true);
  if (order.size() > 1) {
    chart.view = in_panels(chart.view, "panel", order, 4);
    chart.view["spec"]["width"] = chart.view["spec"]["height"] = 190;
  }
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")");
  view.add(what + " over the picture", std::move(chart));
}

void add_histogram(MeasureView& view, const MeasuredArray& array) {
  const MeasuredArray* edges = nullptr;
  for (const MeasuredArray& other : view.group.arrays)
    if (!other.quantity.axes.empty() && other.quantity.axes.back() == "edge" &&
        extent_of(other, "edge") == extent_of(array, "bin") + 1)
      edges = &other;
  if (!edges) return;
  Axes kept;  // at most two axes: panels, then colours
  for (const std::string& axis : array.quantity.axes)
    if (axis != "bin" && axis != "checkpoint" && extent_of(array, axis) > 1 &&
        extent_of(array, axis) <= 6)
      kept.push_back(axis);
  while (kept.size() > 2) kept.erase(kept.begin());
  const std::string colour = kept.empty() ? "" : kept.back();
  const std::string panels = kept.size() > 1 ? kept.front() : "";
  std::string caption;
  const MeasuredArray counts = view.chosen(array, {panels, colour, "bin"}, caption);
  const Axes panel_names = panels.empty() ? Axes{""} : view.group.names(array, panels);
  const Axes colours = colour.empty() ? Axes{""} : view.group.names(array, colour);
  const auto bins = static_cast<std::size_t>(extent_of(array, "bin"));
  Chart chart;
  for (std::int64_t i = 0; i < counts.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const std::size_t bin = at % bins, which = at / bins;
    if (counts.values[at] == 0) continue;
    chart.data["from"].numbers.push_back(edges->values[bin]);
    chart.data["to"].numbers.push_back(edges->values[bin + 1]);
    chart.data["count"].numbers.push_back(counts.values[at]);
    chart.data["colour"].texts.push_back(colours[which % colours.size()]);
    chart.data["panel"].texts.push_back(panel_names[which / colours.size()]);
  }
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")");
  chart.view = bars_view("value", "count", colour, colours);
  if (!panels.empty()) chart.view = in_panels(chart.view, "panel", panel_names, 3);
  view.add(titled(array), std::move(chart));
}

}  // namespace lyap::framework
