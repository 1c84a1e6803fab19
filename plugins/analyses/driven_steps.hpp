// plugins/analyses/driven_steps.hpp - over which steps the task's long inputs drive the network.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "runs.hpp"

namespace lyap::analyses {

/// What is asked for once the task is known.
struct DrivenSteps {
  Split split;
  Index sequences;
  Index warmup, steps;  ///< measured steps come after the warm-up

  Index total() const { return warmup + steps; }
};

/// How many of the sequences wanted there are.
inline Index driving_sequences(Index wanted, Split split, const lyap_task_shape& task) {
  const Index distinct = task.drive_count[static_cast<int>(split)];
  return distinct > 0 ? std::min(wanted, distinct) : wanted;
}

/// The measured steps that follow `warmup` others; `wanted` = 0: all that remain. BadOption when
/// the task's inputs are too short for them.
inline Index measured_steps(Index warmup, Index wanted, const lyap_task_shape& task) {
  const Index longest = task.drive_steps;
  Index steps = wanted;
  if (steps == 0) steps = longest > 0 ? longest - warmup : task.steps;
  if (steps <= 0 && longest == 0)
    throw BadOption("the task's inputs have no end; say how many `steps` to measure");
  if (steps <= 0 || (longest > 0 && warmup + steps > longest))
    throw BadOption("the task's inputs have " + std::to_string(longest) + " steps, but `warmup` " +
                    std::to_string(warmup) + " and `steps` " +
                    std::to_string(std::max<Index>(steps, 1)) +
                    " need more; lower them, or 0 `steps` for all that remain");
  return steps;
}

inline DrivenSteps driven_steps(const Runs& runs, Index warmup, Index steps,
                                const lyap_task_shape& task) {
  const Split split = available(task, runs.split);
  return {split, driving_sequences(runs.sequences, split, task), warmup,
          measured_steps(warmup, steps, task)};
}

/// The longest chunk of a pass: long enough to hide the price of a chunk, short enough for its
/// memory to stay small beside that of the tangent vectors; 0 leaves it to the kernel.
inline Index longest_chunk(Index total, Index runs, Index state, std::int64_t memory_budget) {
  constexpr double most_steps = 128, enough_bytes = 32 << 20;
  constexpr double numbers_per_unit = 16;  // a tape of an LSTM remembers about 5 of its states'
  const double bytes_of_a_step =
      static_cast<double>(runs * state) * numbers_per_unit * sizeof(double);
  const double fitting =
      std::min(enough_bytes, 0.5 * static_cast<double>(memory_budget)) / bytes_of_a_step;
  const auto longest = static_cast<Index>(std::min(most_steps, fitting));
  if (longest == 0 || total == 0) return 0;
  const Index chunks = (total + longest - 1) / longest;
  return (total + chunks - 1) / chunks;
}

/// The inputs of some sequences, a chunk of steps at a time, each sequence once for every start.
class Drive {
 public:
  Drive(const Data& data, Split split, std::vector<std::int64_t> which, Index starts)
      : data_(data), split_(split), which_(std::move(which)), starts_(starts) {}
  Index runs() const { return static_cast<Index>(which_.size()) * starts_; }

  /// inputs x count*runs of the steps from .. from+count-1.
  const Matrix& inputs(Index from, Index count) {
    each_.resize(data_.shape().inputs, count * static_cast<Index>(which_.size()));
    data_.drive({split_, which_}, from, count, each_);
    if (starts_ == 1) return each_;
    repeated_.resize(each_.rows(), each_.cols() * starts_);
    for (Index column = 0; column < repeated_.cols(); ++column)
      repeated_.col(column) = each_.col(column / starts_);
    return repeated_;
  }

 private:
  Data data_;
  Split split_;
  std::vector<std::int64_t> which_;
  Index starts_;
  Matrix each_, repeated_;
};

}  // namespace lyap::analyses
