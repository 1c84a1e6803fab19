// plugins/cells/skew_exponential.cpp - by the eigenvectors of a skew-symmetric matrix.
#include "skew_exponential.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <complex>

namespace lyap::cells {

SkewExponential::SkewExponential(const Matrix& A) {
  const Eigen::SelfAdjointEigenSolver<ComplexMatrix> eigen(std::complex<double>(0, -1) *
                                                           A.cast<std::complex<double>>());
  Z_ = eigen.eigenvectors();
  theta_ = eigen.eigenvalues();
}

Matrix SkewExponential::value() const {
  const Eigen::VectorXcd rotations =
      theta_.unaryExpr([](double theta) { return std::polar(1.0, theta); });
  return (Z_ * rotations.asDiagonal() * Z_.adjoint()).real();
}

Matrix SkewExponential::pull(const Matrix& P_bar) const {
  ComplexMatrix M = Z_.adjoint() * P_bar * Z_;
  for (Index k = 0; k < M.cols(); ++k)
    for (Index j = 0; j < M.rows(); ++j) {
      const double half = (theta_(j) - theta_(k)) / 2;
      const double sinc = half == 0 ? 1 : std::sin(half) / half;
      M(j, k) *= std::polar(1.0, -(theta_(j) + theta_(k)) / 2) * sinc;
    }
  return (Z_ * M * Z_.adjoint()).real();
}

}  // namespace lyap::cells
