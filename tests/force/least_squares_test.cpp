// tests/force/least_squares_test.cpp - recursive least squares against what it stands for.
#include <doctest/doctest.h>

#include <Eigen/Cholesky>
#include <random>

#include "../../plugins/trainers/force/least_squares.hpp"

using namespace lyap;

namespace {

Matrix random(Index rows, Index cols, int seed) {
  std::mt19937_64 source(seed);
  std::normal_distribution<double> normal;
  return Matrix::NullaryExpr(rows, cols, [&] { return normal(source); });
}
View view_of(Matrix& m) {
  return {m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.rows())};
}

}  // namespace

TEST_CASE("least squares: after every sample w is the ridge regression on all samples so far") {
  const Index n = 9, outputs = 2, samples = 40;
  const double alpha = 0.3;
  const Matrix R = random(n, samples, 1), F = random(outputs, samples, 2);
  const Matrix w0 = random(outputs, n, 3);
  Matrix P(n, n), w = w0;
  force::LeastSquares squares(view_of(P), view_of(w));
  squares.begin(alpha);
  for (Index t = 0; t < samples; ++t) {
    squares.update(R.col(t), w * R.col(t) - F.col(t));
    // min |w R - F|^2 + alpha |w - w0|^2: w (R R^T + alpha E) = F R^T + alpha w0.
    const Matrix seen = R.leftCols(t + 1);
    const Matrix A = seen * seen.transpose() + alpha * Matrix::Identity(n, n);
    const Matrix B = F.leftCols(t + 1) * seen.transpose() + alpha * w0;
    const Matrix direct = A.llt().solve(B.transpose()).transpose();
    CHECK((w - direct).cwiseAbs().maxCoeff() < 1e-12);
    squares.complete();
    CHECK((P * A - Matrix::Identity(n, n)).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("least squares: P is symmetric to the last bit and stays positive definite") {
  const Index n = 12;
  Matrix P(n, n), w = Matrix::Zero(1, n);
  force::LeastSquares squares(view_of(P), view_of(w));
  squares.begin(1);
  // Samples nearly along one direction: P spans eight orders of magnitude.
  const Matrix noise = random(n, 5000, 4);
  for (Index t = 0; t < noise.cols(); ++t)
    squares.update(100 * Vector::Ones(n) + 0.01 * noise.col(t), Vector::Ones(1));
  squares.complete();
  CHECK((P - P.transpose()).cwiseAbs().maxCoeff() == 0);
  CHECK(P.llt().info() == Eigen::Success);
}

TEST_CASE("least squares: a P that is not positive definite is reported and not used") {
  Matrix P = -Matrix::Identity(2, 2), w = Matrix::Zero(1, 2);
  force::LeastSquares squares(view_of(P), view_of(w));
  CHECK_THROWS_WITH_AS(squares.update(Vector::Ones(2), Vector::Ones(1)),
                       "P of recursive least squares is not positive definite any more, 1 + r^T P "
                       "r is -1.000000",
                       NotFinite);
  CHECK(w.isZero(0));
  P.setConstant(std::numeric_limits<double>::quiet_NaN());
  CHECK_THROWS_AS(squares.update(Vector::Ones(2), Vector::Ones(1)), NotFinite);
}
