// plugins/cells/schur.hpp - a matrix by its real Schur form in the basis exp(A) of a skew A.
#pragma once
#include "recurrence.hpp"
#include "skew_exponential.hpp"

namespace lyap::cells {

/// V = R^T with R = P S P^T, P = exp(A) orthogonal and S in real Schur form: rotations by theta_i
/// times gamma_i in 2 x 2 blocks on the diagonal, T above. A = L - L^T, L the part of log_P above
/// its diagonal.                                                          Kerg et al., NeurIPS 2019
class SchurRecurrence final : public Recurrence {
 public:
  /// `whole_upper`: T also has the upper right entry of every block.
  explicit SchurRecurrence(bool whole_upper) : whole_upper_(whole_upper) {}

  /// Weights: log_P (n x n), theta, gamma (n/2 x 1), T (n x n).
  Matrix make(const std::vector<Matrix>& weights) override;

  std::vector<Matrix> pull(const Matrix& V_bar) const override;

 private:
  Matrix masked(const Matrix& T) const;

  bool whole_upper_;
  SkewExponential exponential_;
  Matrix P_, S_;
  Vector theta_, gamma_;
};

}  // namespace lyap::cells
