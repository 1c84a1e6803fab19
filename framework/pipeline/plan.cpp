// framework/pipeline/plan.cpp - what a plan keeps, and how it is written down in full.
#include "pipeline/plan.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;

bool names(const Epochs& epochs, std::int64_t epoch) {
  return epochs.which == Epochs::Which::Every ||
         (epochs.which == Epochs::Which::Listed &&
          std::count(epochs.listed.begin(), epochs.listed.end(), epoch) > 0);
}

Json json_of(const Epochs& epochs) {
  switch (epochs.which) {
    case Epochs::Which::Listed:
      return epochs.listed;
    case Epochs::Which::Every:
      return "every";
    case Epochs::Which::Best:
      return "best";
    case Epochs::Which::Last:
      break;
  }
  return "last";
}

Json json_of(const PlannedStep& step) {
  Json json;
  json["use"] = step.plugin->id();
  json["version"] = step.plugin->version();
  json["with"] = step.values.json();
  return json;
}

Json json_of(const std::vector<Option>& options) {
  Json json = Json::object();
  for (const Option& option : options) json[option.name] = option.value.text;
  return json;
}

Json cell_json(const Plan& plan) {
  const CellRequest& asked = plan.asked.trials.cell;
  Json json = json_of(plan.cell);
  json["layers"] = asked.layers;
  json["init"] = json_of(asked.init);
  json["readout"] = {{"bias", asked.readout.bias}, {"init", json_of(asked.readout.init)}};
  if (asked.weights) {
    json["weights"]["file"] = asked.weights->file;
    for (const auto& [ours, expression] : asked.weights->tensors)
      json["weights"]["tensors"][ours] = expression;
    for (const auto& [theirs, ours] : asked.weights->rename)
      json["weights"]["rename"][theirs] = ours;
  }
  return json;
}

}  // namespace

bool Plan::trains() const {
  return train.plugin->id() != "none";
}

bool Plan::keeps(std::int64_t epoch) const {
  return names(checkpoints, epoch) ||
         std::any_of(measures.begin(), measures.end(),
                     [&](const PlannedMeasure& m) { return names(m.at, epoch); });
}

Quantity quantity_of(const Column& column, const Plan& plan) {
  using What = Recorded::What;
  const Recorded& recorded = column.recorded;
  Quantity quantity{column.name, {}, ""};
  if (recorded.what == What::Seconds || recorded.what == What::TrainingSeconds) quantity.unit = "s";
  if (recorded.what == What::Result)
    for (const PlannedMeasure& measure : plan.measures)
      if (measure.as == recorded.step && measure.plugin)
        for (const lyap_port& port : measure.plugin->ports())
          if (port.role == LYAP_RESULT && recorded.name == port.name) {
            quantity = Quantity::parse(port.quantity);
            quantity.name = column.name;
          }
  if (recorded.at) quantity.axes.insert(quantity.axes.begin(), "checkpoint");
  quantity.axes.insert(quantity.axes.begin(), "network");
  return quantity;
}

Json resolved(const Plan& plan) {
  const Pipeline& asked = plan.asked;
  Json json;
  json["schema"] = "lyap-run-1";
  json["name"] = asked.name;
  json["about"] = asked.about;
  json["seed"] = asked.seed;
  json["precision"] = {{"train", asked.training == LYAP_F32 ? "float32" : "float64"},
                       {"analysis", "float64"}};
  json["jacobian"] = asked.jacobian;
  json["task"] = json_of(plan.task);
  json["cell"] = cell_json(plan);
  json["train"] = json_of(plan.train);
  json["train"]["checkpoints"] = json_of(plan.checkpoints);
  json["measure"] = Json::array();
  for (const PlannedMeasure& measure : plan.measures) {
    Json step = json_of(measure);
    step["as"] = measure.as;
    step["at"] = json_of(measure.at);
    json["measure"].push_back(std::move(step));
  }
  json["record"] = Json::object();
  for (const Column& column : asked.trials.record) json["record"][column.name] = column.expression;
  for (const auto& [name, value] : asked.variables) json["variables"][name] = value;
  for (const PlannedStudy& study : plan.studies) {
    Json step = json_of(study);
    step["as"] = study.as;
    for (const PlannedInput& input : study.inputs)
      step["from"][input.port] = input.measure + (input.result.empty() ? "" : "." + input.result);
    json["study"].push_back(std::move(step));
  }
  return json;
}

}  // namespace lyap::framework
