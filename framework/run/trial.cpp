// framework/run/trial.cpp - one network of a plan: its task, its structure, its first weights.
#include "run/trial.hpp"

#include <map>

#include "data/tensor_expression.hpp"
#include "run/import_weights.hpp"

namespace lyap::framework {
namespace {

TensorFile read_weights(const WeightFile& weights) {
  return with_made_tensors(read_safetensors(weights.file), weights.file, weights.tensors);
}

Readout readout_of(const Plan& plan, const lyap_task_shape& task) {
  const bool predicts = task.loss != LYAP_NO_LOSS;
  return {predicts ? task.outputs : 0, plan.asked.trials.cell.readout.bias};
}

}  // namespace

Trial::Trial(const Plan& plan, const Surroundings& surroundings)
    : plan_(plan),
      surroundings_(surroundings),
      task_host_(surroundings, "task"),
      task_(std::string(plan.task.plugin->id()), plan.task.plugin->task(), plan.task.with(),
            task_host_.lent()),
      task_view_(task_.id(), task_.ops(), task_.get()),
      network_(plan.cell.plugin->id(), plan.cell.plugin->cell(), plan.cell.with(),
               task_.shape().inputs, plan.asked.trials.cell.layers,
               readout_of(plan, task_.shape())) {}

std::map<std::string, std::string> Trial::initialisers() const {
  const CellRequest& cell = plan_.asked.trials.cell;
  std::map<std::string, std::string> initialisers;
  for (const Option& option : cell.init) initialisers[option.name] = option.value.text;
  for (const Option& option : cell.readout.init)
    initialisers["readout." + option.name] = option.value.text;
  return initialisers;
}

Weights Trial::first_weights() const {
  const CellRequest& cell = plan_.asked.trials.cell;
  if (cell.weights)
    return import_weights(network_, cell.weights->file, read_weights(*cell.weights),
                          cell.weights->rename);
  return network_.initialise(surroundings_.seed, initialisers());
}

Carried Trial::first_carried() const {
  const auto& weights = plan_.asked.trials.cell.weights;
  if (!weights) return {};
  return import_carried(network_, weights->file, read_weights(*weights), weights->rename);
}

std::unique_ptr<Model> Trial::model(Weights weights) const {
  auto model = std::make_unique<Model>(
      network_, std::move(weights),
      make_jacobian(plan_.asked.jacobian, network_.cell(0), surroundings_.check_jacobian),
      surroundings_.seed);
  model->set_task(&task_view_);
  model->set_memory_budget(surroundings_.pass_memory());
  return model;
}

}  // namespace lyap::framework
