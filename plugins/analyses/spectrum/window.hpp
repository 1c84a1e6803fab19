// spectrum/window.hpp - which sequences drive the network, and over which of their steps.
#pragma once
#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

#include "settings.hpp"

namespace lyap::spectrum {

inline const char* name_of(Split split) {
  constexpr const char* names[] = {"train", "validation", "test"};
  return names[static_cast<int>(split)];
}

/// The settings once the task is known.
struct Window {
  Split split;
  Index sequences;
  Index warmup, steps;   ///< measured steps come after the warm-up
  bool replay;           ///< the measured steps begin at the sequence's beginning again
  Index drive = 0;       ///< closed loop: driven steps before both, without tangent vectors
  bool classes = false;  ///< closed loop: outputs are scores of classes, their softmax is fed back

  Index total() const { return warmup + steps; }
};

namespace detail {

/// A task whose splits are all empty has no notion of them: it drives with anything.
inline bool has_sequences(const lyap_task_shape& task, Split split) {
  const auto all_empty = std::accumulate(std::begin(task.count), std::end(task.count), Index{0});
  return task.count[static_cast<int>(split)] > 0 || all_empty == 0;
}

inline Split available(const lyap_task_shape& task, Split wanted) {
  for (const Split split : {wanted, Split::Validation, Split::Test, Split::Train})
    if (has_sequences(task, split)) return split;
  return wanted;
}

/// BadOption: the network's prediction cannot be the next input.
inline void require_loop(const lyap_task_shape& task) {
  const auto refuse = [](const std::string& reason) {
    throw BadOption("`loop: closed` takes the prediction for the next input, and this task " +
                    reason +
                    "; the loop can be closed on tasks such as `chaos`, or `arrays` with "
                    "`targets: next`");
  };
  if (!task.next_step) refuse("does not predict its next input");
  if (task.outputs != task.inputs)
    refuse("predicts " + std::to_string(task.outputs) + " numbers of " +
           std::to_string(task.inputs));
}

/// Only the driven steps are limited by the task's inputs.
inline void close_loop(Window& w, const Settings& settings, const lyap_task_shape& task) {
  require_loop(task);
  w.drive = settings.drive;
  w.classes = static_cast<Loss>(task.loss) == Loss::CrossEntropy;
  if (task.drive_steps > 0 && w.drive > task.drive_steps)
    throw BadOption("the task's inputs have " + std::to_string(task.drive_steps) +
                    " steps, but `drive` is " + std::to_string(w.drive) + "; lower it");
}

}  // namespace detail

/// BadOption when the task's inputs are too short for what is asked, or the loop cannot be closed.
inline Window window_of(const Settings& settings, const lyap_task_shape& task) {
  Window w{};
  w.split = detail::available(task, settings.split);
  const Index distinct = task.drive_count[static_cast<int>(w.split)];
  w.sequences = distinct > 0 ? std::min<Index>(settings.sequences, distinct) : settings.sequences;
  w.replay = settings.warmup_source == WarmupSource::Replay;
  w.warmup = settings.warmup;
  w.steps = settings.steps;
  if (settings.closed_loop) {
    detail::close_loop(w, settings, task);
    return w;
  }

  const Index longest = task.drive_steps;
  const Index before = w.replay ? 0 : w.warmup;
  if (w.steps == 0) w.steps = longest > 0 ? longest - before : task.steps;
  if (w.steps <= 0 && longest == 0)
    throw BadOption("the task's inputs have no end; say how many `steps` to measure");
  if (w.steps <= 0 || (longest > 0 && before + w.steps > longest))
    throw BadOption("the task's inputs have " + std::to_string(longest) + " steps, but `warmup` " +
                    std::to_string(before) + " and `steps` " +
                    std::to_string(std::max<Index>(w.steps, 1)) +
                    " need more; lower them, or 0 `steps` for all that remain");
  if (w.replay) w.warmup = std::min(w.warmup, w.steps);
  return w;
}

/// The inputs of all runs, in pieces: run r is start r % starts of sequence r / starts.
class Drive {
 public:
  Drive(const Data& data, const Window& window, Index starts)
      : data_(data), window_(window), starts_(starts), which_(window.sequences) {
    // Far apart, so that long inputs that begin at neighbouring sequences of a text do not overlap.
    const std::int64_t all = data.count(window.split), wanted = window.sequences;
    for (std::int64_t i = 0; i < wanted; ++i)
      which_[static_cast<std::size_t>(i)] = all > wanted ? i * all / wanted : i;
  }
  Index runs() const { return window_.sequences * starts_; }

  /// inputs x count*runs of the steps from .. from+count-1 since the beginning of the warm-up; a
  /// piece lies on one side of its end.
  const Matrix& inputs(Index from, Index count) {
    const Index at = window_.replay && from >= window_.warmup ? from - window_.warmup : from;
    each_.resize(data_.shape().inputs, count * window_.sequences);
    data_.drive({window_.split, which_}, at, count, each_);
    if (starts_ == 1) return each_;
    repeated_.resize(each_.rows(), each_.cols() * starts_);
    for (Index column = 0; column < repeated_.cols(); ++column)
      repeated_.col(column) = each_.col(column / starts_);
    return repeated_;
  }

 private:
  Data data_;
  Window window_;
  Index starts_;
  std::vector<std::int64_t> which_;
  Matrix each_, repeated_;
};

}  // namespace lyap::spectrum
