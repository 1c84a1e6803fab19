// lyap/task.hpp - what the author of a task writes: where sequences come from and what counts as
// success.
#pragma once
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lyap/host.hpp"
#include "lyap/options.hpp"

namespace lyap {

enum class Split { Train = LYAP_TRAIN, Validation = LYAP_VALIDATION, Test = LYAP_TEST };
enum class Loss {
  CrossEntropy = LYAP_CROSS_ENTROPY,  ///< targets are class indices, one row; nats
  MeanSquared = LYAP_MEAN_SQUARED,
  MeanAbsolute = LYAP_MEAN_ABSOLUTE,
  Own = LYAP_OWN_LOSS,  ///< Task::loss
  None = LYAP_NO_LOSS   ///< inputs only
};

struct TaskShape {
  Index inputs = 0, outputs = 0;              ///< rows of x_t and of the prediction y_t
  Index targets = 1;                          ///< rows of a target
  Index steps = 0;                            ///< T of a sequence
  Index train = 0, validation = 0, test = 0;  ///< sequences in each split
  Loss loss = Loss::CrossEntropy;
  bool last_step_only = false;  ///< the loss looks at the last step, targets are targets x B
  bool next_step = false;       ///< y_t predicts x_{t+1}: the loop can be closed
  Index drive_steps = 0;        ///< longest input drive() gives; 0 = any length
  Index drive_count = 0;        ///< starting points of drive() in each split; 0 = as many as asked
  double step_time = 0;         ///< model time of a step in time_unit; 0 = steps only
  std::string time_unit;
  std::vector<std::string> symbols;          ///< names of the classes, may stay empty
  Index picture_rows = 0, picture_cols = 0;  ///< when a sequence is a picture: its size
  /// pixels[t*inputs + i]: which pixel, row by row, input i of step t shows; empty: in order.
  std::vector<std::int64_t> pixels;
};

/// Sequences numbered `which` of a split. Column t*which.size() + b is step t of sequence which[b].
struct Request {
  Split split;
  std::span<const std::int64_t> which;
  Index count() const { return static_cast<Index>(which.size()); }
};

/// A task holds no network and knows no trainer: it hands out numbered sequences, always the same
/// ones for the same numbers, from any thread. The kernel shuffles.
class Task {
 public:
  virtual ~Task() = default;
  virtual TaskShape shape() const = 0;

  /// input: inputs x steps*count; target: targets x steps*count, or x count when last_step_only.
  /// Either may be empty when nobody wants it.
  virtual void fetch(const Request& request, Out input, Out target) const = 0;

  /// The same in float32, which training asks for. A task that does not write it itself answers
  /// false: then fetch() is asked for some sequences at a time, and the border narrows them.
  virtual bool fetch_single(const Request&, OutOf<float>, OutOf<float>) const { return false; }

  /// Steps from .. from+steps-1 of the long inputs that drive a network in an analysis:
  /// inputs x steps*count. Default: the sequences of fetch, which are `steps` long.
  virtual void drive(const Request& request, Index from, Index steps, Out input) const {
    const TaskShape s = shape();
    if (from + steps > s.steps)
      throw BadShape("the task's sequences have " + std::to_string(s.steps) + " steps, " +
                     std::to_string(from + steps) + " are asked; lower `steps` or `warmup`");
    Matrix whole(s.inputs, s.steps * request.count()), nothing(0, 0);
    fetch(request, whole, nothing);
    input = whole.middleCols(from * request.count(), steps * request.count());
  }

  /// Only for Loss::Own: mean loss of a batch and its gradient by the prediction.
  virtual double loss(In, In, Out) const {
    throw std::logic_error("a task with Loss::Own must override loss()");
  }
  /// Further figures of whole sequences worth reporting with every evaluated split, means over
  /// them, e.g. {"bits", 1.7} as "validation_bits". Columns as in fetch(); only the last step's
  /// when last_step_only. Default: none.
  virtual std::vector<std::pair<std::string, double>> metrics(In, In) const { return {}; }
};

}  // namespace lyap
