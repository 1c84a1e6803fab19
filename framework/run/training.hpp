// framework/run/training.hpp - trains one network: the kernel's side of what a trainer asks.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/gradient.hpp"
#include "model/model.hpp"
#include "pipeline/plan.hpp"
#include "run/checkpoint.hpp"
#include "run/host.hpp"
#include "run/run_directory.hpp"

namespace lyap::framework {

enum class TrainingEnd { Done, Diverged, Interrupted };

/// What an epoch was reported with: "validation_loss", 0.31.
struct EpochFigures {
  std::int64_t epoch = 0;
  double seconds = 0;  ///< since the epoch before
  Figures figures;
};

struct TrainingOutcome {
  TrainingEnd end = TrainingEnd::Done;
  std::string sentence;  ///< why it ended, unless Done
  std::int64_t last_epoch = 0, best_epoch = 0;
  std::int64_t final_epoch = 0;  ///< whose weights the model has
  std::vector<EpochFigures> history;
};

using TrainerHandle = std::unique_ptr<lyap_trainer, void (*)(lyap_trainer*)>;

/// The trainer of a plan. InputError: it refuses its options.
TrainerHandle make_trainer(const PlannedStep& step);

/// Runs the trainer of a plan on a model whose weights have the dtype of training. Every complete
/// epoch is written to metrics.jsonl, to checkpoints/latest.safetensors and, when the plan keeps
/// it, to a checkpoint of its own; the network as training leaves it to final.safetensors. A loss
/// that diverges or Ctrl-C leaves the model with the weights of the last complete epoch and is told
/// in the outcome; other errors are thrown.
class TrainingRun {
 public:
  TrainingRun(const Plan& plan, Model& model, const TaskView& task, const lyap_data* data,
              const Surroundings& surroundings, const RunDirectory& directory);

  /// Goes on after the epoch in checkpoints/latest.safetensors when there is one.
  void resume();
  TrainingOutcome run();

  // What the border's table calls.
  Model& model() { return model_; }
  const lyap_data* data() const { return data_; }
  BatchGradient& gradient() { return gradient_; }
  Slots& slots() { return slots_; }
  std::int64_t first_epoch() const { return outcome_.last_epoch; }
  /// The loss of a split; the task's own figures of it come into the epoch that is reported next.
  LossSum evaluate(std::int32_t split, std::int64_t batch);
  void weights_changed(double learning_rate);
  /// False: the trainer shall return now.
  bool epoch_done(std::int64_t epoch, const lyap_metric* figures, std::int32_t count, bool best);
  void restore_best();

 private:
  void return_to(const Snapshot& snapshot);
  void save(std::int64_t epoch) const;
  void save_final() const;
  void read_history();

  const Plan& plan_;
  Model& model_;
  const lyap_data* data_;
  const Surroundings& surroundings_;
  const RunDirectory& directory_;
  BatchGradient gradient_;
  Slots slots_;
  std::optional<Weights> previous_;  // before the optimiser step, for cells with a projection
  Snapshot last_, best_;             // of the last complete and the best epoch
  Figures measured_;                 // by the task, since the epoch before
  TrainingOutcome outcome_;
  double epoch_began_ = 0;
};

}  // namespace lyap::framework
