// plugins/trainers/force/learner.hpp - a network on its own output whose readout learns as it runs.
#pragma once
#include <lyap/lyap.hpp>
#include <utility>

#include "least_squares.hpp"

namespace lyap::force {

/// One step: s <- F(z, s) with the z of the step before, r = o(s), z = w r, e = z - f, then (w, P)
/// if it learns. The feedback is carried: z is that of the weights before they changed.
class Learner {
 public:
  /// `pass`: one sequence in open loop, started; w (outputs x N) are the weights it reads out with.
  Learner(Pass pass, View P, View w)
      : pass_(std::move(pass)), squares_(P, w), r_(w.cols(), 1), z_(w.rows(), 1), e_(w.rows()) {}

  /// `state` (state x 1) without columns: the cell's own start. z: the output fed back first.
  void start(In state, In z) {
    if (state.cols() > 0)
      pass_.start(state);
    else
      pass_.start();
    steps_ = 0, z_ = z;
  }
  void run() {
    pass_.run(z_);
    pass_.output(1, z_);
    steps_ = 1;
  }
  /// Runs one step beside its target (outputs x 1); gives e = z - f from the old weights.
  const Vector& run(In target, bool learn) {
    run();
    e_ = z_ - target;
    if (learn) {
      pass_.seen(1, r_);
      squares_.update(r_.col(0), e_);
    }
    return e_;
  }

  LeastSquares& squares() { return squares_; }
  const Matrix& output() const { return z_; }
  void state(Out state) const { pass_.state(steps_, state); }

 private:
  Pass pass_;
  LeastSquares squares_;
  Matrix r_, z_;
  Vector e_;
  Index steps_ = 0;  ///< of the chunk last run
};

}  // namespace lyap::force
