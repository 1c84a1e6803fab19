// framework/report/measure_means.cpp - means and standard errors along an axis that has numbers of
// its own.
#include "report/measure_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/forms.hpp"

namespace lyap::framework {
namespace {

struct Series {
  std::string name;
  MeasuredArray mean, error;
};

/// Means over what is repeated, one series for each word of the axis that remains.
void add_series(const MeasureView& view, const MeasuredArray& array, const std::string& x,
                const std::string& called, std::vector<Series>& all, std::string& caption) {
  const Averages over = averaged(array, repeated);
  std::string apart;
  for (const std::string& axis : over.mean.quantity.axes)
    if (axis != x && axis != "checkpoint" && extent_of(over.mean, axis) > 1) apart = axis;
  std::string unused;
  const MeasuredArray mean = view.chosen(over.mean, {x, apart}, caption);
  const MeasuredArray error = view.chosen(over.error, {x, apart}, unused);
  if (apart.empty()) {
    all.push_back({called.empty() ? array.port : called, mean, error});
    return;
  }
  const Axes names = view.group.names(array, apart);
  for (std::size_t i = 0; i < names.size() && i < 10; ++i) {
    const auto place = static_cast<std::int64_t>(i);
    Series series{names[i], picked(mean, apart, place), picked(error, apart, place)};
    if (std::any_of(series.mean.values.begin(), series.mean.values.end(),
                    [](double v) { return std::isfinite(v); }))
      all.push_back(std::move(series));
  }
}

}  // namespace

void add_means(MeasureView& view, const MeasuredArray& array, const std::string& x) {
  std::size_t left = 0;
  for (const std::string& axis : averaged(array, repeated).mean.quantity.axes)
    left += axis != x && axis != "checkpoint" && extent_of(array, axis) > 1;
  if (left > 1) return;
  std::vector<Series> all;
  std::string caption, unused;
  add_series(view, array, x, "", all, caption);
  for (const MeasuredArray& other : view.group.arrays)
    if (other.port.ends_with("_" + array.port) && has_axis(other, x)) {
      add_series(view, other, x, other.port.substr(0, other.port.size() - array.port.size() - 1),
                 all, unused);
      view.drawn.insert(other.port);
    }
  const MeasuredArray& numbers = *view.group.coordinate(x);
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
  Lines lines{.x_title = x + (unit.empty() ? "" : " (" + unit + ")"),
              .y = "value",
              .y_title = titled(array)};
  lines.colour = "which";
  lines.low = "low";
  lines.high = "high";
  lines.order = order;
  lines.points = numbers.size() <= 40;
  chart.caption = array.doc + (caption.empty() ? "" : " (" + caption + ")") +
                  "; mean, band: one standard error either way";
  chart.view = lines_view(lines);
  view.add(titled(array) + " by " + x, std::move(chart));
}

}  // namespace lyap::framework
