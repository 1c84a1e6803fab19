// tests/plugins/spectrum/reference.hpp - exponents by modified Gram-Schmidt in long double: slow
// and plain.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace reference {

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;
using LongMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

inline Matrix random(Index rows, Index cols, const std::string& name) {
  Matrix a(rows, cols);
  lyap::framework::Random(3, name).fill_normal({a.data(), static_cast<std::size_t>(a.size())});
  return a;
}

/// Elements uniform in (-bound, bound).
inline Matrix uniform(Index rows, Index cols, double bound, const std::string& name) {
  Matrix a(rows, cols);
  lyap::framework::Random(3, name).fill_uniform({a.data(), static_cast<std::size_t>(a.size())});
  return (2 * a.array() - 1).matrix() * bound;
}

/// lambda_i of J_T .. J_1 Q_0; nats per step.
inline Vector exponents(const std::vector<Matrix>& jacobians, const Matrix& first) {
  using std::log;
  using std::sqrt;
  const Index k = first.cols();
  LongMatrix Q = first.cast<long double>();
  Vector growth = Vector::Zero(k);
  for (const Matrix& J : jacobians) {
    Q = (J.cast<long double>() * Q).eval();
    for (Index j = 0; j < k; ++j) {
      for (int pass = 0; pass < 2; ++pass)
        for (Index i = 0; i < j; ++i) {
          const long double along = Q.col(i).dot(Q.col(j));
          Q.col(j) -= along * Q.col(i);
        }
      const long double length = sqrt(Q.col(j).squaredNorm());
      growth[j] += static_cast<double>(log(length));
      Q.col(j) /= length;
    }
  }
  return growth / static_cast<double>(jacobians.size());
}

/// Q_0 = the first k columns of the identity.
inline Vector exponents(const std::vector<Matrix>& jacobians, Index k) {
  return exponents(jacobians, Matrix::Identity(jacobians.front().rows(), k));
}

inline double distance(const Vector& a, const Vector& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

}  // namespace reference
