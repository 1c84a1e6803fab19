// plugins/trainers/force/own_output.hpp - a network that runs on its own output.
#pragma once
#include <lyap/lyap.hpp>
#include <utility>

namespace lyap::force {

/// One step: s <- F(z, s) with the z of the step before, z = w o(s). That z stands between the
/// steps, where learning looks at it, is why the loop is closed here and not in the pass.
class OwnOutput {
 public:
  /// `pass`: one sequence in open loop, one step at a time.
  explicit OwnOutput(Pass pass, Index outputs) : pass_(std::move(pass)), z_(outputs, 1) {}

  /// `state` (state x 1) without columns: the cell's own start. z: the output fed back first.
  void start(In state, In z) {
    if (state.cols() > 0)
      pass_.start(state);
    else
      pass_.start();
    steps_ = 0, z_ = z;
  }
  void step() {
    pass_.run(z_);
    pass_.output(1, z_);
    steps_ = 1;
  }

  /// z, outputs x 1.
  const Matrix& output() const { return z_; }
  /// r = o(s) after a step, N x 1.
  void seen(Out r) const { pass_.seen(1, r); }
  void state(Out state) const { pass_.state(steps_, state); }

 private:
  Pass pass_;
  Matrix z_;
  Index steps_ = 0;  ///< of the chunk last run
};

}  // namespace lyap::force
