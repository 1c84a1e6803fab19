// tests/plugins/spectrum/row_lu_test.cpp - the LU of rows that stay in place, and products with
// its L, with every width of vectors that this machine has.
#include "row_lu.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "linalg/factorise.hpp"
#include "reference.hpp"
#include "row_product.hpp"

using namespace lyap::analyses;
using lyap::Index;
using lyap::Lanes;
using lyap::Matrix;
using lyap::Vector;

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
using Order = std::vector<std::int64_t>;

std::vector<Lanes> widths() {
  std::vector<Lanes> all;
  for (const Lanes lanes : {Lanes::two, Lanes::four, Lanes::eight})
    if (lanes <= lyap::widest_lanes()) all.push_back(lanes);
  return all;
}

AlignedLines by_rows(const Matrix& A) {
  AlignedLines lines(A.rows(), A.cols());
  lines.rows() = A;
  return lines;
}
AlignedLines by_columns(const Matrix& A) {
  AlignedLines lines(A.cols(), A.rows());
  lines.columns() = A;
  return lines;
}

struct Factors {
  Order order;
  Matrix L, U;  // P A = L U
  AlignedLines packed;
};

Factors factors_of(const Matrix& A, Lanes lanes) {
  const Index n = A.rows(), k = A.cols();
  AlignedLines a = by_rows(A), scratch(1, scratch_of_lu(n));
  Order order(static_cast<std::size_t>(n));
  row_lu(lanes, a, n, k, order, scratch.line(0));
  Matrix L = Matrix::Zero(n, k), U = Matrix::Zero(k, k);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < k; ++j) {
      const double x = a.line(order[static_cast<std::size_t>(i)])[j];
      (i > j ? L(i, j) : U(i, j)) = x;
      if (i == j) L(i, j) = 1;
    }
  return {order, L, U, std::move(a)};
}

Matrix in_order(const Matrix& A, const Order& order) {
  return A(Order(order), Eigen::all);
}

/// |L U - P A| <= c eps |L| |U| entry by entry, |L| <= 1, every row once: Higham, Accuracy and
/// Stability of Numerical Algorithms (2002), Theorem 9.3 with c = k.
void check_lu(const Matrix& A, Lanes lanes) {
  const Factors f = factors_of(A, lanes);
  const auto k = static_cast<double>(A.cols());
  const Matrix error = (f.L * f.U - in_order(A, f.order)).cwiseAbs();
  // What multiplying back adds is bounded by the same; numbers below the normal ones have no eps.
  const Matrix bound = 2 * k * epsilon * (f.L.cwiseAbs() * f.U.cwiseAbs());
  CHECK((error.array() <= bound.array() + k * std::numeric_limits<double>::denorm_min()).all());
  CHECK(f.L.cwiseAbs().maxCoeff() <= 1 + epsilon);
  Order sorted = f.order;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size(); ++i) CHECK(sorted[i] == static_cast<std::int64_t>(i));
}

void check_on_every_width(const Matrix& A) {
  for (const Lanes lanes : widths()) {
    CAPTURE(static_cast<int>(lanes));
    check_lu(A, lanes);
  }
}

Matrix random(Index rows, Index cols) {
  return reference::random(rows, cols, "A" + std::to_string(rows) + "x" + std::to_string(cols));
}

}  // namespace

TEST_CASE("L U gives the rows back for every size, square and tall") {
  for (Index n = 1; n <= 200; n += n < 36 ? 1 : 13) {
    CAPTURE(n);
    check_on_every_width(random(n, n));
    check_on_every_width(random(n + 5, n));
    check_on_every_width(random(2 * n + 1, n));
  }
}

TEST_CASE("pivots are those of LAPACK") {
  for (const Index n : {1, 7, 8, 9, 31, 64, 100, 200}) {
    CAPTURE(n);
    const Matrix A = random(n, n);
    Matrix packed = A;
    Order rows(static_cast<std::size_t>(n));
    lyap::framework::lu(packed, rows);
    for (const Lanes lanes : widths()) {
      const Factors f = factors_of(A, lanes);
      CHECK(f.order == rows);
      // Rounding is amplified by the condition, about n for these.
      CHECK(((f.U.diagonal() - packed.diagonal()).array() / packed.diagonal().array())
                .abs()
                .maxCoeff() < 1e-11);
    }
  }
}

TEST_CASE("columns without a pivot leave a zero in U and a unit column in L") {
  for (const Index n : {3, 8, 20, 65}) {
    CAPTURE(n);
    Matrix A = random(n, n);
    A.col(0).setZero();
    A.col(n - 1) = 2 * A.col(1);
    A.row(1).setZero();
    check_on_every_width(A);
    check_on_every_width(Matrix::Zero(n, n));
    check_on_every_width(Matrix::Ones(n, n));
    check_on_every_width(random(n, 2) * random(2, n));
    for (const Lanes lanes : widths()) {
      const Factors f = factors_of(A, lanes);
      CHECK(f.U(0, 0) == 0);
      CHECK(f.L.col(0).tail(n - 1).isZero(0));
      // A row of zeros is no pivot before all others.
      CHECK(f.order.back() == 1);
    }
  }
}

TEST_CASE("graded matrices of condition 1e16 and more, and the smallest numbers there are") {
  for (const Index n : {5, 16, 50, 130}) {
    CAPTURE(n);
    const Vector fall = Vector::LinSpaced(n, 0, -16 * std::log(10)).array().exp();
    const Matrix A = random(n, n);
    check_on_every_width(A * fall.asDiagonal());
    check_on_every_width(fall.asDiagonal() * A);
    check_on_every_width(fall.reverse().asDiagonal() * A * fall.asDiagonal());
    check_on_every_width(1e-310 * A);
    check_on_every_width(1e300 * A / static_cast<double>(n));
  }
}

TEST_CASE("what is not finite shows on U's diagonal") {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()})
    for (const Index n : {1, 6, 17, 40})
      for (const Index at : {Index{0}, n / 2, n - 1})
        for (const Lanes lanes : widths()) {
          Matrix A = random(n, n);
          A(at, n - 1 - at) = bad;
          CHECK_FALSE(factors_of(A, lanes).U.diagonal().allFinite());
        }
}

namespace {

/// Column q keeps q % 5 of its numbers; 4: all.
Matrix with_sparse_columns(Matrix J) {
  for (Index q = 0; q < J.cols(); ++q) {
    const Index kept = q % 5;
    if (kept == 4) continue;
    Vector column = Vector::Zero(J.rows());
    for (Index i = 0; i < kept; ++i) {
      const Index row = (7 * q + i * (J.rows() / 2 + 1)) % J.rows();
      column[row] = J(row, q);
    }
    J.col(q) = column;
  }
  return J;
}

void check_products(const Matrix& J, Index k) {
  const Index n = J.rows();
  const Matrix A = random(n, k);
  for (const Lanes lanes : widths()) {
    CAPTURE(static_cast<int>(lanes));
    const Factors f = factors_of(A, lanes);
    AlignedLines C(n, k);
    lyap::analyses::RowProduct product(lanes, n);
    const double eps = 2 * static_cast<double>(n) * epsilon;
    // J's columns in the order of L's rows.
    product.multiply(by_columns(J), n, f.packed, {n, k, f.order.data()}, C);
    CHECK(((C.rows() - J * f.L).array().abs() <= eps * (J.cwiseAbs() * f.L.cwiseAbs()).array())
              .all());
    product.multiply(by_columns(J), n, by_rows(A), {n, k}, C);
    CHECK(((C.rows() - J * A).array().abs() <= eps * (J.cwiseAbs() * A.cwiseAbs()).array()).all());
  }
}

}  // namespace

TEST_CASE("products with L and with dense vectors are those of the definition") {
  for (const Index n : {1, 2, 7, 8, 9, 15, 16, 17, 24, 25, 31, 33, 64, 65, 100, 129})
    for (const Index k : {Index{1}, n / 2, n - 1, n}) {
      if (k < 1) continue;
      CAPTURE(n);
      CAPTURE(k);
      check_products(random(n, n), k);
      check_products(with_sparse_columns(random(n, n)), k);
    }
}

TEST_CASE(
    "sparse columns are those of at most two numbers, of which zeros of either sign are none") {
  Matrix J = Matrix::Zero(40, 5);
  J(3, 1) = 2, J(39, 1) = -1;
  J(0, 2) = J(1, 2) = J(38, 2) = 1;
  J.col(3).setConstant(-0.0);
  J(7, 4) = std::numeric_limits<double>::quiet_NaN();
  lyap::analyses::SparseColumns sparse(5);
  sparse.look(by_columns(J), 40, 5);
  REQUIRE(sparse.dense().size() == 1);
  CHECK(sparse.dense()[0] == 2);
  REQUIRE(sparse.entries().size() == 3);
  CHECK(sparse.entries()[0].row == 3);
  CHECK(sparse.entries()[1].number == -1);
  CHECK(sparse.entries()[2].column == 4);
}

namespace {

/// A kernel that turns eight rows of eight at `rows`.
struct Turn {
  template <int Lanes>
  [[gnu::always_inline]] static void run(double* rows) {
    Octet<Lanes> block[8];
    for (int r = 0; r < 8; ++r) block[r].load(rows + 8 * r);
    transpose<Lanes>(block);
    for (int r = 0; r < 8; ++r) block[r].store(rows + 8 * r);
  }
};

}  // namespace

TEST_CASE("eight rows of eight become columns") {
  for (const Lanes lanes : widths()) {
    Matrix rows = random(8, 8);
    const Matrix before = rows;
    lyap::run_fused<Turn>(lanes, rows.data());
    CHECK(rows == before.transpose());
  }
}

TEST_CASE("lines begin on cache lines, an odd number of them apart, and hold zeros") {
  for (const Index length : {1, 7, 8, 9, 64, 128, 250}) {
    AlignedLines lines(3, length);
    CHECK(lines.stride() >= length);
    CHECK(lines.stride() / 8 % 2 == 1);
    for (Index i = 0; i < 3; ++i) {
      CHECK(reinterpret_cast<std::uintptr_t>(lines.line(i)) % 64 == 0);
      for (Index j = 0; j < lines.stride(); ++j) CHECK(lines.line(i)[j] == 0);
    }
  }
}
