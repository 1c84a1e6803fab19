// framework/report/measure_charts.cpp - charts of what one measure or study gave, chosen by the
// axes and units of its results.
#include "report/measure_charts.hpp"

#include <algorithm>
#include <cmath>

#include "report/measure_view.hpp"
#include "report/word_tables.hpp"

namespace lyap::framework {
namespace {

class MeasureCharts {
 public:
  MeasureCharts(const ResultGroup& group, Section& section) : view_{group, section} {}

  void add() {
    for (const MeasuredArray& array : view_.group.arrays) {
      if (view_.drawn.contains(array.port) || is_of_networks(array) || array.values.empty())
        continue;
      const MeasuredArray small = squeezed(array);
      if (small.shape.empty() || is_companion(array) || says_nothing(array) || is_repeated(array))
        continue;
      if (small.quantity.axes.size() == 1 && array.port == small.quantity.axes[0]) continue;
      draw(array, small);
    }
  }

 private:
  static bool is_of_networks(const MeasuredArray& array) { return has_axis(array, "network"); }

  /// A band, an axis, the edges of bins: drawn with what they belong to.
  bool is_companion(const MeasuredArray& array) const {
    const std::string& name = array.port;
    if (array.quantity.axes.back() == "edge" ||
        view_.group.coordinate(array.quantity.axes.back()) == &array)
      return true;
    return name == "lower" || name == "upper" || name == "deviation" || name.ends_with("_lower") ||
           name.ends_with("_upper") || name.ends_with("_deviation") || name.ends_with("_error");
  }

  /// Zeros alone: nothing died, nothing was left out.
  static bool says_nothing(const MeasuredArray& array) {
    return std::all_of(array.values.begin(), array.values.end(),
                       [](double v) { return v == 0 || !std::isfinite(v); });
  }

  /// The same numbers under another name: "all checkpoints" where there is one.
  bool is_repeated(const MeasuredArray& array) const {
    for (const MeasuredArray& earlier : view_.group.arrays) {
      if (&earlier == &array) return false;
      if (earlier.quantity.unit == array.quantity.unit && same(earlier.values, array.values) &&
          squeezed(earlier).quantity.axes == squeezed(array).quantity.axes)
        return true;
    }
    return false;
  }

  static bool same(const std::vector<double>& a, const std::vector<double>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
      return x == y || (std::isnan(x) && std::isnan(y));
    });
  }

  void draw(const MeasuredArray& array, const MeasuredArray& small) {
    const Axes& axes = small.quantity.axes;
    if (axes.back() == "bin")
      add_histogram(view_, array);
    else if (array.quantity.unit == "grey")
      return;  // the picture itself is shown
    else if (array.quantity.axes.size() >= 2 && axes.back() == "column" && has_axis(small, "row"))
      add_map(view_, array);
    else if (axes.back() == "unit" && has_axis(small, "time"))
      add_traces(view_, array);
    else if (add_words(view_.group, array, view_.section))
      return;
    else if (is_rate(array) && axes.back() == "index" && !has_axis(small, "time"))
      add_spectrum(view_, array);
    else if (is_rate(array) && axes.back() == "index" && !has_axis(small, "sequence"))
      add_history(view_, array);
    else if (axes.back() == "index" && has_axis(small, "time") && axes.size() <= 4 &&
             !group_has_words(array))
      add_field(view_, array);
    else if (axes.back() == "index" && has_axis(small, "time"))
      add_curves(view_, array);
    else if (array.quantity.axes.back() == "time" && view_.group.find("target") &&
             view_.group.find("target")->shape == array.shape)
      add_with_target(view_, array);
    else if (axes.back() == "time")
      add_input(view_, array);
    else if (const std::string x = axis_with_numbers(array); !x.empty())
      add_means(view_, array, x);
    else if (axes.back() == "index")
      add_spectrum(view_, array);
  }

  bool group_has_words(const MeasuredArray& array) const {
    return std::any_of(array.quantity.axes.begin(), array.quantity.axes.end(),
                       [&](const auto& axis) { return view_.group.has_words(array, axis); });
  }

  std::string axis_with_numbers(const MeasuredArray& array) const {
    for (const std::string& axis : array.quantity.axes)
      if (axis != "checkpoint" && view_.group.coordinate(axis) && extent_of(array, axis) > 1)
        return axis;
    return "";
  }

  MeasureView view_;
};

}  // namespace

void add_measure(const ResultGroup& group, Section& section) {
  MeasureCharts(group, section).add();
}

}  // namespace lyap::framework
