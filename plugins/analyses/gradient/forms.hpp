// gradient/forms.hpp - the gradient by the states from Q, R and what the loss adds at each step.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <vector>

#include "gradient/frame_history.hpp"

namespace lyap::gradient {

/// coordinates.col(t) = v_t = Q_t^T dL/ds_t and gradient.col(t) = Q_t v_t, t = 0 .. steps, from
///   v_t = Q_t^T g_t + R_{t+1}^T v_{t+1},
/// because J_{t+1}^T .. J_s^T = Q_t R_{t+1}^T .. R_s^T Q_s^T. direct: n x steps, column t-1 is g_t,
/// what the loss adds to the adjoint of s_t by the readout of that step.
inline void forward_form(FrameHistory& history, const Pass& pass, const Matrix& first, In direct,
                         Out coordinates, Out gradient) {
  Vector v = Vector::Zero(history.rows());
  history.backwards(pass, first, [&](Index t, const auto& Q, const auto& R) {
    if (t > 0) v.noalias() += Q.transpose() * direct.col(t - 1);
    coordinates.col(t) = v;
    gradient.col(t).noalias() = Q * v;
    if (t > 0) v = R.transpose().template triangularView<Eigen::Lower>() * v;
  });
}

/// Eq. 12 as printed, at one step: sum_{s >= t} Q_s R_s .. R_{t+1} Q_t^T g_s. The terms of all s
/// with a loss (`losses`, ascending) go through the R side by side.
inline Vector printed_form(const FrameHistory& history, In direct, const std::vector<Index>& losses,
                           Index t) {
  const auto first = std::lower_bound(losses.begin(), losses.end(), t);
  const auto count = static_cast<Index>(losses.end() - first);
  Vector sum = Vector::Zero(history.rows());
  Matrix terms(history.rows(), count);
  for (Index i = 0; i < count; ++i)
    terms.col(i).noalias() = history.Q(t).transpose() * direct.col(first[i] - 1);
  Index done = 0;
  for (Index s = t; done < count; ++s) {
    auto left = terms.rightCols(count - done);
    if (s > t) left = history.R(s).template triangularView<Eigen::Upper>() * left;
    if (first[done] != s) continue;
    sum.noalias() += history.Q(s) * terms.col(done);
    ++done;
  }
  return sum;
}

}  // namespace lyap::gradient
