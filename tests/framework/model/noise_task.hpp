// tests/framework/model/noise_task.hpp - a task, written against the C table by hand: sequences of
// normal numbers and targets that have nothing to do with them.
#pragma once
#include <lyap/views.hpp>

#include <string>

#include "base/random.hpp"
#include "model/task.hpp"

struct lyap_task {
  lyap_task_shape shape{};
};

namespace noise_task {

using lyap::framework::Random;

/// Sequence number n of a split is the same in whatever batch it comes.
template <class T>
void fetch(const lyap_task_shape& shape, int split, const std::int64_t* which, std::int64_t count,
           lyap_matrix input, lyap_matrix target) {
  for (std::int64_t b = 0; b < count; ++b) {
    Random random(static_cast<std::uint64_t>(split), "sequence " + std::to_string(which[b]));
    for (std::int64_t t = 0; t < shape.steps; ++t)
      for (std::int64_t i = 0; i < shape.inputs; ++i)
        lyap::view<T>(input)(i, t * count + b) = static_cast<T>(random.normal());
    if (!target.data) continue;
    for (std::int64_t t = 0; t < (shape.last_step_only ? 1 : shape.steps); ++t)
      for (std::int64_t i = 0; i < shape.targets; ++i)
        lyap::view<T>(target)(i, t * count + b) = shape.loss == LYAP_CROSS_ENTROPY
                                                      ? static_cast<T>(random.below(shape.outputs))
                                                      : static_cast<T>(random.normal());
  }
}

inline const lyap_task_ops& ops() {
  static const lyap_task_ops table = [] {
    lyap_task_ops t{};
    t.size = sizeof t;
    t.shape = [](const lyap_task* task) { return &task->shape; };
    t.fetch = [](const lyap_task* task, std::int32_t split, const std::int64_t* which,
                 std::int64_t count, lyap_matrix input, lyap_matrix target, lyap_error*) {
      lyap::with_dtype(input.dtype, [&](auto number) {
        fetch<decltype(number)>(task->shape, split, which, count, input, target);
      });
      return 0;
    };
    // Half the squared error, so that the gradient is the error.
    t.loss = [](const lyap_task*, lyap_const_matrix prediction, lyap_const_matrix target,
                double* mean, lyap_matrix gradient, lyap_error*) {
      lyap::with_dtype(prediction.dtype, [&](auto number) {
        using T = decltype(number);
        const lyap::MatrixOf<T> error = lyap::view<T>(prediction) - lyap::view<T>(target);
        const auto columns = static_cast<T>(prediction.cols);
        *mean = 0.5 * error.squaredNorm() / columns;
        if (gradient.data) lyap::view<T>(gradient) = error / columns;
      });
      return 0;
    };
    return t;
  }();
  return table;
}

struct Task {
  Task(std::int32_t loss, bool last_step_only, std::int64_t inputs = 3, std::int64_t outputs = 2,
       std::int64_t steps = 7) {
    lyap_task_shape& shape = task.shape;
    shape.size = sizeof shape;
    shape.loss = loss;
    shape.inputs = inputs, shape.outputs = outputs, shape.steps = steps;
    shape.targets = loss == LYAP_CROSS_ENTROPY ? 1 : outputs;
    shape.last_step_only = last_step_only;
    shape.count[0] = 200, shape.count[1] = 90, shape.count[2] = 70;
  }
  lyap_task task;
  lyap::framework::TaskView view{"noise", ops(), &task};
};

}  // namespace noise_task
