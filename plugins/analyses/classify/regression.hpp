// classify/regression.hpp - ordinary least squares on the labels 0 and 1, with an intercept.
#pragma once
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>

namespace lyap::classify {

/// y = intercept + x^T slope.
struct Regression {
  Vector slope;
  double intercept;

  double operator()(std::span<const double> x) const {
    return intercept + slope.dot(Eigen::Map<const Vector>(x.data(), slope.size()));
  }
};

/// X: rows x features, y: rows. Of all that fit equally well the one with the smallest slope:
/// interpolated spectra have more features than degrees of freedom. Singular values below
/// epsilon * max(rows, features) of the largest count as zero.
inline Regression regression_of(const Matrix& X, const Vector& y, const Host& host) {
  const Eigen::RowVectorXd centre = X.colwise().mean();
  const Index rank = std::min(X.rows(), X.cols());
  Matrix A = X.rowwise() - centre, U(X.rows(), rank), Vt(rank, X.cols());
  Vector s(rank);
  host.svd(A, s, U, Vt);
  const double least = std::numeric_limits<double>::epsilon() *
                       static_cast<double>(std::max(X.rows(), X.cols())) * s[0];
  Vector along = U.transpose() * (y.array() - y.mean()).matrix();
  for (Index i = 0; i < rank; ++i) along[i] = s[i] > least ? along[i] / s[i] : 0;
  Regression fit;
  fit.slope = Vt.transpose() * along;
  fit.intercept = y.mean() - centre.dot(fit.slope);
  return fit;
}

}  // namespace lyap::classify
