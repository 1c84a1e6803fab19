// plugins/trainers/force/least_squares.hpp - recursive least squares: one sample at a time.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::force {

/// P += factor u u^T, lower triangle, N x N in columns of N. A loop of its own because the vectors
/// of a library that runs everywhere are short ones. [512 x 512: Eigen's rankUpdate takes 33 us]
struct AddOuterProduct {
  [[gnu::always_inline]] static void run(double* P, const double* u, double factor, Index N) {
    for (Index j = 0; j < N; ++j) {
      const double of_column = factor * u[j];
      for (Index i = j; i < N; ++i) P[j * N + i] += of_column * u[i];
    }
  }
};

/// After the samples (r_i, f_i), w minimises sum |w r_i - f_i|^2 + alpha |w - w_0|^2:
///   k = P r / (1 + r^T P r), P <- P - (P r) k^T, w <- w - e k^T, e = w r - f; P_0 = E/alpha.
/// Haykin, Adaptive Filter Theory (2002), Ch. 9, without forgetting.
class LeastSquares {
 public:
  /// P (N x N, contiguous) and w (outputs x N) stay where they are. Of P the lower triangle is read
  /// and written, so that it is symmetric whatever rounding does.
  LeastSquares(View P, View w) : P_(P), w_(w) {}

  void begin(double alpha) { P_ = Matrix::Identity(P_.rows(), P_.cols()) / alpha; }

  /// NotFinite: P is positive definite no more.
  void update(const Vector& r, const Vector& e) {
    Pr_.noalias() = P_.selfadjointView<Eigen::Lower>() * r;
    const double divisor = 1 + r.dot(Pr_);
    if (!(divisor > 0) || !std::isfinite(divisor))
      throw NotFinite(
          "P of recursive least squares is not positive definite any more, 1 + r^T P r "
          "is " +
          std::to_string(divisor));
    run_wide<AddOuterProduct>(P_.data(), static_cast<const double*>(Pr_.data()), -1 / divisor,
                              P_.rows());
    w_.noalias() -= e * (Pr_ / divisor).transpose();
  }

  /// Makes the upper triangle the mirror of the lower one.
  void mirror() { P_.triangularView<Eigen::StrictlyUpper>() = P_.transpose(); }

 private:
  View P_, w_;
  Vector Pr_;
};

}  // namespace lyap::force
