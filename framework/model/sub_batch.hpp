// framework/model/sub_batch.hpp - the part of a mini-batch that one worker carries through.
#pragma once
#include <cstdint>
#include <string>

#include "linalg/matrix.hpp"
#include "model/backward.hpp"
#include "model/pass.hpp"
#include "model/task.hpp"
#include "model/weights.hpp"

namespace lyap::framework {

struct SubBatchRequest {
  std::int32_t split = LYAP_TRAIN;
  const std::int64_t* which = nullptr;  ///< as many as the sub-batch has columns
  double dropout = 0;
  bool carry = false;
  double scale = 1;  ///< the gradient is that of scale times the sum of losses
  std::string stream;
};

/// What a network is worth on sequences it does not learn from.
struct Evaluation {
  LossSum loss;
  FigureMeans figures;
};

class SubBatch {
 public:
  /// `columns` sequences, chunks of `steps` (0: as many as the pass's memory budget allows).
  SubBatch(const Network& network, const JacobianProvider& derivatives, const Weights& weights,
           const TaskView& task, std::int64_t columns, std::int64_t steps, bool noise,
           std::uint64_t seed);

  std::int64_t columns() const { return pass_.batch(); }
  const Weights& gradient() const { return gradient_; }

  /// Runs the sequences chunk by chunk; back-propagation ends at the beginning of each chunk.
  /// Denormal numbers are taken as 0 meanwhile.
  LossSum train(const Weights& weights, const SubBatchRequest& request);
  /// The task's own figures too, when the chunks are whole sequences.
  Evaluation evaluate(const Weights& weights, std::int32_t split, const std::int64_t* which);

 private:
  void fetch(std::int32_t split, const std::int64_t* which);
  /// Runs the chunks; `visit` gets the steps with a loss and their target, and returns their loss.
  template <class Visit>
  LossSum run_chunks(Visit&& visit);

  const TaskView& task_;
  Pass pass_;
  BackwardPass backward_;
  Weights gradient_;
  Buffer input_, target_, final_state_, seen_, prediction_;
};

}  // namespace lyap::framework
