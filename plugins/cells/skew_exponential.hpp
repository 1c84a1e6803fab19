// plugins/cells/skew_exponential.hpp - the exponential of a skew-symmetric matrix and its adjoint.
#pragma once
#include <Eigen/Eigenvalues>
#include <cmath>
#include <complex>
#include <lyap/views.hpp>

namespace lyap::cells {

/// exp(A) for real A = -A^T, orthogonal, from A = Z D(i theta) Z^* with Z unitary.
class SkewExponential {
 public:
  using ComplexMatrix = Eigen::MatrixXcd;

  SkewExponential() = default;
  explicit SkewExponential(const Matrix& A) {
    const Eigen::SelfAdjointEigenSolver<ComplexMatrix> eigen(std::complex<double>(0, -1) *
                                                             A.cast<std::complex<double>>());
    Z_ = eigen.eigenvectors();
    theta_ = eigen.eigenvalues();
  }

  Matrix value() const {
    const Eigen::VectorXcd rotations =
        theta_.unaryExpr([](double theta) { return std::polar(1.0, theta); });
    return (Z_ * rotations.asDiagonal() * Z_.adjoint()).real();
  }

  /// A_bar from the adjoint of the value: Z (conj(F) o Z^* P_bar Z) Z^*, where F_jk is the divided
  /// difference (e^{i theta_j} - e^{i theta_k}) / (i theta_j - i theta_k), here without its
  /// cancellation.                           Higham, Functions of Matrices, SIAM (2008), Thm 3.11
  Matrix pull(const Matrix& P_bar) const {
    ComplexMatrix M = Z_.adjoint() * P_bar * Z_;
    for (Index k = 0; k < M.cols(); ++k)
      for (Index j = 0; j < M.rows(); ++j) {
        const double half = (theta_(j) - theta_(k)) / 2;
        const double sinc = half == 0 ? 1 : std::sin(half) / half;
        M(j, k) *= std::polar(1.0, -(theta_(j) + theta_(k)) / 2) * sinc;
      }
    return (Z_ * M * Z_.adjoint()).real();
  }

 private:
  ComplexMatrix Z_;
  Vector theta_;
};

}  // namespace lyap::cells
