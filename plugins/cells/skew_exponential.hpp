// plugins/cells/skew_exponential.hpp - the exponential of a skew-symmetric matrix and its adjoint.
#pragma once
#include <lyap/views.hpp>

namespace lyap::cells {

/// exp(A) for real A = -A^T, orthogonal, from A = Z D(i theta) Z^* with Z unitary.
class SkewExponential {
 public:
  using ComplexMatrix = Eigen::MatrixXcd;

  SkewExponential() = default;
  explicit SkewExponential(const Matrix& A);

  Matrix value() const;

  /// A_bar from the adjoint of the value: Z (conj(F) o Z^* P_bar Z) Z^*, where F_jk is the divided
  /// difference (e^{i theta_j} - e^{i theta_k}) / (i theta_j - i theta_k), here without its
  /// cancellation.                           Higham, Functions of Matrices, SIAM (2008), Thm 3.11
  Matrix pull(const Matrix& P_bar) const;

 private:
  ComplexMatrix Z_;
  Vector theta_;
};

}  // namespace lyap::cells
