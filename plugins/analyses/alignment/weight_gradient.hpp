// alignment/weight_gradient.hpp - the gradient of the loss at one step by the recurrent matrix.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

#include "recurrent_weight.hpp"

namespace lyap::alignment {

/// Gradients along one sequence from one initial state, of a pass of batch 1 that ran all its
/// steps. [one thread per object]
class WeightGradient {
 public:
  WeightGradient(const Model& model, const Recurrent& recurrent, Index steps)
      : recurrent_(recurrent),
        gradient_(recurrent.gates * recurrent.units, recurrent.units),
        state_(model.state(), 1) {
    if (recurrent_.weight) {
      adjoints_.weights.resize(model.weights().size());
      weight() = gradient_;
    } else {
      adjoints_.states.resize(model.state(), steps + 1);
      before_.resize(recurrent.units, steps);
    }
  }

  /// The pass has just run another sequence.
  void begin(const Pass& pass) {
    if (recurrent_.weight) return;
    for (Index t = 0; t < before_.cols(); ++t) {
      pass.state(t, state_);
      before_.col(t) = state_.middleRows(recurrent_.row, recurrent_.units);
    }
  }

  /// gates*units x units: dL_t/dV, L_t the loss at step t >= 1 of this sequence; of the feedback
  /// sum_{s<=t} dL_t/dh_s h_{s-1}^T. Rank t at most: one outer product a step.
  const Matrix& at(Pass& pass, In target, Index t) {
    if (recurrent_.weight) {
      weight().setZero();
      pass.backward(target, adjoints_, t);
      return weight();
    }
    pass.backward(target, adjoints_, t);
    gradient_.noalias() = adjoints_.states.block(recurrent_.row, 1, recurrent_.units, t) *
                          before_.leftCols(t).transpose();
    return gradient_;
  }

 private:
  Matrix& weight() { return adjoints_.weights[*recurrent_.weight]; }

  const Recurrent& recurrent_;
  Pass::Adjoints adjoints_;
  Matrix gradient_, state_, before_;
};

}  // namespace lyap::alignment
