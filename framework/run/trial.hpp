// framework/run/trial.hpp - one network of a plan: its task, its structure, its first weights.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "data/task.hpp"
#include "model/model.hpp"
#include "model/network.hpp"
#include "pipeline/plan.hpp"
#include "run/host.hpp"

namespace lyap::framework {

/// Opens the task and builds the network of a plan; nothing is computed yet. Throws InputError for
/// data that are missing, weights that do not fit, initialisers that make no sense.
class Trial {
 public:
  Trial(const Plan& plan, const Surroundings& surroundings);
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  const Plan& plan() const { return plan_; }
  const Surroundings& surroundings() const { return surroundings_; }
  const Task& task() const { return task_; }
  const TaskView& task_view() const { return task_view_; }
  const Network& network() const { return network_; }

  /// `init` of the cell and of its readout: tensors and their initialisers, as
  /// Network::initialise() takes them.
  std::map<std::string, std::string> initialisers() const;
  /// Initialised from the seed, or from the file the pipeline names; float64.
  Weights first_weights() const;
  /// Where the file of the weights left the network; nowhere without one. InputError: it has other
  /// sizes.
  Carried first_carried() const;
  /// A model with these weights, its Jacobian as the plan chose it.
  std::unique_ptr<Model> model(Weights weights) const;

 private:
  const Plan& plan_;
  const Surroundings& surroundings_;
  LentHost task_host_;
  Task task_;
  TaskView task_view_;
  Network network_;
};

}  // namespace lyap::framework
