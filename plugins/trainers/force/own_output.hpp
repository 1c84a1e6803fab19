// plugins/trainers/force/own_output.hpp - networks that run on their own output.
#pragma once
#include <lyap/lyap.hpp>
#include <utility>

namespace lyap::force {

/// One step: s <- F(z, s) with the z of the step before, r = o(s), z = w r; for one network or for
/// several side by side that differ in w alone. That z stands between the steps, where learning
/// looks at it, is why the loop is closed here and not in the pass.
class OwnOutput {
 public:
  /// `pass`: a sequence for every network, in open loop, one step at a time; w: outputs x N.
  OwnOutput(Pass pass, Index outputs, Index N)
      : pass_(std::move(pass)),
        outputs_(outputs),
        readouts_(N, outputs * pass_.batch()),
        r_(N, pass_.batch()),
        z_(outputs, pass_.batch()) {}

  /// `state` (state x networks) without columns: the cell's own start. z (outputs x networks): the
  /// output fed back first.
  void start(In state, In z) {
    if (state.cols() > 0)
      pass_.start(state);
    else
      pass_.start();
    steps_ = 0, z_ = z;
  }
  void read_out(Index network, In w) {
    readouts_.middleCols(network * outputs_, outputs_) = w.transpose();
  }
  void step() {
    pass_.run(z_);
    pass_.seen(1, r_);
    for (Index i = 0; i < readouts_.cols(); ++i)
      z_(i % outputs_, i / outputs_) = readouts_.col(i).dot(r_.col(i / outputs_));
    steps_ = 1;
  }

  /// z, outputs x networks.
  const Matrix& output() const { return z_; }
  /// r after a step, N x networks.
  const Matrix& seen() const { return r_; }
  void state(Out state) const { pass_.state(steps_, state); }

 private:
  Pass pass_;
  Index outputs_;
  Matrix readouts_;  // column network * outputs + output
  Matrix r_, z_;
  Index steps_ = 0;  // of the chunk last run
};

}  // namespace lyap::force
