// plugins/cells/factorised.cpp - a matrix from its singular values, and Cayley steps.
#include "factorised.hpp"

#include <Eigen/LU>

namespace lyap::cells {

Matrix FactorisedRecurrence::make(const std::vector<Matrix>& weights) {
  U_ = weights[0], W_ = weights[2];
  const Vector sigmoid = (1 + (-weights[1].col(0).array()).exp()).inverse();
  s_ = 1 - margin_ + 2 * margin_ * sigmoid.array();
  slope_ = 2 * margin_ * sigmoid.array() * (1 - sigmoid.array());
  return U_ * s_.asDiagonal() * W_.transpose();
}

std::vector<Matrix> FactorisedRecurrence::pull(const Matrix& V_bar) const {
  const Matrix by_U = V_bar * W_, by_W = V_bar.transpose() * U_;
  const Vector by_s = U_.cwiseProduct(by_U).colwise().sum();
  return {by_U * s_.asDiagonal(), by_s.cwiseProduct(slope_), by_W * s_.asDiagonal()};
}

Matrix cayley_step(const Matrix& W, const Matrix& G, double rate, CayleyStep kind) {
  const Matrix A = kind == CayleyStep::Descent ? Matrix(G * W.transpose() - W * G.transpose())
                                               : Matrix(G.transpose() * W - W.transpose() * G);
  const Matrix one = Matrix::Identity(W.rows(), W.cols());
  const Matrix stepped = (one + rate / 2 * A).lu().solve(W - rate / 2 * (A * W));
  // Rounding, above all to float32, would add up over the steps: one step of Newton's iteration
  // for the nearest orthogonal matrix squares what is left of it.
  return stepped * (1.5 * one - 0.5 * (stepped.transpose() * stepped));
}

}  // namespace lyap::cells
