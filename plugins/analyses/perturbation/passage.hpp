// perturbation/passage.hpp - a batch of sequences through the network, to its losses and last
// outputs.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>

namespace lyap::perturbation {

/// Enough for matrix products to pay; fixed, so that sums do not depend on who works.
inline constexpr Index batch_columns = 64;

/// [one thread per object]
class Passage {
 public:
  Passage(const Model& model, const lyap_task_shape& task, Index columns)
      : task_(task),
        pass_(model.begin(columns)),
        outputs_(model.outputs(), columns),
        losses_(Matrix::Zero(1, columns)) {
    adjoints_.losses.resize(1, columns);
  }

  Index columns() const { return pass_.batch(); }

  /// input(t, b, x) writes step t = 0 .. steps-1 of sample b into x, a column; targets as the task
  /// gives them for the batch. Runs a chunk at a time: without adjoints nothing of the earlier ones
  /// is needed, and memory does not grow with the length of a sequence.
  template <class Input>
  void run(Input&& input, const Matrix& targets, const Host& host) {
    const Index B = columns();
    losses_.setZero();
    pass_.start();
    for (Index from = 0; from < task_.steps;) {
      if (host.stopped()) throw Stopped("the perturbation was interrupted; none of it is kept");
      const Index count = std::min<Index>(pass_.capacity(), task_.steps - from);
      chunk_.resize(task_.inputs, count * B);
      for (Index t = 0; t < count; ++t)
        for (Index b = 0; b < B; ++b) input(from + t, b, chunk_.col(t * B + b));
      pass_.run(chunk_);
      if (!task_.last_step_only)
        add_loss(targets.middleCols(from * B, count * B), count);
      else if (from + count == task_.steps)
        add_loss(targets, task_.steps);
      from += count;
      if (from == task_.steps) pass_.output(count, outputs_);
    }
  }

  /// 1 x columns: the loss of each sequence, a mean over the steps it looks at.
  const Matrix& losses() const { return losses_; }
  /// After the last step.
  const Matrix& outputs() const { return outputs_; }

 private:
  void add_loss(In targets, Index steps) {
    pass_.backward(targets, adjoints_);
    losses_ += adjoints_.losses * (static_cast<double>(steps) / static_cast<double>(task_.steps));
  }

  const lyap_task_shape& task_;
  Pass pass_;
  Pass::Adjoints adjoints_;
  Matrix chunk_, outputs_, losses_;
};

}  // namespace lyap::perturbation
