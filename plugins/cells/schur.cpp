// plugins/cells/schur.cpp - a matrix from its real Schur form, and its derivative.
#include "schur.hpp"

#include <cmath>

namespace lyap::cells {

Matrix SchurRecurrence::make(const std::vector<Matrix>& weights) {
  const Matrix L = weights[0].triangularView<Eigen::StrictlyUpper>();
  exponential_ = SkewExponential(L - L.transpose());
  P_ = exponential_.value();
  theta_ = weights[1], gamma_ = weights[2];
  S_ = masked(weights[3]);
  for (Index i = 0; i < theta_.size(); ++i) {
    const double c = std::cos(theta_(i)), s = std::sin(theta_(i));
    S_.block<2, 2>(2 * i, 2 * i) += gamma_(i) * (Eigen::Matrix2d() << c, -s, s, c).finished();
  }
  return P_ * S_.transpose() * P_.transpose();
}

std::vector<Matrix> SchurRecurrence::pull(const Matrix& V_bar) const {
  const Matrix S_bar = P_.transpose() * V_bar.transpose() * P_;
  const Matrix P_bar = V_bar * P_ * S_ + V_bar.transpose() * P_ * S_.transpose();
  const Matrix A_bar = exponential_.pull(P_bar);
  const Matrix L_bar = (A_bar - A_bar.transpose()).triangularView<Eigen::StrictlyUpper>();
  Matrix theta_bar(theta_.size(), 1), gamma_bar(theta_.size(), 1);
  for (Index i = 0; i < theta_.size(); ++i) {
    const Eigen::Matrix2d b = S_bar.block<2, 2>(2 * i, 2 * i);
    const double c = std::cos(theta_(i)), s = std::sin(theta_(i));
    const double along = b(0, 0) + b(1, 1), across = b(1, 0) - b(0, 1);
    gamma_bar(i) = c * along + s * across;
    theta_bar(i) = gamma_(i) * (c * across - s * along);
  }
  return {L_bar, theta_bar, gamma_bar, masked(S_bar)};
}

Matrix SchurRecurrence::masked(const Matrix& T) const {
  Matrix upper = T.triangularView<Eigen::StrictlyUpper>();
  for (Index i = 0; !whole_upper_ && i + 1 < upper.rows(); i += 2) upper(i, i + 1) = 0;
  return upper;
}

}  // namespace lyap::cells
