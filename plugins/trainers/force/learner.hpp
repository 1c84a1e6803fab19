// plugins/trainers/force/learner.hpp - a network on its own output whose readout learns as it runs.
#pragma once
#include <lyap/lyap.hpp>
#include <utility>

#include "least_squares.hpp"
#include "own_output.hpp"

namespace lyap::force {

/// One step: s <- F(z, s) with the z of the step before, r = o(s), z = w r, e = z - f, then (w, P)
/// if it learns. The feedback is carried: z is that of the weights before they changed.
class Learner {
 public:
  /// `pass`: one sequence in open loop, started; w (outputs x N) are the weights it reads out with.
  Learner(Pass pass, View P, View w)
      : network_(std::move(pass), w.rows(), w.cols()), squares_(P, w), w_(w), e_(w.rows()) {}

  /// `state` (state x 1) without columns: the cell's own start. z: the output fed back first.
  void start(In state, In z) {
    network_.start(state, z);
    network_.read_out(0, w_);
  }
  void run() { network_.step(); }
  /// Runs one step beside its target (outputs x 1); gives e = z - f from the old weights.
  const Vector& run(In target, bool learn) {
    run();
    e_ = output() - target;
    if (learn) {
      squares_.update(network_.seen().col(0), e_);
      network_.read_out(0, w_);
    }
    return e_;
  }

  LeastSquares& squares() { return squares_; }
  const Matrix& output() const { return network_.output(); }
  void state(Out state) const { network_.state(state); }

 private:
  OwnOutput network_;
  LeastSquares squares_;
  View w_;
  Vector e_;
};

}  // namespace lyap::force
