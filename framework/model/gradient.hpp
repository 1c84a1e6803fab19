// framework/model/gradient.hpp - the training step: mean loss of a mini-batch and its gradient.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/workers.hpp"
#include "linalg/matrix.hpp"
#include "model/backward.hpp"
#include "model/network.hpp"
#include "model/sub_batch.hpp"
#include "model/task.hpp"
#include "model/weights.hpp"

namespace lyap::framework {

struct BatchRequest {
  std::int32_t split = LYAP_TRAIN;
  const std::int64_t* which = nullptr;  ///< sequences of the batch
  std::int64_t count = 0;
  std::int64_t window = 0;  ///< back-propagation is cut after so many steps; 0: whole sequence
  double dropout = 0;       ///< of the readout's input, 0 <= dropout < 1
  /// Start from the final state of the previous batch; the cells' own start when there was none of
  /// this size, or another batch size came between.
  bool carry = false;
  std::string stream;  ///< of dropout, noise and sampled starts
};

/// Back-propagation through time over workers.  A batch is cut into sub-batches whose number
/// depends on its size alone, each with its own pass and gradient, summed in a fixed order: every
/// number of workers gives the same bits.  Memory is kept for batches of the same size.
class BatchGradient {
 public:
  /// All arguments must outlive the object; the dtype of the weights is that of the training.
  BatchGradient(const Network& network, const Weights& weights, const TaskView& task,
                Workers& workers, std::uint64_t seed);

  /// Sum over the batch; mean() and accuracy() are the batch's.  Leaves the gradient of mean().
  LossSum batch(const BatchRequest& request);
  /// Stays where it is.
  const Weights& gradient() const { return gradient_; }

  /// Over a whole split in its own order, without noise and dropout; `batch` bounds the sequences
  /// that one worker runs at a time.
  Evaluation evaluate(std::int32_t split, std::int64_t batch);

 private:
  using Parts = std::vector<std::unique_ptr<SubBatch>>;
  Parts& parts_of(std::int64_t count, std::int64_t steps);
  void add_up(const Parts& parts);

  const Network& network_;
  const Weights& weights_;
  const TaskView& task_;
  Workers& workers_;
  std::uint64_t seed_;
  std::unique_ptr<JacobianProvider> derivatives_;
  std::map<std::pair<std::int64_t, std::int64_t>, Parts> parts_;  // by batch size and chunk
  const Parts* previous_ = nullptr;
  Weights gradient_;
  std::vector<std::map<std::int64_t, std::unique_ptr<SubBatch>>> evaluators_;  // [worker][columns]
};

}  // namespace lyap::framework
