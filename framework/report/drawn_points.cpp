// framework/report/drawn_points.cpp - requested scatter plots and histograms.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/drawing.hpp"
#include "report/forms.hpp"
#include "report/quantiles.hpp"

namespace lyap::framework {

using Cells = std::vector<std::string>;

void Drawing::add_scatter() {
  const auto y = along(request_.y);
  if (!y) return tell(request_.y);
  Chart chart;
  std::vector<double> target;
  const auto network = axis_of(values_->array, "network");
  for (std::int64_t i = 0; i < values_->array.size(); ++i) {
    const Places places = places_of(values_->array, i);
    const double value = values_->array.values[static_cast<std::size_t>(i)];
    if (!std::isfinite(value) || !std::isfinite(y->number(places))) continue;
    chart.data["x"].numbers.push_back(value);
    chart.data["y"].numbers.push_back(y->number(places));
    note_colour(places, chart);
    if (colour_) target.push_back(colour_->number(places));
    note_panel(places, chart);
    if (network && static_cast<std::size_t>(places[*network]) < found_.table.ids.size())
      chart.data["network"].texts.push_back(
          found_.table.ids[static_cast<std::size_t>(places[*network])]);
  }
  Points points{values_->title,
                y->title(),
                colour_ ? colour_->title() : "",
                false,
                {},
                {},
                false,
                colour_order(),
                false,
                false};
  points.colour_is_number = colour_ && !colour_->has_words();
  points.shapes = colour_ && colour_->has_words();
  points.x_log = spans_decades(chart.data["x"].numbers);
  points.y_log = spans_decades(chart.data["y"].numbers);
  points.shown = {"network", "x", "y"};
  if (colour_) points.shown.push_back("colour");
  chart.caption = fmt::format("{} networks", chart.data.rows());
  const std::vector<double>& x = chart.data["x"].numbers;
  if (request_.split == "median") points.rules = {median_of(x)};
  if (request_.split == "best" && colour_) points.rules = {best_boundary(x, target)};
  if (!points.rules.empty())
    chart.caption += request_.split == "best"
                         ? "; dashed: the boundary that tells the lower half of " +
                               colour_->title() + " best (F1)"
                         : "; dashed: the median, the boundary between the two verdicts";
  chart.view = points_view(points);
  if (points.colour_is_number)
    fit_colours(chart.view["layer"][0]["encoding"]["color"], chart.data["colour"].numbers);
  finish(std::move(chart), request_.colour.empty() ? y->title() + " and " + values_->title
                                                   : values_->title + " and " + y->title() +
                                                         ", coloured by " + colour_->title());
}

void Drawing::add_histogram() {
  const std::vector<double>& all = values_->array.values;
  double low = INFINITY, high = -INFINITY;
  for (const double v : all)
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  if (!(low < high)) return;
  constexpr std::size_t bins = 30;
  const double width = (high - low) / bins;
  std::vector<double> colours;
  if (colour_ && !colour_->has_words())
    for (std::int64_t i = 0; i < values_->array.size(); ++i)
      colours.push_back(colour_->number(places_of(values_->array, i)));
  const Parts parts(colour_ ? colour_->title() : "", colours, 2 + 2 * (colours.size() > 400));
  std::map<std::pair<std::string, std::string>, std::vector<double>> counts;
  for (std::int64_t i = 0; i < values_->array.size(); ++i) {
    const double v = all[static_cast<std::size_t>(i)];
    if (!std::isfinite(v)) continue;
    const Places places = places_of(values_->array, i);
    const std::string colour = !colour_               ? "all"
                               : colour_->has_words() ? colour_->word(places)
                                                      : parts.name(colour_->number(places));
    const std::string panel = panel_of(places);
    if (!panels_.empty() &&
        std::find(panel_order_.begin(), panel_order_.end(), panel) == panel_order_.end())
      panel_order_.push_back(panel);
    auto& of = counts[{panel, colour}];
    of.resize(bins);
    of[std::min(bins - 1, static_cast<std::size_t>((v - low) / width))] += 1;
  }
  Chart chart;
  for (const auto& [key, of] : counts)
    for (std::size_t bin = 0; bin < bins; ++bin) {
      if (of[bin] == 0) continue;
      chart.data["from"].numbers.push_back(low + width * static_cast<double>(bin));
      chart.data["to"].numbers.push_back(low + width * static_cast<double>(bin + 1));
      chart.data["count"].numbers.push_back(of[bin]);
      chart.data["colour"].texts.push_back(key.second);
      chart.data["panel"].texts.push_back(key.first);
    }
  Cells order = !colour_ ? Cells{} : colour_->has_words() ? colour_->words() : parts.names();
  chart.caption = fmt::format("{} networks, {} bins", all.size(), bins);
  chart.view = bars_view(values_->title, "networks", colour_ ? colour_->title() : "", order);
  finish(std::move(chart), values_->title + (colour_ ? ", stacked by " + colour_->title() : ""));
}

}  // namespace lyap::framework
