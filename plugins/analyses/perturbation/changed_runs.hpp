// perturbation/changed_runs.hpp - many runs of the network on changed sequences, and their losses.
#pragma once
#include <atomic>
#include <memory>
#include <vector>

#include "change.hpp"
#include "passage.hpp"
#include "subject.hpp"

namespace lyap::perturbation {

/// Which steps are changed is said by a number, not in a list: there may be a million runs.
struct ChangedRun {
  Index sequence;
  Index count;                ///< of steps that are changed
  Index choice;               ///< an order, or order_count + the number of a random draw
  bool keep_outputs = false;  ///< after the last step
  double loss = 0;
  Vector outputs;
};

namespace detail {

/// What one worker needs for a batch of runs.
class Batch {
 public:
  Batch(const Model& model, const Data& data, const Sequences& sequences, const Change& change,
        Index columns)
      : passage_(model, data.shape(), columns),
        sequences_(sequences),
        change_(change),
        steps_(data.shape().steps),
        target_steps_(data.shape().last_step_only ? 1 : steps_),
        targets_(data.shape().targets, target_steps_ * columns) {}

  /// Runs first .. first+columns-1; beyond the last the last one is run again, since a column's
  /// rounding depends on how many there are.
  template <class StepsOf>
  void run(std::vector<ChangedRun>& runs, std::size_t first, StepsOf&& steps_of, const Host& host) {
    const Index B = passage_.columns(), S = sequences_.count();
    const auto of = [&](Index b) -> ChangedRun& {
      return runs[std::min(first + static_cast<std::size_t>(b), runs.size() - 1)];
    };
    changed_.assign(static_cast<std::size_t>(steps_ * B), 0);
    for (Index b = 0; b < B; ++b) {
      for (const Index t : steps_of(of(b))) changed_[static_cast<std::size_t>(t * B + b)] = 1;
      for (Index t = 0; t < target_steps_; ++t)
        targets_.col(t * B + b) = sequences_.targets.col(t * S + of(b).sequence);
    }
    passage_.run(
        [&](Index t, Index b, auto&& x) {
          const Index s = of(b).sequence;
          if (changed_[static_cast<std::size_t>(t * B + b)])
            change_.apply(s, t, x);
          else
            x = sequences_.inputs.col(t * S + s);
        },
        targets_, host);
    for (Index b = 0; b < B && first + static_cast<std::size_t>(b) < runs.size(); ++b) {
      of(b).loss = passage_.losses()(0, b);
      if (of(b).keep_outputs) of(b).outputs = passage_.outputs().col(b);
    }
  }

 private:
  Passage passage_;
  const Sequences& sequences_;
  const Change& change_;
  Index steps_, target_steps_;
  Matrix targets_;
  std::vector<char> changed_;
};

}  // namespace detail

/// Fills in the loss of every run, and the outputs that are to be kept. steps_of(run) lists the
/// steps that are changed in it; it is called from all workers.
template <class StepsOf>
void run_all(std::vector<ChangedRun>& runs, StepsOf&& steps_of, const Model& model,
             const Data& data, const Sequences& sequences, const Change& change, const Host& host) {
  const auto all = static_cast<Index>(runs.size());
  const Index columns = std::min(batch_columns, all), batches = (all + columns - 1) / columns;
  std::vector<std::unique_ptr<detail::Batch>> workers(static_cast<std::size_t>(host.workers()));
  std::atomic<Index> done = 0;
  host.parallel(batches, [&](std::int64_t batch, int worker) {
    auto& mine = workers[static_cast<std::size_t>(worker)];
    if (!mine) mine = std::make_unique<detail::Batch>(model, data, sequences, change, columns);
    mine->run(runs, static_cast<std::size_t>(batch * columns), steps_of, host);
    host.progress("perturbation", ++done, batches);
  });
}

}  // namespace lyap::perturbation
