// framework/report/finding.cpp - what a chart shows, in words for those who cannot see it.
#include "report/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/quantiles.hpp"

namespace lyap::framework {
namespace {

const ChartColumn* column(const ChartData& data, const std::string& name) {
  for (const ChartColumn& column : data.columns())
    if (column.name == name) return &column;
  return nullptr;
}

std::vector<std::string> different(const std::vector<std::string>& texts) {
  std::vector<std::string> words;
  for (const std::string& text : texts)
    if (std::find(words.begin(), words.end(), text) == words.end()) words.push_back(text);
  return words;
}

/// What colours tell apart, when a sentence can name them all.
const ChartColumn* series(const ChartData& data) {
  for (const ChartColumn& column : data.columns()) {
    if (column.texts.empty() || column.name == "network" || column.name == "panel") continue;
    if (different(column.texts).size() <= 8) return &column;
  }
  return nullptr;
}

std::string ends_of(const ChartColumn& y, const ChartColumn& which) {
  std::string text;
  for (const std::string& word : different(which.texts)) {
    double first = NAN, last = NAN;
    for (std::size_t i = 0; i < which.texts.size() && i < y.numbers.size(); ++i) {
      if (which.texts[i] != word || !std::isfinite(y.numbers[i])) continue;
      if (!std::isfinite(first)) first = y.numbers[i];
      last = y.numbers[i];
    }
    if (!std::isfinite(first)) continue;
    text += fmt::format("{}{} from {:.3g} to {:.3g}", text.empty() ? "" : "; ", word, first, last);
  }
  return text;
}

std::string totals_of(const ChartColumn& count, const ChartColumn& which) {
  std::string text;
  for (const std::string& word : different(which.texts)) {
    double sum = 0;
    for (std::size_t i = 0; i < which.texts.size(); ++i)
      if (which.texts[i] == word) sum += count.numbers[i];
    text += fmt::format("{}{}: {:g}", text.empty() ? "" : "; ", word, sum);
  }
  return text;
}

std::string medians_of(const ChartColumn& value, const ChartColumn& which) {
  std::string text;
  for (const std::string& word : different(which.texts)) {
    std::vector<double> of_word;
    for (std::size_t i = 0; i < which.texts.size(); ++i)
      if (which.texts[i] == word) of_word.push_back(value.numbers[i]);
    text += fmt::format("{}{}: median {:.3g}", text.empty() ? "" : "; ", word, median_of(of_word));
  }
  return text;
}

bool has_panels(const ChartData& data) {
  const ChartColumn* panel = column(data, "panel");
  return panel && different(panel->texts).size() > 1;
}

/// Ranks from 0, equal numbers sharing theirs.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i)
      ranks[order[i]] = static_cast<double>(from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (std::isfinite(a[i]) && std::isfinite(b[i])) x.push_back(a[i]), y.push_back(b[i]);
  x = ranks_of(x);
  y = ranks_of(y);
  const double middle = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += std::pow(x[i] - middle, 2);
    yy += std::pow(y[i] - middle, 2);
  }
  return xy / std::sqrt(xx * yy);
}

}  // namespace

std::string finding_of(const ChartData& data) {
  const ChartColumn *which = series(data), *count = column(data, "count");
  if (which && count) return totals_of(*count, *which);
  const ChartColumn* value = column(data, "value");
  if (!value) value = column(data, "median");
  if (value) {
    if (!which || which->name == "row" || has_panels(data)) return "";
    return which->name == "kind" ? medians_of(*value, *which) : ends_of(*value, *which);
  }
  const ChartColumn *x = column(data, "x"), *y = column(data, "y"),
                    *colour = column(data, "colour");
  if (!x || !y || column(data, "line") || x->numbers.size() < 3) return "";
  const bool coloured = colour && !colour->numbers.empty();
  const double r = rank_correlation(x->numbers, coloured ? colour->numbers : y->numbers);
  if (!std::isfinite(r)) return "";
  return fmt::format("rank correlation of the horizontal axis with the {} {:.2f}",
                     coloured ? "colour" : "vertical one", r);
}

}  // namespace lyap::framework
