// tests/framework/linalg/factorise_test.cpp - factors multiply back and have the stated form.
#include "linalg/factorise.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"
#include "lyap/border.hpp"

using namespace lyap::framework;
using lyap::Index;
using lyap::Matrix;
using lyap::Vector;

namespace {

Matrix random_matrix(Index rows, Index cols, const char* name) {
  Matrix a(rows, cols);
  Random(7, name).fill_normal({a.data(), static_cast<std::size_t>(a.size())});
  return a;
}

double distance(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

std::span<double> span_of(Vector& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}

/// Q R = A, Q^T Q = E, R upper with diagonal >= 0, all to rounding of `scale`.
void check_qr(const Matrix& a, double scale) {
  const Index k = a.cols();
  Matrix Q = a, R = Matrix::Constant(k, k, 17.0);
  Vector diagonal(k);
  qr(Q, span_of(diagonal), R);
  CHECK(distance(Q * R, a) < 1e-14 * scale);
  CHECK(distance(Q.transpose() * Q, Matrix::Identity(k, k)) < 1e-14 * static_cast<double>(k + 4));
  CHECK(R.isUpperTriangular(0));
  CHECK(R.diagonal() == diagonal);
  CHECK(diagonal.minCoeff() >= 0);

  Matrix Q_alone = a;
  Vector again(k);
  qr(Q_alone, span_of(again));
  CHECK(Q_alone == Q);
  CHECK(again == diagonal);

  Matrix destroyed = a;
  qr_diagonal(destroyed, span_of(again));
  CHECK(again == diagonal);
}

/// L(i, :) U = A(rows[i], :), L unit lower with entries <= 1.
void check_lu(const Matrix& a, double scale) {
  const Index m = a.rows(), k = a.cols(), p = std::min(m, k);
  Matrix packed = a;
  std::vector<std::int64_t> rows(static_cast<std::size_t>(m));
  lu(packed, rows);
  Matrix L = Matrix::Zero(m, p);
  L.triangularView<Eigen::StrictlyLower>() = packed.leftCols(p);
  L.diagonal().setOnes();
  Matrix U = Matrix::Zero(p, k);
  U.triangularView<Eigen::Upper>() = packed.topRows(p);
  Matrix permuted(m, k);
  for (Index i = 0; i < m; ++i) permuted.row(i) = a.row(rows[static_cast<std::size_t>(i)]);
  CHECK(distance(L * U, permuted) < 1e-14 * scale);
  CHECK(L.cwiseAbs().maxCoeff() <= 1);
  std::vector<std::int64_t> sorted = rows, all(rows.size());
  std::sort(sorted.begin(), sorted.end());
  std::iota(all.begin(), all.end(), 0);
  CHECK(sorted == all);
}

void check_svd(const Matrix& a, double scale) {
  const Index m = a.rows(), k = a.cols(), p = std::min(m, k);
  Matrix destroyed = a, U(m, p), Vt(p, k);
  Vector s(p);
  svd(destroyed, span_of(s), U, Vt);
  CHECK(distance(U * s.asDiagonal() * Vt, a) < 1e-14 * scale);
  CHECK(distance(U.transpose() * U, Matrix::Identity(p, p)) < 1e-13);
  CHECK(distance(Vt * Vt.transpose(), Matrix::Identity(p, p)) < 1e-13);
  for (Index i = 1; i < p; ++i) CHECK(s[i] <= s[i - 1]);
  CHECK(s[p - 1] >= 0);

  Matrix again = a, none(0, 0), none_either(0, 0);
  Vector alone(p);
  svd(again, span_of(alone), none, none_either);
  CHECK((alone - s).cwiseAbs().maxCoeff() < 1e-14 * scale);
}

}  // namespace

TEST_CASE("Q R gives the matrix back, square, tall, one column, one number") {
  check_qr(random_matrix(40, 40, "square"), 100);
  check_qr(random_matrix(97, 33, "tall"), 100);
  check_qr(random_matrix(50, 1, "column"), 100);
  check_qr(random_matrix(1, 1, "number"), 10);
  check_qr(random_matrix(130, 130, "blocked"), 500);
}

TEST_CASE("Q stays orthonormal when columns depend on each other or vanish") {
  Matrix a = random_matrix(12, 6, "dependent");
  a.col(3) = a.col(0) - 2 * a.col(2);
  a.col(5).setZero();
  check_qr(a, 100);
  check_qr(Matrix::Zero(5, 3), 1);
  Matrix ones = Matrix::Ones(4, 4);
  check_qr(ones, 10);
}

TEST_CASE("a zero on R's diagonal keeps its column of Q: sign(0) is +1") {
  Matrix a = Matrix::Zero(4, 2);
  Vector diagonal(2);
  qr(a, span_of(diagonal));
  CHECK(diagonal == Vector::Zero(2));
  CHECK(a.col(0).norm() == 1);
  CHECK(a.col(1).norm() == 1);
  CHECK_FALSE(std::signbit(diagonal[0]));
}

TEST_CASE("R of a matrix of powers is the one computed by hand") {
  // Columns (3, 4, 0) and (0, 5, 12): r11 = 5, r12 = 20/5 = 4, r22 = sqrt(169 - 16).
  Matrix a(3, 2);
  a << 3, 0, 4, 5, 0, 12;
  Matrix R(2, 2);
  Vector diagonal(2);
  qr(a, span_of(diagonal), R);
  CHECK(R(0, 0) == doctest::Approx(5).epsilon(1e-15));
  CHECK(R(0, 1) == doctest::Approx(4).epsilon(1e-15));
  CHECK(R(1, 1) == doctest::Approx(std::sqrt(153.0)).epsilon(1e-15));
  CHECK(R(1, 0) == 0);
  CHECK(a(0, 0) == doctest::Approx(0.6).epsilon(1e-15));
}

TEST_CASE("L U gives the permuted rows back, square, tall, wide, one column") {
  check_lu(random_matrix(40, 40, "square"), 100);
  check_lu(random_matrix(200, 200, "blocked"), 1000);
  check_lu(random_matrix(97, 33, "tall"), 100);
  check_lu(random_matrix(5, 9, "wide"), 100);
  check_lu(random_matrix(50, 1, "column"), 10);
  check_lu(random_matrix(1, 1, "number"), 10);
}

TEST_CASE("a column without a pivot leaves a zero in U and a unit column in L") {
  Matrix a(3, 3);
  a << 0, 2, 1, 0, 4, 3, 0, 1, 5;
  check_lu(a, 10);
  std::vector<std::int64_t> rows(3);
  Matrix packed = a;
  lu(packed, rows);
  CHECK(packed(0, 0) == 0);
  CHECK(packed(1, 0) == 0);
  CHECK(packed(2, 0) == 0);
  check_lu(Matrix::Zero(4, 4), 1);
  check_lu(Matrix::Ones(6, 3), 1);
}

TEST_CASE("rows of zeros never become pivots before all others") {
  Matrix a = random_matrix(8, 8, "dead rows");
  a.row(1).setZero();
  a.row(6).setZero();
  Matrix packed = a;
  std::vector<std::int64_t> rows(8);
  lu(packed, rows);
  for (Index i = 0; i < 6; ++i) CHECK(packed(i, i) != 0);
  CHECK(packed(6, 6) == 0);
  CHECK(packed(7, 7) == 0);
}

TEST_CASE("U s Vt gives the matrix back, of every shape and rank") {
  check_svd(random_matrix(30, 30, "square"), 100);
  check_svd(random_matrix(40, 7, "tall"), 100);
  check_svd(random_matrix(6, 25, "wide"), 100);
  check_svd(random_matrix(9, 1, "column"), 100);
  check_svd(Matrix::Zero(5, 3), 1);
  check_svd(Matrix::Ones(6, 6), 10);
}

TEST_CASE("columns may lie further apart than their length") {
  const Matrix a = random_matrix(10, 4, "inner");
  Matrix frame = Matrix::Constant(16, 4, 3.0);
  frame.topRows(10) = a;
  Vector diagonal(4), expected(4);
  Matrix Q = a;
  qr(Q, span_of(expected));
  qr(frame.topRows(10), span_of(diagonal));
  CHECK(frame.topRows(10) == Q);
  CHECK(diagonal == expected);
  CHECK(frame.bottomRows(6) == Matrix::Constant(6, 4, 3.0));
}

TEST_CASE("no columns are no work") {
  Matrix a(4, 0), R(0, 0);
  Vector none(0);
  std::vector<std::int64_t> rows(4);
  qr(a, span_of(none));
  qr(a, span_of(none), R);
  qr_diagonal(a, span_of(none));
  lu(a, rows);
  CHECK(rows == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("NaN and infinity are named with their place") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  Matrix a = Matrix::Identity(3, 3), u(3, 3), vt(3, 3);
  Vector v(3);
  std::vector<std::int64_t> rows(3);
  a(2, 1) = nan;
  CHECK_THROWS_WITH_AS(
      qr(a, span_of(v)),
      "the QR factorisation of a 3 x 3 matrix is not defined: its element (2, 1) is nan",
      NumericError);
  CHECK_THROWS_WITH_AS(
      qr_diagonal(a, span_of(v)),
      "the QR factorisation of a 3 x 3 matrix is not defined: its element (2, 1) is nan",
      NumericError);
  CHECK_THROWS_WITH_AS(
      lu(a, rows),
      "the LU factorisation of a 3 x 3 matrix is not defined: its element (2, 1) is nan",
      NumericError);
  a(2, 1) = -infinity;
  CHECK_THROWS_WITH_AS(svd(a, span_of(v), u, vt),
                       "the SVD of a 3 x 3 matrix is not defined: its element (2, 1) is -inf",
                       NumericError);
}

TEST_CASE("operands that do not fit are refused") {
  Matrix wide(2, 3), r(2, 2), u(2, 2), vt(3, 3);
  Vector three(3), two(2);
  std::vector<std::int64_t> rows(3);
  CHECK_THROWS_WITH_AS(qr(wide, span_of(three)), "a thin QR needs at least as many rows as columns",
                       lyap::BadShape);
  CHECK_THROWS_WITH_AS(qr(wide, span_of(three), r), "R is square, one row a column of A",
                       lyap::BadShape);
  CHECK_THROWS_WITH_AS(lu(wide, rows), "the row list of an LU has one entry a row", lyap::BadShape);
  CHECK_THROWS_WITH_AS(
      svd(wide, span_of(two), u, vt),
      "a thin SVD of m x k gives U (m x p) and Vt (p x k), p = min(m, k), or neither",
      lyap::BadShape);
}
