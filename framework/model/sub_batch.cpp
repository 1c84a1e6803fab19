// framework/model/sub_batch.cpp - the part of a mini-batch that one worker carries through.
#include "model/sub_batch.hpp"

#include <algorithm>

#include "model/flush_denormals.hpp"

namespace lyap::framework {
namespace {

PassRequest pass_request(const Weights& weights, std::int64_t columns, std::int64_t steps,
                         bool noise, std::uint64_t seed) {
  PassRequest request;
  request.dtype = weights.dtype();
  request.batch = columns;
  request.steps = steps;
  request.noise = noise;
  request.seed = seed;
  return request;
}

}  // namespace

SubBatch::SubBatch(const Network& network, const JacobianProvider& derivatives,
                   const Weights& weights, const TaskView& task, std::int64_t columns,
                   std::int64_t steps, bool noise, std::uint64_t seed)
    : task_(task),
      pass_(network, derivatives, weights, pass_request(weights, columns, steps, noise, seed)),
      gradient_(network.weight_shapes(), weights.dtype()) {
  const lyap_task_shape& shape = task.shape();
  input_.reshape(weights.dtype(), shape.inputs, shape.steps * columns);
  target_.reshape(weights.dtype(), shape.targets,
                  shape.last_step_only ? columns : shape.steps * columns);
  final_state_.reshape(weights.dtype(), network.shape().state, columns);
}

LossSum SubBatch::train(const Weights& weights, const SubBatchRequest& request) {
  fetch(request.split, request.which);
  const FlushDenormals flushing;
  gradient_.set_zero();
  pass_.bind(weights);
  pass_.start(request.carry ? final_state_.read() : lyap_const_matrix{}, request.stream);
  Random mask(pass_.request().seed, request.stream + "/dropout");
  const LossSum sum = run_chunks([&](LossSteps steps, lyap_const_matrix target) {
    BackwardRequest backward;
    backward.steps = steps;
    backward.target = target;
    backward.scale = request.scale;
    backward.dropout = request.dropout;
    backward.mask = &mask;
    backward.weight_bars = gradient_.data();
    return backward_.run(pass_, task_, backward);
  });
  pass_.state(pass_.count(), final_state_.view());
  return sum;
}

Evaluation SubBatch::evaluate(const Weights& weights, std::int32_t split,
                              const std::int64_t* which) {
  fetch(split, which);
  pass_.bind(weights);
  pass_.start({}, "evaluation");
  Evaluation found;
  found.loss = run_chunks([&](LossSteps steps, lyap_const_matrix target) {
    const LossSum loss = loss_of(pass_, task_, steps, target, seen_, prediction_);
    if (task_.has_metrics())
      found.figures.add(task_.metrics(prediction_.read(), target), columns());
    return loss;
  });
  return found;
}

void SubBatch::fetch(std::int32_t split, const std::int64_t* which) {
  task_.fetch(split, which, columns(), input_.view(), target_.view());
}

template <class Visit>
LossSum SubBatch::run_chunks(Visit&& visit) {
  const lyap_task_shape& shape = task_.shape();
  LossSum sum;
  for (std::int64_t from = 0; from < shape.steps; from += pass_.capacity()) {
    const std::int64_t count = std::min(pass_.capacity(), shape.steps - from);
    pass_.run(count, columns_of(input_.read(), from * columns(), count * columns()));
    if (!shape.last_step_only)
      sum += visit({1, count}, columns_of(target_.read(), from * columns(), count * columns()));
    else if (from + count == shape.steps)
      sum += visit({count, 1}, target_.read());
  }
  return sum;
}

}  // namespace lyap::framework
