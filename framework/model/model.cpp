// framework/model/model.cpp - a network with its weights, its task and who computes its
// derivatives.
#include "model/model.hpp"

#include <utility>

#include "base/error.hpp"

namespace lyap::framework {

Model::Model(const Network& network, Weights weights, std::unique_ptr<JacobianProvider> derivatives,
             std::uint64_t seed)
    : network_(network),
      weights_(std::move(weights)),
      derivatives_(std::move(derivatives)),
      seed_(seed),
      shape_(network.shape()) {
  shape_.derivative = derivatives_->source();
}

const Weights& Model::weights(std::int32_t dtype) const {
  if (dtype == weights_.dtype()) return weights_;
  const std::lock_guard lock(mutex_);
  if (!converted_) converted_ = std::make_unique<Weights>(network_.weight_shapes(), dtype);
  if (stale_)
    for (std::size_t i = 0; i < weights_.size(); ++i)
      copy(std::as_const(weights_)[i], (*converted_)[i]);
  stale_ = false;
  return *converted_;
}

void Model::changed() {
  const std::lock_guard lock(mutex_);
  stale_ = true;
}

const TaskView& Model::task() const {
  if (!task_) throw InputError("this network has no task, so it has no loss; connect one");
  return *task_;
}

std::unique_ptr<Pass> Model::open(const lyap_pass_request& request) const {
  PassRequest pass;
  pass.dtype = request.dtype;
  pass.batch = request.batch;
  pass.steps = request.steps;
  pass.noise = request.noise || network_.cell(0).shape().noise_in_analysis;
  pass.closed_loop = request.closed_loop != 0;
  if (task_) pass.feedback = feedback_of(task_->shape());
  pass.seed = seed_;
  if (request.stream) pass.stream = request.stream;
  if (request.size >= sizeof request) pass.first = request.first;  // older callers have none
  pass.memory_budget = memory_budget_;
  return std::make_unique<Pass>(network_, *derivatives_, weights(pass.dtype), std::move(pass));
}

}  // namespace lyap::framework
