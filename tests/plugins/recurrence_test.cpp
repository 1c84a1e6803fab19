// tests/plugins/recurrence_test.cpp - recurrent matrices made from other weights: reflections,
// orthogonal factors, a Schur form with the exponential of a skew matrix.
#include <doctest/doctest.h>

#include <Eigen/QR>
#include <functional>
#include <random>

#include "../../plugins/cells/factorised.hpp"
#include "../../plugins/cells/householder.hpp"
#include "../../plugins/cells/schur.hpp"

using namespace lyap;
using namespace lyap::cells;

namespace {

Matrix normal(std::mt19937_64& source, Index rows, Index cols, double deviation = 1) {
  std::normal_distribution<double> draw(0, deviation);
  return Matrix::NullaryExpr(rows, cols, [&] { return draw(source); });
}
Matrix orthogonal(std::mt19937_64& source, Index n) {
  return normal(source, n, n).householderQr().householderQ();
}
double gap(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}
double from_orthogonal(const Matrix& V) {
  return gap(V * V.transpose(), Matrix::Identity(V.rows(), V.rows()));
}

/// Largest error of pull, beside central differences of <V, bar> by every entry of every weight.
double error_of_pull(Recurrence& recurrence, std::vector<Matrix> weights, const Matrix& bar) {
  recurrence.make(weights);
  const std::vector<Matrix> pulled = recurrence.pull(bar);
  double worst = 0;
  for (std::size_t w = 0; w < weights.size(); ++w) {
    REQUIRE(pulled[w].rows() == weights[w].rows());
    REQUIRE(pulled[w].cols() == weights[w].cols());
    for (Index i = 0; i < weights[w].size(); ++i) {
      double& entry = weights[w].data()[i];
      const double kept = entry, h = 1e-5;
      entry = kept + h;
      const double ahead = recurrence.make(weights).cwiseProduct(bar).sum();
      entry = kept - h;
      const double behind = recurrence.make(weights).cwiseProduct(bar).sum();
      entry = kept;
      worst = std::max(worst, std::abs((ahead - behind) / (2 * h) - pulled[w].data()[i]));
    }
  }
  return worst;
}

/// exp of any matrix: its series after halving 2^10 times, undone by squaring.
Matrix series(const Matrix& A) {
  Matrix sum = Matrix::Identity(A.rows(), A.rows()), term = sum;
  for (int k = 1; k <= 12; ++k) sum += term = (term * A / (1024.0 * k)).eval();
  for (int k = 0; k < 10; ++k) sum = (sum * sum).eval();
  return sum;
}
Matrix skew(std::mt19937_64& source, Index n, double deviation = 1) {
  const Matrix M = normal(source, n, n, deviation);
  return M - M.transpose();
}

}  // namespace

TEST_CASE("reflections give the product E - 2 u u^T over u^T u, one after another, orthogonal") {
  std::mt19937_64 source(1);
  for (const Index n : {1, 2, 9})
    for (Index m = 1; m <= n; ++m) {
      Matrix w = normal(source, n, m), V = Matrix::Identity(n, n);
      for (Index j = 0; j < m; ++j) {
        Vector u = w.col(j);
        u.head(j).setZero();
        if (j + 1 == n)
          V.rightCols(1) *= u(n - 1) < 0 ? -1 : 1;
        else
          V -= V * u * (2 / u.squaredNorm()) * u.transpose();
      }
      HouseholderRecurrence recurrence;
      const Matrix made = recurrence.make({w});
      CHECK(gap(made, V) < 1e-14);
      CHECK(from_orthogonal(made) < 1e-14);
    }
}

TEST_CASE("a reflection without direction is refused") {
  Matrix w = Matrix::Ones(4, 3);
  w.col(1).tail(3).setZero();
  HouseholderRecurrence recurrence;
  CHECK_THROWS_WITH_AS(
      recurrence.make({w}),
      "column 2 of U has no direction: it is zero on and below the diagonal, or not finite",
      std::invalid_argument);
}

TEST_CASE("the derivative of the reflections is what differences say, zero above the diagonal") {
  std::mt19937_64 source(2);
  for (const Index m : {1, 3, 5, 6}) {
    HouseholderRecurrence recurrence;
    const Matrix w = normal(source, 6, m), bar = normal(source, 6, 6);
    CHECK(error_of_pull(recurrence, {w}, bar) < 1e-8);
    recurrence.make({w});
    const Matrix w_bar = recurrence.pull(bar)[0];
    CHECK(Matrix(w_bar.triangularView<Eigen::StrictlyUpper>()).isZero(0));
    // Only the direction counts: no derivative along the column itself.
    for (Index j = 0; j < m; ++j)
      CHECK(std::abs(w_bar.col(j).tail(6 - j).dot(w.col(j).tail(6 - j))) < 1e-13);
  }
}

TEST_CASE_TEMPLATE("normalised reflections have length 1, and the same product", T, float, double) {
  std::mt19937_64 source(3);
  MatrixOf<T> w = normal(source, 8, 8).cast<T>();
  HouseholderRecurrence recurrence;
  const Matrix before = recurrence.make({w.template cast<double>()});
  normalise_reflections<T>({w.data(), 8, 8, Eigen::OuterStride<>(8)});
  const Matrix normalised = w.template cast<double>();
  const double rounding = 4.0 * std::numeric_limits<T>::epsilon();
  CHECK(Matrix(normalised.triangularView<Eigen::StrictlyUpper>()).isZero(0));
  CHECK((normalised.colwise().norm().array() - 1).abs().maxCoeff() < rounding);
  CHECK(std::abs(normalised(7, 7)) == 1);
  CHECK(gap(recurrence.make({normalised}), before) < 8 * rounding);
}

TEST_CASE(
    "factors: singular values stay within the margin and have the derivative of differences") {
  std::mt19937_64 source(4);
  for (const double margin : {0.0, 0.3}) {
    FactorisedRecurrence recurrence(margin);
    const std::vector<Matrix> weights{orthogonal(source, 6), normal(source, 6, 1, 3),
                                      orthogonal(source, 6)};
    const Matrix diagonal = weights[0].transpose() * recurrence.make(weights) * weights[2];
    const Vector s = diagonal.diagonal();
    CHECK(gap(diagonal, s.asDiagonal()) < 1e-14);
    CHECK(s.minCoeff() >= 1 - margin - 1e-14);
    CHECK(s.maxCoeff() <= 1 + margin + 1e-14);
    CHECK((s.maxCoeff() - s.minCoeff() > 0.1) == (margin > 0));
    CHECK(error_of_pull(recurrence, weights, normal(source, 6, 6)) < 1e-8);
  }
}

TEST_CASE("a Cayley step goes down the gradient along orthogonal matrices") {
  std::mt19937_64 source(5);
  const Matrix target = orthogonal(source, 7);
  // The loss -<W, target>: its gradient is -target wherever W is.
  Matrix W = orthogonal(source, 7);
  const Matrix G = -target;
  const Matrix A = G * W.transpose() - W * G.transpose();
  CHECK(gap((cayley_step(W, G, 1e-6, CayleyStep::Descent) - W) / 1e-6, -A * W) < 1e-5);
  // From a point of the same component, which steps do not leave.
  W = cayley_step(target, normal(source, 7, 7), 0.3, CayleyStep::Descent);
  double loss = W.cwiseProduct(G).sum();
  for (int i = 0; i < 200; ++i) {
    W = cayley_step(W, G, 0.2, CayleyStep::Descent);
    REQUIRE(W.cwiseProduct(G).sum() <= loss + 1e-13);
    loss = W.cwiseProduct(G).sum();
  }
  CHECK(from_orthogonal(W) < 1e-13);
  CHECK(loss == doctest::Approx(-7).epsilon(1e-6));
}

TEST_CASE("the published Cayley step raises the loss in about half of all cases") {
  std::mt19937_64 source(6);
  int raised = 0;
  for (int i = 0; i < 200; ++i) {
    const Matrix W = orthogonal(source, 5), G = normal(source, 5, 5);
    const auto change = [&](CayleyStep kind) {
      return (cayley_step(W, G, 1e-6, kind) - W).cwiseProduct(G).sum();
    };
    CHECK(change(CayleyStep::Descent) < 0);
    raised += change(CayleyStep::Published) > 0;
  }
  // 200 fair coins: 100 with a standard deviation of 7.
  CHECK(raised > 70);
  CHECK(raised < 130);
}

TEST_CASE("rounding to float32 after every Cayley step does not add up") {
  std::mt19937_64 source(7);
  MatrixOf<float> W = orthogonal(source, 16).cast<float>();
  for (int i = 0; i < 2000; ++i)
    W = cayley_step(W.cast<double>(), normal(source, 16, 16), 1e-2, CayleyStep::Descent)
            .cast<float>();
  CHECK(from_orthogonal(W.cast<double>()) < 5e-7);
}

TEST_CASE("the exponential of a skew matrix is orthogonal and its series") {
  std::mt19937_64 source(8);
  for (const Index n : {1, 2, 5, 12}) {
    const Matrix A = skew(source, n);
    const Matrix P = SkewExponential(A).value();
    CHECK(gap(P, series(A)) < 1e-11);
    CHECK(from_orthogonal(P) < 1e-13);
  }
  const Matrix turn = (Matrix(2, 2) << 0, -0.7, 0.7, 0).finished();
  const Matrix rotation =
      (Matrix(2, 2) << std::cos(0.7), -std::sin(0.7), std::sin(0.7), std::cos(0.7)).finished();
  CHECK(gap(SkewExponential(turn).value(), rotation) < 1e-15);
}

TEST_CASE("the adjoint of the exponential is that of its derivative, equal angles included") {
  std::mt19937_64 source(9);
  Matrix equal = Matrix::Zero(6, 6);  // three times the same angle
  for (Index i = 0; i < 6; i += 2) equal(i, i + 1) = -(equal(i + 1, i) = 1.3);
  for (const Matrix& A :
       {skew(source, 6), skew(source, 6, 1e-7), equal, Matrix(Matrix::Zero(6, 6))}) {
    // exp [[A, E], [0, A]] = [[exp A, L(A, E)], [0, exp A]]
    const Matrix E = skew(source, 6), bar = normal(source, 6, 6);
    Matrix both = Matrix::Zero(12, 12);
    both.topLeftCorner(6, 6) = both.bottomRightCorner(6, 6) = A;
    both.topRightCorner(6, 6) = E;
    const Matrix derivative = series(both).topRightCorner(6, 6);
    CHECK(SkewExponential(A).pull(bar).cwiseProduct(E).sum() ==
          doctest::Approx(derivative.cwiseProduct(bar).sum()).epsilon(1e-10));
  }
}

TEST_CASE(
    "a Schur form has the eigenvalues gamma exp(+-i theta) and the derivative of differences") {
  std::mt19937_64 source(10);
  const Index n = 6;
  const std::vector<Matrix> weights{normal(source, n, n), normal(source, n / 2, 1),
                                    normal(source, n / 2, 1).cwiseAbs(), normal(source, n, n)};
  for (const bool whole : {false, true}) {
    SchurRecurrence recurrence(whole);
    const Matrix V = recurrence.make(weights);
    CHECK(error_of_pull(recurrence, weights, normal(source, n, n)) < 1e-7);
    // n power sums determine n eigenvalues.
    double worst = 0;
    Matrix power = V;
    for (int k = 1; k <= n; ++k, power = (power * V).eval()) {
      const double sum = (2 * weights[2].array().pow(k) * (k * weights[1].array()).cos()).sum();
      worst = std::max(worst, std::abs(power.trace() - sum));
    }
    // The entry within the blocks that the published mask keeps moves them.
    if (whole)
      CHECK(worst > 1e-2);
    else
      CHECK(worst < 1e-12);
  }
}

TEST_CASE("a Schur form without an upper part and gamma 1 is orthogonal") {
  std::mt19937_64 source(11);
  SchurRecurrence recurrence(false);
  const Matrix V = recurrence.make(
      {normal(source, 8, 8), normal(source, 4, 1), Matrix::Ones(4, 1), Matrix::Zero(8, 8)});
  CHECK(from_orthogonal(V) < 1e-13);
}
