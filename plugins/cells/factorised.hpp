// plugins/cells/factorised.hpp - a matrix by its singular values, and steps that keep its factors
// orthogonal.
#pragma once
#include "recurrence.hpp"

namespace lyap::cells {

/// V = U D(s) W^T from weights U (n x n), p (n x 1), W (n x n), s_i = 1 - m + 2 m sigmoid(p_i):
/// with U and W orthogonal the singular values lie between 1 - m and 1 + m.
///                                                                 Vorontsov et al., ICML 2017
class FactorisedRecurrence final : public Recurrence {
 public:
  explicit FactorisedRecurrence(double margin) : margin_(margin) {}

  Matrix make(const std::vector<Matrix>& weights) override;

  std::vector<Matrix> pull(const Matrix& V_bar) const override;

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
Matrix cayley_step(const Matrix& W, const Matrix& G, double rate, CayleyStep kind);

}  // namespace lyap::cells
