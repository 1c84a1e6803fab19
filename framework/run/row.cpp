// framework/run/row.cpp - one network as one row of the table of networks.
#include "run/row.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "run/stacked.hpp"

namespace lyap::framework {
namespace {

using What = Recorded::What;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

MeasuredArray number(double value, const std::string& unit = "") {
  MeasuredArray array;
  array.quantity.unit = unit;
  array.values = {value};
  return array;
}

std::optional<double> figure_of(const EpochFigures& epoch, const Recorded& recorded) {
  if (recorded.what == What::TrainingSeconds) {
    if (epoch.epoch == 0) return std::nullopt;  // the first weights are looked at, nothing trained
    return epoch.seconds;
  }
  for (const auto& [name, value] : epoch.figures)
    if (name == recorded.name) return value;
  return std::nullopt;
}

/// What there is of a column at single epochs, by epoch.
std::map<std::int64_t, MeasuredArray> by_epoch(const Recorded& recorded,
                                               const RunOutcome& outcome) {
  std::map<std::int64_t, MeasuredArray> found;
  if (recorded.what == What::Result) {
    for (const Measurement& m : outcome.measurements)
      if (const MeasuredArray* array = m.find(recorded.name); array && m.name == recorded.step)
        found.insert_or_assign(m.epoch, *array);
    return found;
  }
  for (const EpochFigures& epoch : outcome.training.history)
    if (const auto value = figure_of(epoch, recorded))
      found.emplace(epoch.epoch, number(*value, recorded.what == What::TrainingSeconds ? "s" : ""));
  return found;
}

/// Of a listed epoch there may be nothing (training ended before it): that entry is missing.
MeasuredArray at_epochs(const Recorded& recorded, const RunOutcome& outcome) {
  const auto found = by_epoch(recorded, outcome);
  for (const auto& [epoch, array] : found)
    if (!array.field.empty()) return found.rbegin()->second;  // its numbers are in the file alone
  std::vector<std::int64_t> epochs = recorded.at->listed;
  if (recorded.at->which == Epochs::Which::Every)
    for (const auto& [epoch, array] : found) epochs.push_back(epoch);
  std::vector<const MeasuredArray*> arrays;
  std::string list;
  for (const std::int64_t epoch : epochs) {
    const auto entry = found.find(epoch);
    arrays.push_back(entry == found.end() ? nullptr : &entry->second);
    list += (list.empty() ? "" : " ") + std::to_string(epoch);
  }
  MeasuredArray all = stacked("checkpoint", arrays);
  all.notes.emplace_back("epochs", list);
  return all;
}

/// The result at the last checkpoint that was measured.
MeasuredArray last_result(const Recorded& recorded, const RunOutcome& outcome) {
  for (auto m = outcome.measurements.rbegin(); m != outcome.measurements.rend(); ++m)
    if (m->name == recorded.step)
      if (const MeasuredArray* array = m->find(recorded.name)) return *array;
  return number(missing);
}

double kept_figure(const Recorded& recorded, const TrainingOutcome& training) {
  for (const EpochFigures& epoch : training.history)
    if (epoch.epoch == training.final_epoch) return figure_of(epoch, recorded).value_or(missing);
  return missing;
}

MeasuredArray variable(const Recorded& recorded, const Plan& plan) {
  MeasuredArray array = number(missing);
  for (const auto& [name, text] : plan.asked.variables) {
    if (name != recorded.step) continue;
    if (const auto value = parse_real(text))
      array.values = {*value};
    else
      array.notes.emplace_back("word", text);
  }
  return array;
}

MeasuredArray entry(const Recorded& recorded, const Plan& plan, const RunOutcome& outcome) {
  if (recorded.at) return at_epochs(recorded, outcome);
  double seconds = 0;
  switch (recorded.what) {
    case What::Variable:
      return variable(recorded, plan);
    case What::Figure:
      return number(kept_figure(recorded, outcome.training));
    case What::TrainingSeconds:
      for (const EpochFigures& epoch : outcome.training.history)
        seconds += figure_of(epoch, recorded).value_or(0);
      return number(seconds, "s");
    case What::BestEpoch:
      return number(static_cast<double>(outcome.training.best_epoch));
    case What::Seconds:
      for (const Measurement& m : outcome.measurements)
        if (m.name == recorded.step) seconds = m.seconds;
      return number(seconds, "s");
    case What::Parameters:
      return number(static_cast<double>(outcome.parameters));
    case What::Result:
      break;
  }
  return last_result(recorded, outcome);
}

}  // namespace

Row row_of(const Plan& plan, const RunOutcome& outcome) {
  Row row;
  for (const Column& column : plan.asked.trials.record) {
    MeasuredArray array = entry(column.recorded, plan, outcome);
    if (!array.field.empty())  // under the name that the result has there
      array.notes.emplace_back(
          "field",
          fmt::format("fields/{}:{}/{}", array.field.filename().string(), array.group, array.port));
    array.port = array.quantity.name = column.name;
    std::erase_if(array.notes, [](const auto& note) { return note.first == "table"; });
    row.push_back(std::move(array));
  }
  return row;
}

}  // namespace lyap::framework
