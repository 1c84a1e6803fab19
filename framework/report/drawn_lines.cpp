// framework/report/drawn_lines.cpp - requested lines: every line of a result along one of its axes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/drawing.hpp"
#include "report/forms.hpp"
#include "report/quantiles.hpp"

namespace lyap::framework {
namespace {

/// More networks than this are drawn as quantiles and a sample.
constexpr std::size_t most_lines = 400;
constexpr std::size_t most_rows = 16'000;

/// Which networks are drawn as lines of their own.
std::vector<bool> shown_networks(const MeasuredArray& array, std::size_t most) {
  const auto count = static_cast<std::size_t>(extent_of(array, "network"));
  std::vector<bool> shown(count, count <= most);
  if (count > most)
    for (const std::size_t network : spread_out(count, most)) shown[network] = true;
  return shown;
}

/// The number of the line that an element belongs to: its places but that along x.
double line_of(const MeasuredArray& array, const std::vector<std::int64_t>& places,
               std::size_t x_axis) {
  std::int64_t line = 0;
  for (std::size_t a = 0; a < places.size(); ++a)
    if (a != x_axis) line = line * array.shape[a] + places[a];
  return static_cast<double>(line);
}

}  // namespace

/// Every line of the result along the axis x; of many networks, quantiles and a sample.
void Drawing::add_lines() {
  const MeasuredArray& array = values_->array;
  if (!has_axis(array, request_.x)) return tell(request_.x);
  const Alongside x = *along(request_.x);
  const auto band = request_.band.empty() ? std::nullopt : along(request_.band);
  if (!request_.band.empty() && !band) tell(request_.band);
  const auto network = axis_of(array, "network");
  const auto networks = static_cast<std::size_t>(extent_of(array, "network"));
  const auto numbers = static_cast<std::size_t>(std::max<std::int64_t>(array.size(), 1));
  const auto extent = static_cast<std::size_t>(extent_of(array, request_.x));
  const bool many = networks > most_lines;
  const std::size_t lines = numbers / std::max<std::size_t>(extent, 1);
  const std::size_t most = many ? 80 : std::max<std::size_t>(most_rows * networks / numbers, 20);
  const std::vector<bool> shown = shown_networks(array, most);
  const auto x_axis = *axis_of(array, request_.x);
  const std::size_t stride = std::max<std::size_t>(1, extent / 128);
  Chart chart;
  Spread spread;
  for (std::int64_t i = 0; i < array.size(); ++i) {
    const Places places = places_of(array, i);
    const double value = array.values[static_cast<std::size_t>(i)];
    if (static_cast<std::size_t>(places[x_axis]) % stride || !std::isfinite(value)) continue;
    if (many) spread[{panel_of(places), x.number(places)}].push_back(value);
    if (network && !shown[static_cast<std::size_t>(places[*network])]) continue;
    chart.data["x"].numbers.push_back(x.number(places));
    chart.data["y"].numbers.push_back(value);
    chart.data["line"].numbers.push_back(line_of(array, places, x_axis));
    if (band) {
      chart.data["low"].numbers.push_back(value - band->number(places));
      chart.data["high"].numbers.push_back(value + band->number(places));
    }
    note_colour(places, chart);
    note_panel(places, chart);
  }
  if (chart.data.rows() == 0) return;
  Lines form{.x = "x", .x_title = x.title(), .y = "y", .y_title = values_->title};
  form.line = "line";
  if (colour_) {
    form.colour = "colour";
    form.colour_title = colour_->title();
    form.colour_is_number = !colour_->has_words();
    form.order = colour_order();
  }
  if (band) form.low = "low", form.high = "high";
  form.points = request_.points;
  chart.view = lines_view(form);
  if (form.colour_is_number)
    fit_colours(chart.view["encoding"]["color"], chart.data["colour"].numbers);
  chart.caption = many ? fmt::format("a sample of {} of {} lines", most, lines)
                       : fmt::format("{} lines", lines);
  if (band) chart.caption += "; band: " + band->title() + " either way";
  const std::string title = values_->title + (colour_ ? ", coloured by " + colour_->title() : "");
  if (many)
    finish(quantile_bands(spread, values_->title, x.title()), values_->title + ", quantiles");
  finish(std::move(chart), title + (many ? ", a sample" : ""));
}

}  // namespace lyap::framework
