// spectrum/window.hpp - which sequences drive the network, and over which of their steps.
#pragma once
#include <algorithm>
#include <string>

#include "driven_steps.hpp"
#include "settings.hpp"

namespace lyap::spectrum {

using analyses::name_of;

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
  w.split = analyses::available(task, settings.split);
  w.sequences = analyses::driving_sequences(settings.sequences, w.split, task);
  w.replay = settings.warmup_source == WarmupSource::Replay;
  w.warmup = settings.warmup;
  w.steps = settings.steps;
  if (settings.closed_loop) {
    detail::close_loop(w, settings, task);
    return w;
  }

  w.steps = analyses::measured_steps(w.replay ? 0 : w.warmup, w.steps, task);
  if (w.replay) w.warmup = std::min(w.warmup, w.steps);
  return w;
}

/// The inputs of all runs, in pieces: run r is start r % starts of sequence r / starts.
class Drive {
 public:
  Drive(const Data& data, const Window& window, Index starts)
      : window_(window),
        drive_(data, window.split, analyses::spread(window.sequences, data.count(window.split)),
               starts) {}
  Index runs() const { return drive_.runs(); }

  /// inputs x count*runs of the steps from .. from+count-1 since the beginning of the warm-up; a
  /// piece lies on one side of its end.
  const Matrix& inputs(Index from, Index count) {
    return drive_.inputs(window_.replay && from >= window_.warmup ? from - window_.warmup : from,
                         count);
  }

 private:
  Window window_;
  analyses::Drive drive_;
};

}  // namespace lyap::spectrum
