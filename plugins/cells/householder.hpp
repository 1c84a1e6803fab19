// plugins/cells/householder.hpp - an orthogonal matrix as a product of reflections.
#pragma once
#include <cmath>
#include <stdexcept>
#include <string>

#include "recurrence.hpp"

namespace lyap::cells {

/// V = H(u_1) .. H(u_m), H(u) = E - 2 u u^T / u^T u, u_j the part on and below the diagonal of
/// column j of one weight (n x m): orthogonal whatever the weight. With m = n the last column is a
/// single number, of which only the sign counts: it stands for the last entry of a diagonal matrix
/// of ones.                     Mhammedi et al., ICML 2017; the compact form U S^-1 U^T is that of
/// Joffrain et al., ACM Trans. Math. Softw. 32 (2006) 169.
class HouseholderRecurrence final : public Recurrence {
 public:
  /// Throws std::invalid_argument when a column is zero.
  Matrix make(const std::vector<Matrix>& weights) override {
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

  /// With V = E - U X, X = S^-1 U^T and S the upper half of U^T U, its diagonal halved.
  std::vector<Matrix> pull(const Matrix& V_bar) const override {
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

 private:
  Matrix U_, S_, X_;
  double sign_ = 1;
  bool signed_ = false;
};

/// Zero above the diagonal, columns of length 1: what V does not see is taken out of the weight.
template <Real T>
void normalise_reflections(ViewOf<T> weight) {
  for (Index j = 0; j < weight.cols(); ++j) {
    weight.col(j).head(j).setZero();
    const Vector u = weight.col(j).template cast<double>();
    if (const double length = u.norm(); length > 0) weight.col(j) = (u / length).template cast<T>();
  }
}

}  // namespace lyap::cells
