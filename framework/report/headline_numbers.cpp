// framework/report/headline_numbers.cpp - the numbers of a run or study in one table, with what is
// known of their uncertainty.
#include "report/headline_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace lyap::framework {
namespace {

using Cells = std::vector<std::string>;

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : "–";
}

/// The first and the last checkpoint tell how a number changed; charts tell the way between.
bool is_first_or_last(const Found& found, const Measurement& said) {
  const Measurement *first = nullptr, *last = nullptr;
  for (const Measurement& other : found.said)
    if (other.name == said.name) {
      if (!first) first = &other;
      last = &other;
    }
  return &said == first || &said == last;
}

/// Figures of training at the last epoch.
void add_training(const Found& found, std::vector<HeadlineNumber>& numbers) {
  if (found.metrics.size() < 2) return;
  const Json& last = found.metrics.back();
  const std::string of = fmt::format("epoch {}", last.value("epoch", 0));
  for (const auto& [key, value] : last.items())
    if (value.is_number() && key != "epoch" && key != "seconds" && key != "learning_rate")
      numbers.push_back({"train", of, key, number(value.get<double>()), "", ""});
}

/// "-0.0118 [-0.031, 0.004]": the largest exponent, with the interval of its index.
void add_largest(const Measurement& said, const ResultGroup& group,
                 std::vector<HeadlineNumber>& numbers) {
  const MeasuredArray *low = group.find("lower"), *high = group.find("upper");
  const MeasuredArray* epochs = group.find("checkpoint");
  if (!low || !high || low->quantity.axes != Cells{"checkpoint", "index"} || !epochs) return;
  const auto along = [&](const MeasuredArray& array) {
    for (std::size_t c = 0; c < epochs->values.size(); ++c)
      if (epochs->values[c] == static_cast<double>(said.epoch))
        return picked(array, "checkpoint", static_cast<std::int64_t>(c)).values;
    return std::vector<double>();
  };
  for (const MeasuredArray& array : group.arrays) {
    if (array.quantity.axes != low->quantity.axes || array.quantity.unit != low->quantity.unit ||
        &array == low || &array == high || array.shape != low->shape)
      continue;
    const std::vector<double> values = along(array), lows = along(*low), highs = along(*high);
    if (values.empty()) return;
    // Exponents are in the order of the columns of Q: the largest need not be the first.
    std::size_t at = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (!(values[i] <= values[at])) at = std::isfinite(values[i]) ? i : at;
    numbers.push_back(
        {said.name, said.checkpoint, "largest of " + array.port, number(values[at]),
         (std::isfinite(lows[at]) ? fmt::format("[{}, {}]", number(lows[at]), number(highs[at]))
                                  : "") +
             (at ? fmt::format(" at index {}", at + 1) : ""),
         array.quantity.unit});
    return;
  }
}

/// A number a sequence: the mean with its standard error.
void add_means(const Measurement& said, const ResultGroup& group,
               std::vector<HeadlineNumber>& numbers) {
  const MeasuredArray* epochs = group.find("checkpoint");
  for (const MeasuredArray& array : group.arrays) {
    const Cells& axes = array.quantity.axes;
    const bool of_run = epochs && !axes.empty() && axes[0] == "checkpoint";
    const bool is_single = axes.size() == (of_run ? 1U : 0U);
    const bool is_sequences = of_run && axes.size() == 2 && axes[1] == "sequence";
    if ((!is_single && !is_sequences) || array.port == "checkpoint" || array.note("self_check"))
      continue;
    MeasuredArray part = array;
    if (of_run) {
      std::int64_t place = -1;
      for (std::size_t c = 0; c < epochs->values.size(); ++c)
        if (epochs->values[c] == static_cast<double>(said.epoch))
          place = static_cast<std::int64_t>(c);
      if (place < 0) continue;
      part = picked(array, "checkpoint", place);
    }
    const Averages over = averaged(part, {"sequence"});
    if (!std::isfinite(over.mean.values[0])) continue;
    const double error = over.error.values[0];
    numbers.push_back({said.name, said.checkpoint, array.port, number(over.mean.values[0]),
                       std::isfinite(error)
                           ? fmt::format("± {} (standard error, n = {})", number(error), over.count)
                           : "",
                       array.quantity.unit});
  }
}

/// Without the columns that have nothing in any row.
void drop_empty_columns(ReportTable& table) {
  for (std::size_t c = table.columns.size(); c-- > 1;) {
    const bool empty = std::all_of(table.rows.begin(), table.rows.end(),
                                   [&](const Cells& row) { return row[c].empty(); });
    if (!empty) continue;
    const auto place = static_cast<std::ptrdiff_t>(c);
    table.columns.erase(table.columns.begin() + place);
    for (Cells& row : table.rows) row.erase(row.begin() + place);
  }
}

}  // namespace

std::vector<HeadlineNumber> headline_numbers(const Found& found) {
  std::vector<HeadlineNumber> numbers;
  add_training(found, numbers);
  for (const Measurement& said : found.said) {
    const ResultGroup* group = found.group(said.name);
    if (!group || !is_first_or_last(found, said)) continue;
    add_largest(said, *group, numbers);
    add_means(said, *group, numbers);
  }
  return numbers;
}

ReportTable numbers_table(const Found& found) {
  ReportTable table{"Numbers",
                    found.many ? "" : "Of every measure the first and the last checkpoint.",
                    {"step", "of", "result", "value", "uncertainty", "unit"},
                    {},
                    ""};
  for (const HeadlineNumber& number : headline_numbers(found))
    table.rows.push_back(
        {number.step, number.of, number.result, number.value, number.uncertainty, number.unit});
  drop_empty_columns(table);
  return table;
}

}  // namespace lyap::framework
