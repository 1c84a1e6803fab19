// framework/model/gradient.cpp - the training step: mean loss of a mini-batch and its gradient.
#include "model/gradient.hpp"

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

/// At most 64 columns each, so that a chunk stays in the second-level cache; an even number, so
/// that two workers share the work, but no less than 16 columns each.
std::int64_t sub_batches(std::int64_t batch) {
  return batch < 32 ? 1 : 2 * ((batch + 127) / 128);
}

/// First column of part `index` of `parts`, as equal as they can be.
std::int64_t first_column(std::int64_t batch, std::int64_t parts, std::int64_t index) {
  return batch * index / parts;
}

}  // namespace

BatchGradient::BatchGradient(const Network& network, const Weights& weights, const TaskView& task,
                             Workers& workers, std::uint64_t seed)
    : network_(network),
      weights_(weights),
      task_(task),
      workers_(workers),
      seed_(seed),
      derivatives_(make_jacobian("auto", network.cell(0), 0)),
      gradient_(network.weight_shapes(), weights.dtype()),
      evaluators_(static_cast<std::size_t>(workers.count())) {
  const lyap_task_shape& shape = task.shape();
  if (shape.inputs != network.shape().inputs || shape.outputs != network.shape().outputs)
    throw InputError(task.who() + " has " + std::to_string(shape.inputs) + " inputs and " +
                     std::to_string(shape.outputs) + " outputs, the network " +
                     std::to_string(network.shape().inputs) + " and " +
                     std::to_string(network.shape().outputs));
}

LossSum BatchGradient::batch(const BatchRequest& request) {
  if (request.count < 1) throw InputError("a batch needs at least one sequence");
  if (!(request.dropout >= 0 && request.dropout < 1))
    throw InputError("dropout must be at least 0 and below 1, not " + shortest(request.dropout));
  const lyap_task_shape& shape = task_.shape();
  const std::int64_t steps =
      request.window > 0 ? std::min(request.window, shape.steps) : shape.steps;
  Parts& parts = parts_of(request.count, steps);
  const auto count = static_cast<std::int64_t>(parts.size());
  const std::int64_t columns = request.count * (shape.last_step_only ? 1 : shape.steps);
  std::vector<LossSum> sums(parts.size());
  workers_.parallel_for(count, [&](std::int64_t i, int) {
    SubBatchRequest part;
    part.split = request.split;
    part.which = request.which + first_column(request.count, count, i);
    part.dropout = request.dropout;
    part.carry = request.carry && previous_ == &parts;
    part.scale = 1.0 / static_cast<double>(columns);
    part.stream = request.stream + "/" + std::to_string(i);
    sums[static_cast<std::size_t>(i)] = parts[static_cast<std::size_t>(i)]->train(weights_, part);
  });
  previous_ = &parts;
  add_up(parts);
  return std::accumulate(sums.begin(), sums.end(), LossSum{},
                         [](LossSum sum, const LossSum& part) { return sum += part; });
}

BatchGradient::Parts& BatchGradient::parts_of(std::int64_t count, std::int64_t steps) {
  Parts& parts = parts_[{count, steps}];
  const std::int64_t number = sub_batches(count);
  for (std::int64_t i = static_cast<std::int64_t>(parts.size()); i < number; ++i) {
    const std::int64_t columns =
        first_column(count, number, i + 1) - first_column(count, number, i);
    parts.push_back(std::make_unique<SubBatch>(network_, *derivatives_, weights_, task_, columns,
                                               steps, true, seed_));
  }
  return parts;
}

/// One tensor is one item: whoever adds it up takes the parts in order.
void BatchGradient::add_up(const Parts& parts) {
  workers_.parallel_for(static_cast<std::int64_t>(gradient_.size()), [&](std::int64_t i, int) {
    const auto tensor = static_cast<std::size_t>(i);
    copy(parts[0]->gradient()[tensor], gradient_[tensor]);
    for (std::size_t part = 1; part < parts.size(); ++part)
      add(parts[part]->gradient()[tensor], gradient_[tensor]);
  });
}

Evaluation BatchGradient::evaluate(std::int32_t split, std::int64_t batch) {
  const lyap_task_shape& shape = task_.shape();
  const std::int64_t sequences = shape.count[split];
  const std::int64_t columns = std::clamp<std::int64_t>(batch, 1, 64);
  const std::int64_t items = (sequences + columns - 1) / columns;
  // A loss and figures of the task's own want to see its sequences whole.
  const bool whole = shape.loss == LYAP_OWN_LOSS || (task_.has_metrics() && !shape.last_step_only);
  const std::int64_t steps = whole ? shape.steps : 0;
  std::vector<std::int64_t> all(static_cast<std::size_t>(sequences));
  std::iota(all.begin(), all.end(), 0);
  std::vector<Evaluation> parts(static_cast<std::size_t>(items));
  workers_.parallel_for(items, [&](std::int64_t item, int worker) {
    const std::int64_t from = item * columns, count = std::min(columns, sequences - from);
    auto& part = evaluators_[static_cast<std::size_t>(worker)][count];
    if (!part)
      part = std::make_unique<SubBatch>(network_, *derivatives_, weights_, task_, count, steps,
                                        false, seed_);
    parts[static_cast<std::size_t>(item)] = part->evaluate(weights_, split, all.data() + from);
  });
  Evaluation sum;
  for (const Evaluation& part : parts) sum.loss += part.loss, sum.figures.add(part.figures);
  return sum;
}

}  // namespace lyap::framework
