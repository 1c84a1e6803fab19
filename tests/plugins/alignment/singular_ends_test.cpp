// tests/plugins/alignment/singular_ends_test.cpp - first and last singular vectors, and a random
// basis where a gradient has none.
#include "alignment/singular_ends.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "small_pipeline.hpp"

using namespace alignment_test;
using lyap::alignment::NullBasis;
using lyap::alignment::SingularEnds;

namespace {

Matrix normal(Index rows, Index cols, const std::string& stream) {
  Matrix m(rows, cols);
  host().normal(stream, m);
  return m;
}
Matrix orthonormal(Index rows, Index cols, const std::string& stream) {
  Matrix m = normal(rows, cols, stream), diagonal(cols, 1);
  host().qr(m, diagonal);
  return m;
}
double from_identity(const Matrix& m) {
  return (m - Matrix::Identity(m.rows(), m.cols())).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a gradient q_3 e^T is aligned with the third vector of Q and with no other") {
  const Matrix Q = orthonormal(12, 12, "Q"), e = orthonormal(12, 1, "e");
  SingularEnds ends(host(), 12, 3, NullBasis::Random);
  ends.take(0.7 * Q.col(3) * e.transpose(), "null");
  CHECK(ends.rank() == 1);
  CHECK(ends.values()[0] == doctest::Approx(0.7).epsilon(1e-13));
  const Matrix A = Q.transpose() * ends.vectors();
  for (Index i = 0; i < 12; ++i) {
    CHECK(std::abs(std::abs(A(i, 0)) - (i == 3)) < 1e-13);
    if (i == 3) CHECK(A.row(i).segment(1, 5).cwiseAbs().maxCoeff() < 1e-13);
  }
  CHECK(std::abs(ends.vectors().col(6).dot(e.col(0))) == doctest::Approx(1).epsilon(1e-13));
}

TEST_CASE(
    "first and last singular vectors of a sum of q_i s_i e_i^T are those of largest and "
    "smallest s") {
  const Matrix Q = orthonormal(9, 9, "left"), E = orthonormal(9, 9, "right");
  const Vector s = Vector::LinSpaced(9, 9, 1);
  SingularEnds ends(host(), 9, 2, NullBasis::Random);
  ends.take(Q * s.asDiagonal() * E.transpose(), "null");
  CHECK(ends.rank() == 9);
  CHECK((ends.values() - s).cwiseAbs().maxCoeff() < 1e-13);
  const Index wanted[] = {0, 1, 7, 8};
  for (int j = 0; j < 4; ++j) {
    CHECK(std::abs(ends.vectors().col(j).dot(Q.col(wanted[j]))) == doctest::Approx(1));
    CHECK(std::abs(ends.vectors().col(4 + j).dot(E.col(wanted[j]))) == doctest::Approx(1));
  }
  CHECK(ends.null(0) == 0);
  CHECK(ends.null(1) == 0);
}

TEST_CASE("null vectors are orthonormal and orthogonal to all that carry a singular value") {
  for (const Index rank : {0, 1, 3, 8, 14, 18, 20}) {
    CAPTURE(rank);
    const Matrix left = normal(20, rank, "l"), right = normal(20, rank, "r");
    SingularEnds ends(host(), 20, 5, NullBasis::Random);
    ends.take(left * right.transpose(), "null");
    CHECK(ends.rank() == rank);
    CHECK(ends.null(0) == std::max<Index>(0, 5 - rank));
    CHECK(ends.null(1) == std::min<Index>(5, 20 - rank));
    const Matrix V = ends.vectors();
    CHECK(from_identity(V.leftCols(10).transpose() * V.leftCols(10)) < 1e-13);
    CHECK(from_identity(V.rightCols(10).transpose() * V.rightCols(10)) < 1e-13);
    for (Index j = 0; j < 10; ++j) {
      const Index vector = j < 5 ? j : 10 + j;  // its place among all 20
      if (vector < rank) continue;
      if (rank == 0) continue;
      CHECK((left.transpose() * V.col(j)).cwiseAbs().maxCoeff() < 1e-12);
      CHECK((right.transpose() * V.col(10 + j)).cwiseAbs().maxCoeff() < 1e-12);
    }
  }
}

TEST_CASE("the null basis is that of its stream, other sides and streams have others") {
  const Matrix gradient = normal(10, 2, "l") * normal(10, 2, "r").transpose();
  SingularEnds ends(host(), 10, 4, NullBasis::Random), again(host(), 10, 4, NullBasis::Random);
  ends.take(gradient, "one");
  const Matrix one = ends.vectors();
  ends.take(gradient, "other");
  CHECK((one - ends.vectors()).cwiseAbs().maxCoeff() > 0.1);
  CHECK((one.leftCols(2) - ends.vectors().leftCols(2)).isZero(0));  // its own vectors stay
  again.take(gradient, "one");
  CHECK((one - again.vectors()).isZero(0));
}

TEST_CASE("null vectors point anywhere: their components have the size of a random vector's") {
  const Index n = 40;
  const Matrix gradient = normal(n, 3, "l") * normal(n, 3, "r").transpose();
  SingularEnds ends(host(), n, 5, NullBasis::Random);
  double squares = 0;
  for (int draw = 0; draw < 200; ++draw) {
    ends.take(gradient, "draw/" + std::to_string(draw));
    squares += ends.vectors().middleCols(5, 5).row(7).squaredNorm();
  }
  // Of the 37 null directions 5 are drawn: (1 - what unit vector 7 has in the gradient's own) / 37.
  const double own = ends.vectors().leftCols(3).row(7).squaredNorm();
  const double expected = 5 * (1 - own) / 37;
  // 1000 components, of which the variance of the square is about 2: 5 % in the mean, thrice that.
  CHECK(squares / 200 == doctest::Approx(expected).epsilon(0.15));
}

TEST_CASE("with the basis of the solver the vectors are LAPACK's") {
  Matrix gradient = normal(10, 2, "l") * normal(10, 2, "r").transpose();
  SingularEnds ends(host(), 10, 4, NullBasis::Solver);
  ends.take(gradient, "null");
  Matrix U(10, 10), Vt(10, 10);
  Vector s(10);
  host().svd(gradient, s, U, Vt);
  CHECK(ends.rank() == 2);
  CHECK((ends.vectors().leftCols(4) - U.leftCols(4)).isZero(0));
  CHECK((ends.vectors().middleCols(4, 4) - U.rightCols(4)).isZero(0));
  CHECK((ends.vectors().middleCols(8, 4) - Vt.topRows(4).transpose()).isZero(0));
  CHECK((ends.vectors().rightCols(4) - Vt.bottomRows(4).transpose()).isZero(0));
}

TEST_CASE("a matrix of one unit has one singular vector, first and last") {
  for (const double value : {-2.0, 0.0}) {
    SingularEnds ends(host(), 1, 1, NullBasis::Random);
    ends.take(Matrix::Constant(1, 1, value), "null");
    CHECK(ends.rank() == (value != 0));
    for (Index j = 0; j < 4; ++j) CHECK(std::abs(ends.vectors()(0, j)) == 1);
  }
}
