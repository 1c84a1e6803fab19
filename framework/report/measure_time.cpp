// framework/report/measure_time.cpp - lines of what a measure gave along the input.
#include "report/measure_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/forms.hpp"

namespace lyap::framework {

void add_traces(MeasureView& view, const MeasuredArray& array) {
  std::string caption;
  const MeasuredArray field = view.chosen(array, {"time", "unit"}, caption);
  const auto times = static_cast<std::size_t>(extent_of(field, "time"));
  const auto units = static_cast<std::size_t>(extent_of(field, "unit"));
  const Axes names = view.group.names(field, "unit");
  Chart chart;
  Axes order;
  for (const std::size_t unit : spread_out(units, 6)) {
    order.push_back(names[unit]);
    for (const std::size_t t : spread_out(times, 500)) {
      chart.data["step"].numbers.push_back(static_cast<double>(t + 1));
      chart.data["value"].numbers.push_back(field.values[t * units + unit]);
      chart.data["unit"].texts.push_back(order.back());
    }
  }
  Lines lines{.x = "step", .x_title = "step", .y = "value", .y_title = titled(array)};
  lines.colour = lines.colour_title = "unit";
  lines.order = order;
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                  (order.size() < units ? fmt::format("; {} of {}", order.size(), units) : "");
  chart.view = lines_view(lines);
  view.add(titled(array) + " of chosen units", std::move(chart));
}

/// Along the input: [sequence, time], or [time].
void add_input(MeasureView& view, const MeasuredArray& array) {
  std::string caption, apart = has_axis(array, "sequence") ? "sequence" : "";
  if (apart.empty() && array.quantity.axes.size() > 1 &&
      view.group.has_words(array, array.quantity.axes[array.quantity.axes.size() - 2]))
    apart = array.quantity.axes[array.quantity.axes.size() - 2];
  const MeasuredArray kept = view.chosen(array, {apart, "time"}, caption);
  const auto times = static_cast<std::size_t>(extent_of(kept, "time"));
  const Axes names = apart.empty() ? Axes{""} : view.group.names(kept, apart);
  Chart chart;
  Axes order;
  const std::size_t most = times > 200 ? 2 : 5;  // long lines cover each other
  for (std::size_t s = 0; s < std::min(names.size(), most); ++s) {
    order.push_back(names[s]);
    for (const std::size_t t : spread_out(times, 800)) {
      chart.data["step"].numbers.push_back(static_cast<double>(t + 1));
      chart.data["value"].numbers.push_back(kept.values[s * times + t]);
      chart.data["which"].texts.push_back(names[s]);
    }
  }
  Lines lines{.x = "step", .x_title = "step", .y = "value", .y_title = titled(array)};
  lines.colour = apart.empty() ? "" : "which";
  lines.colour_title = apart;
  lines.order = order;
  lines.log_y = !is_rate(array) && spans_decades(chart.data["value"].numbers);
  chart.caption =
      array.doc + (caption.empty() ? "" : " (" + caption + ")") +
      (names.size() > order.size() ? fmt::format("; {} of {}", order.size(), names.size()) : "");
  chart.view = lines_view(lines);
  view.add(titled(array) + " over the input", std::move(chart));
}

/// What a network says beside what it should: a panel a sequence, the first output.
void add_with_target(MeasureView& view, const MeasuredArray& array) {
  if (array.port == "target") return;
  std::string caption, unused;
  const MeasuredArray said = view.chosen(array, {"sequence", "time"}, caption);
  const MeasuredArray wanted =
      view.chosen(*view.group.find("target"), {"sequence", "time"}, unused);
  const Axes names = view.group.names(said, "sequence");
  const auto times = static_cast<std::size_t>(extent_of(said, "time"));
  Chart chart;
  Axes order;
  for (std::size_t s = 0; s < std::min<std::size_t>(names.size(), 4); ++s) {
    order.push_back(names[s]);
    for (const bool target : {true, false})
      for (const std::size_t t : spread_out(times, 600)) {
        chart.data["step"].numbers.push_back(static_cast<double>(t + 1));
        chart.data["value"].numbers.push_back((target ? wanted : said).values[s * times + t]);
        chart.data["which"].texts.push_back(target ? "target" : array.port);
        chart.data["panel"].texts.push_back(names[s]);
      }
  }
  Lines lines{
      .x = "step", .x_title = "step", .y = "value", .y_title = titled(array), .colour = "which"};
  lines.order = {"target", array.port};
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")");
  chart.view =
      order.size() > 1 ? in_panels(lines_view(lines), "panel", order, 2) : lines_view(lines);
  view.add(titled(array) + " beside the target", std::move(chart));
}

}  // namespace lyap::framework
