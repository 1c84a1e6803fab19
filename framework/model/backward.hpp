// framework/model/backward.hpp - the loss on the chunk a pass has just run, and its adjoint.
#pragma once
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "linalg/matrix.hpp"
#include "model/loss.hpp"
#include "model/pass.hpp"
#include "model/task.hpp"

namespace lyap::framework {

/// Which columns the loss looks at: `count` steps of the chunk from step `first` (1 = the chunk's
/// first).
struct LossSteps {
  std::int64_t first = 1, count = 0;
};

struct BackwardRequest {
  LossSteps steps;
  lyap_const_matrix target;  ///< targets x steps.count*B
  double scale = 1;          ///< the adjoint is that of scale times the sum of the columns' losses
  double dropout = 0;        ///< of what the readout sees
  Random* mask = nullptr;    ///< needed for dropout
  /// Out: state x (count+1)*B, total adjoints of s_0 .. s_count with all coordinates of s_t
  /// independent, dL/ds_t = J_{t+1}^T dL/ds_{t+1} + what the readout of step t adds; optional.
  lyap_matrix state_bars{};
  lyap_matrix input_bars{};                  ///< out: inputs x count*B; optional
  const lyap_matrix* weight_bars = nullptr;  ///< added to, one a weight; optional
  /// Out: state x count*B, what the loss adds at each step by way of that step's readout; optional.
  lyap_matrix direct_bars{};
  lyap_matrix losses{};  ///< out: 1 x B, the mean loss of each sequence over `steps`; optional

  bool propagates() const { return state_bars.data || input_bars.data || weight_bars; }
};

/// Back-propagation through time over one chunk, layers from top to bottom; keeps its memory for
/// the next chunk.
class BackwardPass {
 public:
  /// InputError: the pass runs in closed loop, there is no readout, or no loss.
  LossSum run(Pass& pass, const TaskView& task, const BackwardRequest& request);

 private:
  static std::int64_t steps_at_a_time(const Pass& pass, const BackwardRequest& request);
  void allocate(const Pass& pass, const BackwardRequest& request);
  lyap_const_matrix drop(const lyap_const_matrix& seen, const BackwardRequest& request);
  void through_readout(Pass& pass, const lyap_const_matrix& seen, const BackwardRequest& request);
  void through_layer(Pass& pass, std::size_t layer, const BackwardRequest& request);
  void through_blocks(Pass& pass, std::size_t layer, const lyap_matrix& first_bar,
                      const lyap_matrix& input_bars, const lyap_matrix* weight_bars);
  void give_state_bars(const Pass& pass, const lyap_matrix& state_bars);
  void give_direct_bars(const Pass& pass, const lyap_matrix& direct_bars);
  void give_losses(const Pass& pass, const TaskView& task, const BackwardRequest& request);

  Buffer seen_, dropped_, mask_, prediction_, gradient_, seen_bar_;
  std::int64_t block_ = 0;          // steps whose adjoints have room at a time
  std::vector<Buffer> bars_;        // [layer] state x block*B
  std::vector<Buffer> first_bars_;  // [layer] state x B
  std::vector<Buffer> input_bars_;  // [layer] inputs x count*B, where they need a place
  std::vector<Buffer> from_above_;  // [layer] the part of bars_ that came through the layer above
};

/// Loss alone, without adjoints and dropout.
LossSum loss_of(const Pass& pass, const TaskView& task, LossSteps steps, lyap_const_matrix target,
                Buffer& seen, Buffer& prediction);

}  // namespace lyap::framework
