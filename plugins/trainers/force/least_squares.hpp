// plugins/trainers/force/least_squares.hpp - recursive least squares: one sample at a time.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::force {

/// P += U D U^T, lower triangle, N x N in columns of N; D: the factors of the columns of U, N each.
/// A loop of its own because the vectors of a library that runs everywhere are short ones.
struct AddOuterProducts {
  static constexpr Index count = 4;
  [[gnu::always_inline]] static void run(double* P, const double* U, const double* factors,
                                         Index N) {
    const double *a = U, *b = U + N, *c = U + 2 * N, *d = U + 3 * N;
    for (Index j = 0; j < N; ++j) {
      const double of_a = factors[0] * a[j], of_b = factors[1] * b[j], of_c = factors[2] * c[j],
                   of_d = factors[3] * d[j];
      for (Index i = j; i < N; ++i)
        P[j * N + i] += of_a * a[i] + of_b * b[i] + of_c * c[i] + of_d * d[i];
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
  LeastSquares(View P, View w)
      : P_(P), w_(w), Pr_(P.rows()), latest_(P.rows(), AddOuterProducts::count) {
    forget();
  }

  void begin(double alpha) {
    P_ = Matrix::Identity(P_.rows(), P_.cols()) / alpha;
    forget();
  }

  /// NotFinite: P is positive definite no more.
  void update(const Vector& r, const Vector& e) {
    Pr_.noalias() = P_.selfadjointView<Eigen::Lower>() * r;
    for (Index i = 0; i < lacking_; ++i)
      Pr_ += factors_[i] * latest_.col(i).dot(r) * latest_.col(i);
    const double divisor = 1 + r.dot(Pr_);
    if (!(divisor > 0) || !std::isfinite(divisor))
      throw NotFinite(
          "P of recursive least squares is not positive definite any more, 1 + r^T P r "
          "is " +
          std::to_string(divisor));
    w_.noalias() -= e * (Pr_ / divisor).transpose();
    latest_.col(lacking_) = Pr_;
    factors_[lacking_++] = -1 / divisor;
    if (lacking_ == AddOuterProducts::count) add_latest();
  }

  /// P of all samples, its upper triangle the mirror of the lower one.
  void complete() {
    add_latest();
    P_.triangularView<Eigen::StrictlyUpper>() = P_.transpose();
  }

 private:
  void add_latest() {
    run_wide<AddOuterProducts>(P_.data(), static_cast<const double*>(latest_.data()),
                               static_cast<const double*>(factors_.data()), P_.rows());
    forget();
  }
  void forget() {
    latest_.setZero();
    factors_.setZero();
    lacking_ = 0;
  }

  View P_, w_;
  Vector Pr_;
  // What P lacks of the latest samples, P r and -1 / (1 + r^T P r) of each: P is written once for
  // four of them. [512 x 512: 28 us a sample, one by one 38]
  Matrix latest_;
  Eigen::Vector4d factors_;
  Index lacking_ = 0;
};

}  // namespace lyap::force
