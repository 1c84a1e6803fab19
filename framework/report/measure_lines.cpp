// framework/report/measure_lines.cpp - lines of what a measure gave along its index.
#include "report/measure_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/forms.hpp"

namespace lyap::framework {

void add_spectrum(MeasureView& view, const MeasuredArray& array) {
  if (has_axis(array, "sequence") &&
      (view.group.find("spectrum") || extent_of(array, "sequence") > 1))
    return;  // in the band
  const MeasuredArray* low = view.beside(array, "lower");
  const MeasuredArray* high = view.beside(array, "upper");
  const MeasuredArray* spread = view.beside(array, "deviation");
  const MeasuredArray mean = averaged(array, repeated).mean;
  std::string axis;  // what is told apart by colour
  for (const std::string& name : mean.quantity.axes)
    if (name != "index" && (extent_of(mean, name) > 1 || axis.empty())) axis = name;
  std::string caption;
  Chart chart;
  // A single sequence has no interval.
  const auto is_known = [&](const MeasuredArray* ends) {
    return ends && ends->size() == mean.size() &&
           std::any_of(ends->values.begin(), ends->values.end(),
                       [](double v) { return std::isfinite(v); });
  };
  const bool banded = is_known(low) && is_known(high);
  const bool spread_out_band = !banded && is_known(spread);
  const Axes names = axis.empty() ? Axes{""} : view.group.names(mean, axis);
  Axes order;
  const MeasuredArray single = view.chosen(mean, {axis, "index"}, caption);
  const auto at_place = [&](const MeasuredArray& from, std::size_t place) {
    std::string unused;
    return axis.empty()
               ? from
               : picked(view.chosen(averaged(from, repeated).mean, {axis, "index"}, unused), axis,
                        static_cast<std::int64_t>(place));
  };
  for (const std::size_t place : spread_out(names.size(), 6)) {
    order.push_back(names[place]);
    const MeasuredArray line = at_place(mean, place);
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      chart.data["index"].numbers.push_back(static_cast<double>(i + 1));
      chart.data["value"].numbers.push_back(line.values[i]);
      chart.data["which"].texts.push_back(names[place]);
    }
    if (!banded && !spread_out_band) continue;
    const MeasuredArray a = at_place(banded ? *low : *spread, place);
    const MeasuredArray b = at_place(banded ? *high : *spread, place);
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      chart.data["low"].numbers.push_back(banded ? a.values[i] : line.values[i] - a.values[i]);
      chart.data["high"].numbers.push_back(banded ? b.values[i] : line.values[i] + b.values[i]);
    }
  }
  Lines lines{.x = "index", .x_title = "index", .y = "value", .y_title = titled(array)};
  lines.colour = "which";
  lines.colour_title = axis;
  lines.order = order;
  if (banded || spread_out_band) lines.low = "low", lines.high = "high";
  if (axis.empty()) lines.colour.clear();
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                  (banded            ? "; band: interval from lower to upper"
                   : spread_out_band ? "; band: one standard deviation either way"
                                     : "");
  if (banded)
    if (const std::string* confidence = view.group.note("confidence"))
      chart.caption += ", " + *confidence;
  chart.view = lines_view(lines);
  view.add(titled(array), std::move(chart));
}

void add_history(MeasureView& view, const MeasuredArray& array) {
  std::string caption;
  const MeasuredArray field = view.chosen(array, {"time", "index"}, caption);
  const std::int64_t times = extent_of(field, "time"), indices = extent_of(field, "index");
  const MeasuredArray* steps = view.group.coordinate("time");
  MeasuredArray x = steps ? *steps : MeasuredArray{};
  while (steps && x.shape.size() > 1) x = picked(x, x.quantity.axes[0], x.shape[0] - 1);
  Chart chart;
  Axes order;
  for (const std::size_t index : spread_out(static_cast<std::size_t>(indices), 8)) {
    order.push_back(fmt::format("{}", index + 1));
    for (const std::size_t t : spread_out(static_cast<std::size_t>(times), 400)) {
      chart.data["steps"].numbers.push_back(steps ? x.values[t] : static_cast<double>(t + 1));
      chart.data["value"].numbers.push_back(
          field.values[t * static_cast<std::size_t>(indices) + index]);
      chart.data["index"].texts.push_back(order.back());
    }
  }
  Lines lines{.x = "steps", .x_title = "measured steps", .y = "value", .y_title = titled(array)};
  lines.colour = "index";
  lines.colour_title = "index";
  lines.order = order;
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                  "; a line that has become level has converged";
  chart.view = lines_view(lines);
  view.add(titled(array), std::move(chart));
}

/// [.., time, index] with words: lines over the index, coloured by step, a panel a word.
void add_curves(MeasureView& view, const MeasuredArray& array) {
  std::string panels, caption;
  for (const std::string& axis : array.quantity.axes)
    if (axis != "time" && axis != "index" && extent_of(array, axis) > 1 &&
        extent_of(array, axis) <= 4 && axis != "checkpoint")
      panels = axis;
  const MeasuredArray kept = view.chosen(array, {panels, "time", "index"}, caption);
  const Axes names = panels.empty() ? Axes{""} : view.group.names(array, panels);
  Chart chart;
  for (std::size_t p = 0; p < names.size(); ++p) {
    const MeasuredArray field =
        panels.empty() ? kept : picked(kept, panels, static_cast<std::int64_t>(p));
    const auto times = static_cast<std::size_t>(extent_of(field, "time"));
    const auto indices = static_cast<std::size_t>(extent_of(field, "index"));
    for (const std::size_t t : spread_out(times, 28))
      for (const std::size_t i : spread_out(indices, 64)) {
        chart.data["index"].numbers.push_back(static_cast<double>(i + 1));
        chart.data["value"].numbers.push_back(field.values[t * indices + i]);
        chart.data["step"].numbers.push_back(static_cast<double>(t + 1));
        chart.data["panel"].texts.push_back(names[p]);
      }
  }
  Lines lines{.x = "index", .x_title = "index", .y = "value", .y_title = titled(array)};
  lines.colour = lines.colour_title = lines.line = "step";
  lines.colour_is_number = true;
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")");
  chart.view = panels.empty() ? lines_view(lines) : in_panels(lines_view(lines), "panel", names, 2);
  view.add(titled(array), std::move(chart));
}

}  // namespace lyap::framework
