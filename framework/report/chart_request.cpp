// framework/report/chart_request.cpp - one chart of networks as it is asked for.
#include "report/chart_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/text.hpp"
#include "report/forms.hpp"
#include "report/named_values.hpp"
#include "report/quantiles.hpp"
#include "report/word_tables.hpp"

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;
using Places = std::vector<std::int64_t>;

/// More networks than this are drawn as quantiles and a sample.
constexpr std::int64_t most_lines = 400;
constexpr std::size_t most_rows = 16'000;

class Drawing {
 public:
  Drawing(const Found& found, const ChartRequest& request, Section& section)
      : found_(found), request_(request), section_(section) {}

  void add() {
    if (request_.kind == "table") return add_table();
    const std::string& first = request_.kind == "lines" ? request_.y : request_.x;
    values_ = named_values(found_, first);
    if (!values_) return tell(first);
    group_ = group_of(found_, first);
    if (!choose_panels() || !choose_colour()) return;
    if (request_.kind == "scatter") add_scatter();
    if (request_.kind == "histogram") add_histogram();
    if (request_.kind == "lines") add_lines();
  }

 private:
  void tell(const std::string& reference) {
    section_.paragraphs.push_back("A " + request_.kind + " of '" + reference +
                                  "' was asked for, which is not there.");
  }

  std::optional<Alongside> along(const std::string& reference) const {
    const std::string axis = reference == "epoch" ? "checkpoint" : reference;
    return Alongside::make(found_, *values_, group_, axis);
  }

  bool choose_panels() {
    Cells panels = request_.panels;
    for (std::string& panel : panels)
      if (panel == "epoch" && extent_of(values_->array, "checkpoint") <= 1) panel.clear();
    for (const std::string& panel : panels) {
      if (panel.empty()) continue;
      auto found = along(panel);
      if (!found) return tell(panel), false;
      panels_.push_back(std::move(*found));
    }
    return true;
  }

  bool choose_colour() {
    if (request_.colour.empty()) return true;
    colour_ = along(request_.colour);
    if (!colour_) tell(request_.colour);
    return colour_.has_value();
  }

  std::string panel_of(const Places& places) const {
    std::string name;
    for (const Alongside& panel : panels_)
      name += (name.empty() ? "" : ", ") + (panel.has_words() ? "" : panel.title() + " ") +
              panel.word(places);
    return name;
  }

  void note_panel(const Places& places, Chart& chart) {
    if (panels_.empty()) return;
    const std::string name = panel_of(places);
    if (std::find(panel_order_.begin(), panel_order_.end(), name) == panel_order_.end())
      panel_order_.push_back(name);
    chart.data["panel"].texts.push_back(name);
  }

  void note_colour(const Places& places, Chart& chart) {
    if (!colour_) return;
    if (colour_->has_words())
      chart.data["colour"].texts.push_back(colour_->word(places));
    else
      chart.data["colour"].numbers.push_back(colour_->number(places));
  }

  Cells colour_order() const { return colour_ ? colour_->words() : Cells{}; }

  void finish(Chart chart, const std::string& title) {
    if (!panels_.empty() && panel_order_.size() > 1) {
      chart.view = in_panels(chart.view, "panel", panel_order_, panel_order_.size() > 4 ? 4 : 2);
      // Kinds of networks differ by more than one scale shows.
      if (request_.kind == "lines") chart.view["resolve"] = {{"scale", {{"y", "independent"}}}};
    }
    chart.title = title;
    section_.charts.push_back(std::move(chart));
  }

  void add_scatter() {
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

  void add_histogram() {
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

  /// Every line of the result along the axis x; of many networks, quantiles and a sample.
  void add_lines() {
    MeasuredArray& array = values_->array;
    if (!has_axis(array, request_.x)) return tell(request_.x);
    const Alongside x = *along(request_.x);
    const auto network = axis_of(array, "network");
    std::vector<bool> shown(static_cast<std::size_t>(network ? array.shape[*network] : 1), true);
    const bool many = network && array.shape[*network] > most_lines;
    const std::size_t lines =
        static_cast<std::size_t>(array.size()) /
        static_cast<std::size_t>(std::max<std::int64_t>(extent_of(array, request_.x), 1));
    const std::size_t most =
        many ? 80
             : std::max<std::size_t>(
                   most_rows * shown.size() /
                       std::max<std::size_t>(static_cast<std::size_t>(array.size()), 1),
                   20);
    if (network && shown.size() > most) {
      std::fill(shown.begin(), shown.end(), false);
      for (const std::size_t n : spread_out(shown.size(), most)) shown[n] = true;
    }
    Chart chart;
    const auto x_axis = *axis_of(array, request_.x);
    const std::size_t stride =
        std::max<std::size_t>(1, static_cast<std::size_t>(array.shape[x_axis]) / 128);
    Spread spread;
    for (std::int64_t i = 0; i < array.size(); ++i) {
      const Places places = places_of(array, i);
      const double value = array.values[static_cast<std::size_t>(i)];
      if (static_cast<std::size_t>(places[x_axis]) % stride || !std::isfinite(value)) continue;
      if (many) spread[{panel_of(places), x.number(places)}].push_back(value);
      if (network && !shown[static_cast<std::size_t>(places[*network])]) continue;
      std::int64_t line = 0;
      for (std::size_t a = 0; a < places.size(); ++a)
        if (a != x_axis) line = line * array.shape[a] + places[a];
      chart.data["x"].numbers.push_back(x.number(places));
      chart.data["y"].numbers.push_back(value);
      chart.data["line"].numbers.push_back(static_cast<double>(line));
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
    form.points = request_.points;
    chart.view = lines_view(form);
    if (form.colour_is_number)
      fit_colours(chart.view["encoding"]["color"], chart.data["colour"].numbers);
    chart.caption = many ? fmt::format("a sample of {} of {} lines", most, lines)
                         : fmt::format("{} lines", lines);
    const std::string title = values_->title + (colour_ ? ", coloured by " + colour_->title() : "");
    if (many)
      finish(quantile_bands(spread, values_->title, x.title()), values_->title + ", quantiles");
    finish(std::move(chart), title + (many ? ", a sample" : ""));
  }

  void add_table() {
    const std::string& reference = request_.x;
    const std::size_t dot = reference.find('.');
    const ResultGroup* group = found_.group(reference.substr(0, dot));
    const MeasuredArray* array =
        group && dot != std::string::npos ? group->find(reference.substr(dot + 1)) : nullptr;
    if (!array) return tell(reference);
    Section apart;
    if (add_words(*group, *array, apart)) {
      for (ReportTable& table : apart.tables) section_.tables.push_back(std::move(table));
      return;
    }
    // Text that the analysis says of this result, or all its numbers.
    for (const Measurement& said : found_.said)
      if (said.name == group->name)
        for (const auto& [key, text] : said.notes)
          if (key == "table")
            section_.tables.push_back({group->name + ", " + said.checkpoint, "", {}, {}, text});
  }

  const Found& found_;
  const ChartRequest& request_;
  Section& section_;
  std::optional<NamedValues> values_;
  const ResultGroup* group_ = nullptr;
  std::optional<Alongside> colour_;
  std::vector<Alongside> panels_;
  Cells panel_order_;
};

}  // namespace

void add_requested(const Found& found, const ChartRequest& request, Section& section) {
  Drawing(found, request, section).add();
}

}  // namespace lyap::framework
