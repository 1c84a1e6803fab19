// framework/report/quantiles.cpp - where numbers lie: quantiles, parts, the best boundary.
#include "report/quantiles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.hpp"

namespace lyap::framework {

double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return std::nan("");
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

double median_of(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

Parts::Parts(const std::string& title, std::vector<double> values, int parts) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  std::sort(values.begin(), values.end());
  std::vector<double> different = values;
  different.erase(std::unique(different.begin(), different.end()), different.end());
  if (different.size() <= 10 && values.size() >= 3 * different.size()) {
    exact_ = true;
    for (const double value : different) names_.push_back(fmt::format("{:.4g}", value));
    ends_ = different;
    return;
  }
  for (int part = 1; part <= parts; ++part)
    ends_.push_back(part == parts ? INFINITY : quantile(values, 1.0 * part / parts));
  for (int part = 0; part < parts; ++part)
    names_.push_back(part == 0 ? fmt::format("{} < {:.3g}", title, ends_[0])
                     : part == parts - 1
                         ? fmt::format("≥ {:.3g}", ends_[static_cast<std::size_t>(part) - 1])
                         : fmt::format("{:.3g} to {:.3g}",
                                       ends_[static_cast<std::size_t>(part) - 1],
                                       ends_[static_cast<std::size_t>(part)]));
}

std::string Parts::name(double value) const {
  if (!std::isfinite(value)) return "missing";
  for (std::size_t i = 0; i < ends_.size(); ++i)
    if (exact_ ? value == ends_[i] : value < ends_[i]) return names_[i];
  return names_.back();
}

double best_boundary(const std::vector<double>& x, const std::vector<double>& target) {
  const double middle = median_of(target);
  std::vector<double> places = x;
  std::erase_if(places, [](double v) { return !std::isfinite(v); });
  std::sort(places.begin(), places.end());
  double best = -1, where = median_of(x);
  for (const std::size_t i : spread_out(places.size(), 200))
    for (const int side : {-1, 1}) {
      double right = 0, called = 0, good = 0;
      for (std::size_t n = 0; n < x.size(); ++n) {
        const bool is_good = target[n]<middle, is_called = side * (x[n] - places[i])> 0;
        right += is_good && is_called;
        called += is_called;
        good += is_good;
      }
      if (const double f1 = 2 * right / std::max(called + good, 1.0); f1 > best)
        best = f1, where = places[i];
    }
  return where;
}

Chart quantile_bands(Spread& spread, const std::string& y_title, const std::string& x_title) {
  Chart chart;
  for (auto& [key, values] : spread) {
    std::sort(values.begin(), values.end());
    chart.data["x"].numbers.push_back(key.second);
    chart.data["p10"].numbers.push_back(quantile(values, 0.1));
    chart.data["p25"].numbers.push_back(quantile(values, 0.25));
    chart.data["median"].numbers.push_back(quantile(values, 0.5));
    chart.data["p75"].numbers.push_back(quantile(values, 0.75));
    chart.data["p90"].numbers.push_back(quantile(values, 0.9));
    chart.data["panel"].texts.push_back(key.first);
  }
  const auto band = [&](const char* low, const char* high, double opacity) {
    Json y = channel(low, "quantitative", y_title);
    y["scale"] = {{"zero", false}};
    return Json{{"mark", {{"type", "area"}, {"opacity", opacity}, {"color", "#2C84C4"}}},
                {"encoding", {{"y", y}, {"y2", {{"field", high}}}}}};
  };
  Json line = {{"mark", {{"type", "line"}, {"color", "#2C84C4"}}},
               {"encoding", {{"y", channel("median", "quantitative", y_title)}}}};
  Json x = channel("x", "quantitative", x_title);
  x["scale"] = {{"zero", false}, {"nice", false}};
  chart.view = {{"width", "container"},
                {"height", 300},
                {"encoding", {{"x", x}}},
                {"layer", {band("p10", "p90", 0.2), band("p25", "p75", 0.3), line}}};
  chart.caption =
      "of all networks: median, half of them in the inner band, four fifths in the outer one";
  return chart;
}

}  // namespace lyap::framework
