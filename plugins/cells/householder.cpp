// plugins/cells/householder.cpp - the product of reflections, and its derivative.
#include "householder.hpp"

#include <stdexcept>
#include <string>

namespace lyap::cells {

Matrix HouseholderRecurrence::make(const std::vector<Matrix>& weights) {
  const Matrix& w = weights[0];
  const Index n = w.rows(), reflections = std::min(w.cols(), n - 1);
  signed_ = w.cols() == n;
  sign_ = signed_ && w(n - 1, n - 1) < 0 ? -1 : 1;
  U_ = w.leftCols(reflections).triangularView<Eigen::Lower>();
  S_ = (U_.transpose() * U_).triangularView<Eigen::Upper>();
  S_.diagonal() /= 2;
  for (Index j = 0; j < reflections; ++j)
    if (!(S_(j, j) > 0))
      throw std::invalid_argument(
          "column " + std::to_string(j + 1) +
          " of U has no direction: it is zero on and below the diagonal, or not finite");
  X_ = S_.triangularView<Eigen::Upper>().solve(U_.transpose());
  Matrix V = -U_ * X_;
  V.diagonal().array() += 1;
  V.rightCols(1) *= sign_;
  return V;
}

std::vector<Matrix> HouseholderRecurrence::pull(const Matrix& V_bar) const {
  Matrix G = V_bar;
  G.rightCols(1) *= sign_;
  const Matrix Y =
      S_.triangularView<Eigen::Upper>().transpose().solve(-(U_.transpose() * G));  // m x n
  Matrix S_bar = (-Y * X_.transpose()).triangularView<Eigen::Upper>();
  S_bar.diagonal() /= 2;
  const Matrix U_bar = Y.transpose() - G * X_.transpose() + U_ * (S_bar + S_bar.transpose());
  Matrix w_bar = Matrix::Zero(U_.rows(), U_.cols() + signed_);
  w_bar.leftCols(U_.cols()) = U_bar.triangularView<Eigen::Lower>();
  return {w_bar};
}

}  // namespace lyap::cells
