// plugins/cells/factorised.hpp - a matrix by its singular values, and steps that keep its factors
// orthogonal.
#pragma once
#include <Eigen/LU>

#include "recurrence.hpp"

namespace lyap::cells {

/// V = U D(s) W^T from weights U (n x n), p (n x 1), W (n x n), s_i = 1 - m + 2 m sigmoid(p_i):
/// with U and W orthogonal the singular values lie between 1 - m and 1 + m.
///                                                                 Vorontsov et al., ICML 2017
class FactorisedRecurrence final : public Recurrence {
 public:
  explicit FactorisedRecurrence(double margin) : margin_(margin) {}

  Matrix make(const std::vector<Matrix>& weights) override {
    U_ = weights[0], W_ = weights[2];
    const Vector sigmoid = (1 + (-weights[1].col(0).array()).exp()).inverse();
    s_ = 1 - margin_ + 2 * margin_ * sigmoid.array();
    slope_ = 2 * margin_ * sigmoid.array() * (1 - sigmoid.array());
    return U_ * s_.asDiagonal() * W_.transpose();
  }

  std::vector<Matrix> pull(const Matrix& V_bar) const override {
    const Matrix by_U = V_bar * W_, by_W = V_bar.transpose() * U_;
    const Vector by_s = U_.cwiseProduct(by_U).colwise().sum();
    return {by_U * s_.asDiagonal(), by_s.cwiseProduct(slope_), by_W * s_.asDiagonal()};
  }

 private:
  double margin_;
  Matrix U_, W_;
  Vector s_, slope_;
};

enum class CayleyStep {
  Descent,   ///< A = G W^T - W G^T
  Published  ///< A = G^T W - W^T G, which raises the loss about as often as it lowers it
};

/// (E + rate/2 A)^-1 (E - rate/2 A) W: a step against the gradient G along orthogonal matrices.
inline Matrix cayley_step(const Matrix& W, const Matrix& G, double rate, CayleyStep kind) {
  const Matrix A = kind == CayleyStep::Descent ? Matrix(G * W.transpose() - W * G.transpose())
                                               : Matrix(G.transpose() * W - W.transpose() * G);
  const Matrix one = Matrix::Identity(W.rows(), W.cols());
  const Matrix stepped = (one + rate / 2 * A).lu().solve(W - rate / 2 * (A * W));
  // Rounding, above all to float32, would add up over the steps: one step of Newton's iteration
  // for the nearest orthogonal matrix squares what is left of it.
  return stepped * (1.5 * one - 0.5 * (stepped.transpose() * stepped));
}

}  // namespace lyap::cells
