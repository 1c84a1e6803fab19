// framework/report/measure_charts.cpp - charts of what one measure or study gave, chosen by the
// axes and units of its results.
#include "report/measure_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "report/forms.hpp"
#include "report/word_tables.hpp"

namespace lyap::framework {
namespace {

using Axes = std::vector<std::string>;

/// Over these axes results are averaged: their places are like each other.
const Axes repeated = {"seed", "sequence", "draw", "start"};

std::string titled(const MeasuredArray& array) {
  const std::string& unit = array.quantity.unit;
  std::string name = array.port;
  std::replace(name.begin(), name.end(), '_', ' ');
  return unit.empty() ? name : name + " (" + unit + ")";
}

bool is_rate(const MeasuredArray& array) {
  return array.quantity.unit.starts_with("nats") || array.quantity.unit.starts_with("bits");
}

class MeasureCharts {
 public:
  MeasureCharts(const ResultGroup& group, Section& section) : group_(group), section_(section) {}

  void add() {
    for (const MeasuredArray& array : group_.arrays) {
      if (drawn_.contains(array.port) || is_of_networks(array) || array.values.empty()) continue;
      const MeasuredArray small = squeezed(array);
      if (small.shape.empty() || is_companion(array) || says_nothing(array)) continue;
      if (small.quantity.axes.size() == 1 && array.port == small.quantity.axes[0]) continue;
      draw(array, small);
    }
  }

 private:
  static bool is_of_networks(const MeasuredArray& array) { return has_axis(array, "network"); }

  /// A band, an axis, the edges of bins: drawn with what they belong to.
  bool is_companion(const MeasuredArray& array) const {
    const std::string& name = array.port;
    if (array.quantity.axes.back() == "edge" || group_.coordinate(array.quantity.axes.back()) == &array)
      return true;
    return name == "lower" || name == "upper" || name == "deviation" ||
           name.ends_with("_lower") || name.ends_with("_upper") || name.ends_with("_deviation") ||
           name.ends_with("_error");
  }

  /// Zeros alone: nothing died, nothing was left out.
  static bool says_nothing(const MeasuredArray& array) {
    return std::all_of(array.values.begin(), array.values.end(),
                       [](double v) { return v == 0 || !std::isfinite(v); });
  }

  void draw(const MeasuredArray& array, const MeasuredArray& small) {
    const Axes& axes = small.quantity.axes;
    if (axes.back() == "bin")
      draw_histogram(array);
    else if (array.quantity.unit == "grey")
      return;
    else if (axes.back() == "unit" && has_axis(small, "time"))
      draw_traces(array);
    else if (add_words(group_, array, section_))
      return;
    else if (is_rate(array) && axes.back() == "index" && !has_axis(small, "time"))
      draw_spectrum(array);
    else if (is_rate(array) && axes.back() == "index" && !has_axis(small, "sequence"))
      draw_history(array);
    else if (axes.back() == "index" && has_axis(small, "time") && axes.size() <= 4 &&
             !group_has_words(array))
      draw_field(array);
    else if (axes.back() == "index" && has_axis(small, "time"))
      draw_curves(array);
    else if (array.quantity.axes.back() == "time" && group_.find("target") &&
             group_.find("target")->shape == array.shape)
      draw_with_target(array);
    else if (axes.back() == "time")
      draw_input(array);
    else if (const std::string x = axis_with_numbers(array); !x.empty())
      draw_means(array, x);
    else if (axes.back() == "index")
      draw_spectrum(array);
  }

  bool group_has_words(const MeasuredArray& array) const {
    return std::any_of(array.quantity.axes.begin(), array.quantity.axes.end(),
                       [&](const auto& axis) { return group_.has_words(array, axis); });
  }

  std::string axis_with_numbers(const MeasuredArray& array) const {
    for (const std::string& axis : array.quantity.axes)
      if (axis != "checkpoint" && group_.coordinate(axis) && extent_of(array, axis) > 1)
        return axis;
    return "";
  }

  /// One place of every axis that has no place in the chart: the last checkpoint, the headline's
  /// combination, else the first. Says so.
  MeasuredArray chosen(MeasuredArray array, const Axes& keep, std::string& caption) const {
    for (const std::string& axis : Axes(array.quantity.axes)) {
      if (std::find(keep.begin(), keep.end(), axis) != keep.end()) continue;
      const std::int64_t extent = extent_of(array, axis);
      if (extent == 1 && axis != "checkpoint") {
        array = picked(array, axis, 0);
        continue;
      }
      const Axes names = group_.names(array, axis);
      std::int64_t place = axis == "checkpoint" ? extent - 1 : 0;
      if (const std::string* headline = group_.note("headline"))
        if (const auto named = std::find(names.begin(), names.end(), *headline);
            named != names.end())
          place = named - names.begin();
      caption += fmt::format("{}{}", caption.empty() ? "" : "; ", names[static_cast<std::size_t>(place)]);
      array = picked(array, axis, place);
    }
    return array;
  }

  void add_chart(const std::string& name, Chart chart) {
    chart.title = group_.name + ": " + name;
    section_.charts.push_back(std::move(chart));
  }

  const MeasuredArray* beside(const MeasuredArray& array, const std::string& ending) const {
    for (const std::string& name : {array.port + "_" + ending, ending})
      if (const MeasuredArray* found = group_.find(name);
          found && found->quantity.axes == array.quantity.axes && found->shape == array.shape &&
          found->quantity.unit == array.quantity.unit)
        return found;
    return nullptr;
  }

  void draw_spectrum(const MeasuredArray& array) {
    if (!has_axis(array, "checkpoint") && group_.find("spectrum") && has_axis(array, "sequence"))
      return;
    if (has_axis(array, "sequence") && extent_of(array, "sequence") > 1) return;  // in the band
    const MeasuredArray* low = beside(array, "lower");
    const MeasuredArray* high = beside(array, "upper");
    const MeasuredArray* spread = beside(array, "deviation");
    const MeasuredArray mean = averaged(array, repeated).mean;
    std::string axis;  // what is told apart by colour
    for (const std::string& name : mean.quantity.axes)
      if (name != "index" && (extent_of(mean, name) > 1 || axis.empty())) axis = name;
    std::string caption;
    Chart chart;
    const bool banded = low && high && mean.size() == low->size();
    const bool spread_out_band = !banded && spread && spread->size() == mean.size();
    const Axes names = axis.empty() ? Axes{""} : group_.names(mean, axis);
    Axes order;
    const MeasuredArray single = chosen(mean, {axis, "index"}, caption);
    const auto at_place = [&](const MeasuredArray& from, std::size_t place) {
      std::string unused;
      return axis.empty() ? from
                          : picked(chosen(averaged(from, repeated).mean, {axis, "index"}, unused),
                                   axis, static_cast<std::int64_t>(place));
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
      if (const std::string* confidence = group_.note("confidence"))
        chart.caption += ", " + *confidence;
    chart.view = lines_view(lines);
    add_chart(titled(array), std::move(chart));
  }

  void draw_history(const MeasuredArray& array) {
    std::string caption;
    const MeasuredArray field = chosen(array, {"time", "index"}, caption);
    const std::int64_t times = extent_of(field, "time"), indices = extent_of(field, "index");
    const MeasuredArray* steps = group_.coordinate("time");
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
    add_chart(titled(array), std::move(chart));
  }

  /// One sequence of [sequence, time, index] as cells.
  void draw_field(const MeasuredArray& array) {
    std::string caption;
    MeasuredArray field = chosen(array, {"time", "index"}, caption);
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
    add_chart(what + " along the input", std::move(chart));
  }

  void draw_traces(const MeasuredArray& array) {
    std::string caption;
    const MeasuredArray field = chosen(array, {"time", "unit"}, caption);
    const auto times = static_cast<std::size_t>(extent_of(field, "time"));
    const auto units = static_cast<std::size_t>(extent_of(field, "unit"));
    const Axes names = group_.names(field, "unit");
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
                    fmt::format("; {} of {} units", order.size(), units);
    chart.view = lines_view(lines);
    add_chart(titled(array) + " of chosen units", std::move(chart));
  }

  /// [.., time, index] with words: lines over the index, coloured by step, a panel a word.
  void draw_curves(const MeasuredArray& array) {
    std::string panels, caption;
    for (const std::string& axis : array.quantity.axes)
      if (axis != "time" && axis != "index" && extent_of(array, axis) > 1 &&
          extent_of(array, axis) <= 4 && axis != "checkpoint")
        panels = axis;
    const MeasuredArray kept = chosen(array, {panels, "time", "index"}, caption);
    const Axes names = panels.empty() ? Axes{""} : group_.names(array, panels);
    Chart chart;
    for (std::size_t p = 0; p < names.size(); ++p) {
      const MeasuredArray field =
          panels.empty() ? kept : picked(kept, panels, static_cast<std::int64_t>(p));
      const auto times = static_cast<std::size_t>(extent_of(field, "time"));
      const auto indices = static_cast<std::size_t>(extent_of(field, "index"));
      for (const std::size_t t : spread_out(times, 28))
        for (const std::size_t i : spread_out(indices, 128)) {
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
    chart.view = panels.empty() ? lines_view(lines)
                                : in_panels(lines_view(lines), "panel", names, 2);
    add_chart(titled(array), std::move(chart));
  }

  /// Along the input: [sequence, time], or [time].
  void draw_input(const MeasuredArray& array) {
    std::string caption, apart = has_axis(array, "sequence") ? "sequence" : "";
    if (apart.empty() && array.quantity.axes.size() > 1 &&
        group_.has_words(array, array.quantity.axes[array.quantity.axes.size() - 2]))
      apart = array.quantity.axes[array.quantity.axes.size() - 2];
    const MeasuredArray kept = chosen(array, {apart, "time"}, caption);
    const auto times = static_cast<std::size_t>(extent_of(kept, "time"));
    const Axes names = apart.empty() ? Axes{""} : group_.names(kept, apart);
    Chart chart;
    Axes order;
    for (std::size_t s = 0; s < std::min<std::size_t>(names.size(), 5); ++s) {
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
    chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                    (names.size() > order.size()
                         ? fmt::format("; {} of {}", order.size(), names.size())
                         : "");
    chart.view = lines_view(lines);
    add_chart(titled(array) + " over the input", std::move(chart));
  }

  /// What a network says beside what it should: a panel a sequence, the first output.
  void draw_with_target(const MeasuredArray& array) {
    if (array.port == "target") return;
    std::string caption, unused;
    const MeasuredArray said = chosen(array, {"sequence", "time"}, caption);
    const MeasuredArray wanted = chosen(*group_.find("target"), {"sequence", "time"}, unused);
    const Axes names = group_.names(said, "sequence");
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
    Lines lines{.x = "step", .x_title = "step", .y = "value", .y_title = titled(array),
                .colour = "which"};
    lines.order = {"target", array.port};
    chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")");
    chart.view = order.size() > 1 ? in_panels(lines_view(lines), "panel", order, 2)
                                  : lines_view(lines);
    add_chart(titled(array) + " beside the target", std::move(chart));
  }

  struct Series {
    std::string name;
    MeasuredArray mean, error;
  };

  /// Means over what is repeated, one series for each word of the axis that remains.
  void add_series(const MeasuredArray& array, const std::string& x, const std::string& called,
                  std::vector<Series>& all, std::string& caption) const {
    const Averages over = averaged(array, repeated);
    std::string apart;
    for (const std::string& axis : over.mean.quantity.axes)
      if (axis != x && axis != "checkpoint" && extent_of(over.mean, axis) > 1) apart = axis;
    std::string unused;
    const MeasuredArray mean = chosen(over.mean, {x, apart}, caption);
    const MeasuredArray error = chosen(over.error, {x, apart}, unused);
    if (apart.empty()) {
      all.push_back({called.empty() ? array.port : called, mean, error});
      return;
    }
    const Axes names = group_.names(array, apart);
    for (std::size_t i = 0; i < names.size() && i < 10; ++i) {
      const auto place = static_cast<std::int64_t>(i);
      Series series{names[i], picked(mean, apart, place), picked(error, apart, place)};
      if (std::any_of(series.mean.values.begin(), series.mean.values.end(),
                      [](double v) { return std::isfinite(v); }))
        all.push_back(std::move(series));
    }
  }

  void draw_means(const MeasuredArray& array, const std::string& x) {
    std::size_t left = 0;
    for (const std::string& axis : averaged(array, repeated).mean.quantity.axes)
      left += axis != x && axis != "checkpoint" && extent_of(array, axis) > 1;
    if (left > 1) return;
    std::vector<Series> all;
    std::string caption, unused;
    add_series(array, x, "", all, caption);
    for (const MeasuredArray& other : group_.arrays)
      if (other.port.ends_with("_" + array.port) && has_axis(other, x)) {
        add_series(other, x, other.port.substr(0, other.port.size() - array.port.size() - 1), all,
                   unused);
        drawn_.insert(other.port);
      }
    const MeasuredArray& numbers = *group_.coordinate(x);
    Chart chart;
    Axes order;
    for (const Series& series : all) {
      order.push_back(series.name);
      for (std::size_t i = 0; i < series.mean.values.size() && i < numbers.values.size(); ++i) {
        const double mean = series.mean.values[i];
        const double error = std::isfinite(series.error.values[i]) ? series.error.values[i] : 0;
        chart.data["x"].numbers.push_back(numbers.values[i]);
        chart.data["value"].numbers.push_back(mean);
        chart.data["low"].numbers.push_back(mean - error);
        chart.data["high"].numbers.push_back(mean + error);
        chart.data["which"].texts.push_back(series.name);
      }
    }
    const std::string unit = numbers.quantity.unit;
    Lines lines{.x_title = x + (unit.empty() ? "" : " (" + unit + ")"), .y = "value",
                .y_title = titled(array)};
    lines.colour = "which";
    lines.low = "low";
    lines.high = "high";
    lines.order = order;
    lines.points = numbers.size() <= 40;
    chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                    "; mean, band: one standard error either way";
    chart.view = lines_view(lines);
    add_chart(titled(array) + " by " + x, std::move(chart));
  }

  void draw_histogram(const MeasuredArray& array) {
    const MeasuredArray* edges = nullptr;
    for (const MeasuredArray& other : group_.arrays)
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
    const MeasuredArray counts = chosen(array, {panels, colour, "bin"}, caption);
    const Axes panel_names = panels.empty() ? Axes{""} : group_.names(array, panels);
    const Axes colours = colour.empty() ? Axes{""} : group_.names(array, colour);
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
    add_chart(titled(array), std::move(chart));
  }

  const ResultGroup& group_;
  Section& section_;
  std::set<std::string> drawn_;
};

}  // namespace

void add_measure(const ResultGroup& group, Section& section) {
  MeasureCharts(group, section).add();
}

}  // namespace lyap::framework
