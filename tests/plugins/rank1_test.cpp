// tests/plugins/rank1_test.cpp - rank1 by hand against recorded equations and closed forms.
#include <doctest/doctest.h>

#include "../../plugins/cells/rank1.hpp"
#include "../sdk/cell_trial.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

using With = std::map<std::string, std::string>;

/// The same equations in x, as a recorded cell; its output map too.
class RecordedRank1 final : public AutoCell {
 public:
  static void options(Options& o) { cells::Rank1::options(o); }
  RecordedRank1(const Values& values, Index inputs)
      : n(values.integer("units")),
        leak(values.real("dt") / values.real("tau")),
        gain(values.real("gain")),
        inside(values.is("feedback", "inside")) {
    x = layout.state("x", n);
    M = layout.weight("M", n, n, "zeros");
    if (inside) w = layout.weight("w", n, 1, "zeros"), w_f = layout.weight("w_f", n, 1, "zeros");
    input = layout.weight("u", n, inputs, "zeros");
  }
  void equations(Step& s) const override {
    const Value r = tanh(s[x]);
    Value drive = gain * (s[M] * r) + s[input] * s.input();
    if (inside) drive = drive + s[w_f] * (transpose(s[w]) * r);
    s.next(x, s[x] + leak * (drive - s[x]));
  }
  Value outputs(Step& s) const override { return tanh(s[x]); }

 private:
  Index n;
  double leak, gain;
  bool inside;
  StateId x;
  WeightId M, w, w_f, input;
};

template <Real T>
constexpr double rounding = 64.0 * static_cast<double>(std::numeric_limits<T>::epsilon());

const With variants[] = {{{"units", "7"}},
                         {{"units", "7"}, {"feedback", "inside"}, {"tau", "0.5"}, {"gain", "2"}}};

/// Leaves one entry in ten of the recurrent matrix.
template <class C, Real T>
void thin_out(Trial<C, T>& trial) {
  MatrixOf<T>& M = trial.weights[0];
  for (Index i = 0; i < M.size(); ++i)
    if (i % 10 != 3) M(i) = 0;
}

Matrix diagonal(const Vector& v) {
  return v.asDiagonal();
}

}  // namespace

TEST_CASE_TEMPLATE("rank1 by hand and recorded: states, tangents, adjoints and Jacobian", T, double,
                   float) {
  for (const With& with : variants)
    for (const bool sparse : {false, true}) {
      Trial<cells::Rank1, T> hand(with, 3, 5, 4);
      Trial<RecordedRank1, T> recorded(with, 3, 5, 4);
      if (sparse) thin_out(hand), thin_out(recorded);
      hand.run(2), recorded.run();
      CHECK(distance(hand.states, recorded.states) < rounding<T>);
      for (const lyap_point at : {lyap_point{0, 0, 4}, lyap_point{3, 1, 2}}) {
        const MatrixOf<T> v = random<T>(hand.source, 7, at.samples * 3);
        const MatrixOf<T> w = random<T>(hand.source, 3, at.samples * 3), none;
        CHECK(distance(hand.push(at, v, w), recorded.push(at, v, w)) < rounding<T>);
        CHECK(distance(hand.push(at, v, none), recorded.push(at, v, none)) < rounding<T>);
        CHECK(distance(hand.push(at, none, w), recorded.push(at, none, w)) < rounding<T>);
        const auto a = hand.pull(at, v);
        const auto b = recorded.pull(at, v);
        CHECK(distance(a.state, b.state) < rounding<T>);
        CHECK(distance(a.input, b.input) < rounding<T>);
        REQUIRE(a.weights.size() == b.weights.size());
        for (std::size_t i = 0; i < a.weights.size(); ++i)
          CHECK(distance(a.weights[i], b.weights[i]) < rounding<T>);
      }
      CHECK(distance(hand.jacobian(2, 1), recorded.jacobian(2, 1)) < rounding<T>);
    }
}

TEST_CASE("rank1: the Jacobian of x is the leak and the whole recurrent matrix times the slopes") {
  // (1-h) E + h (g M + w_f w^T) D(1 - tanh(x)^2), h = dt/tau
  Trial<cells::Rank1, double> c({{"units", "6"}, {"feedback", "inside"}, {"gain", "1.7"}}, 2, 3, 2);
  c.run();
  const Vector x = c.states.col(0 * 2 + 1);  // before step 1 of sample 1
  const Vector slope = x.unaryExpr([](double a) { return 1 / (std::cosh(a) * std::cosh(a)); });
  const Matrix W = 1.7 * c.weights[0] + c.weights[2] * c.weights[1].transpose();
  const Matrix J = 0.9 * Matrix::Identity(6, 6) + 0.1 * W * diagonal(slope);
  CHECK(distance(c.jacobian(1, 1), J) < 1e-15);
}

TEST_CASE(
    "rank1: the state r follows tanh of the state x, and its Jacobian is conjugate to that of x") {
  const With x_with{{"units", "6"}, {"feedback", "inside"}},
      r_with{{"units", "6"}, {"feedback", "inside"}, {"coordinates", "r"}};
  Trial<cells::Rank1, double> in_x(x_with, 2, 4, 2), in_r(r_with, 2, 4, 2);
  in_r.state = in_x.state.array().tanh();
  in_x.run(), in_r.run();
  CHECK(distance(in_r.states, in_x.states.array().tanh().matrix()) < 1e-14);

  const Vector before = in_r.states.col(2 * 2), after = in_r.states.col(3 * 2);
  const Vector D = 1 - before.array().square(), D_after = 1 - after.array().square();
  const Matrix W = 1.4 * in_r.weights[0] + in_r.weights[2] * in_r.weights[1].transpose();
  const Matrix closed_form = diagonal(D_after) * (0.9 * diagonal(D.cwiseInverse()) + 0.1 * W);
  CHECK(distance(in_r.jacobian(3, 0), closed_form) < 1e-14);
  const Matrix conjugate = diagonal(D_after) * in_x.jacobian(3, 0) * diagonal(D.cwiseInverse());
  CHECK(distance(in_r.jacobian(3, 0), conjugate) < 1e-14);
}

TEST_CASE("rank1 with the state r: push is the difference quotient and pull its transpose") {
  const With with{{"units", "6"}, {"feedback", "inside"}, {"coordinates", "r"}};
  Trial<cells::Rank1, double> c(with, 2, 1, 1);
  c.state = c.state.array().tanh();
  c.run();
  const Matrix J = c.push({0, 0, 1}, Matrix::Identity(6, 6), {});
  const Matrix G = c.push({0, 0, 1}, {}, Matrix::Identity(2, 2));
  CHECK(distance(c.jacobian(0, 0), J) < 1e-15);
  const auto pulled = c.pull({0, 0, 1}, Matrix::Identity(6, 6));
  CHECK(distance(pulled.state, J.transpose()) < 1e-15);
  CHECK(distance(pulled.input, G.transpose()) < 1e-15);

  const double h = 1e-5;
  const auto quotient = [&](double& number) {
    const double kept = number;
    number = kept + h, c.run();
    const Vector up = c.states;
    number = kept - h, c.run();
    const Vector down = c.states;
    number = kept;
    return Vector((up - down) / (2 * h));
  };
  const Matrix bar = Matrix::Ones(6, 1);
  const auto gradient = c.pull({0, 0, 1}, bar);
  for (Index j = 0; j < 6; ++j) CHECK(distance(quotient(c.state(j, 0)), J.col(j)) < 1e-9);
  for (Index j = 0; j < 2; ++j) CHECK(distance(quotient(c.input(j, 0)), G.col(j)) < 1e-9);
  for (std::size_t i = 0; i < c.weights.size(); ++i)
    CHECK(quotient(c.weights[i](1, 0)).sum() ==
          doctest::Approx(gradient.weights[i](1, 0)).epsilon(1e-8));
}

TEST_CASE("rank1 without weights decays by the leak, and every exponent is its logarithm") {
  Trial<cells::Rank1, double> c({{"units", "5"}, {"dt", "0.2"}, {"tau", "4"}}, 1, 1, 3);
  for (Matrix& w : c.weights) w.setZero();
  c.run();
  CHECK(distance(c.states, 0.95 * c.state) < 1e-15);
  CHECK(distance(c.jacobian(0, 2), 0.95 * Matrix::Identity(5, 5)) < 1e-15);
}

TEST_CASE("rank1: a given share of entries decides whether they are kept sparse") {
  Matrix m = Matrix::Zero(10, 10);
  const ConstView view(m.data(), 10, 10, Eigen::OuterStride<>(10));
  cells::SparseMatrix<double> sparse;
  m.topRows(2).setOnes();
  CHECK(sparse.read(view, 0.2));
  m(9, 9) = 1;
  CHECK(!sparse.read(view, 0.2));
}

TEST_CASE_TEMPLATE("rank1: products with sparse matrices are their plain sums, bit for bit", T,
                   double, float) {
  using M = MatrixOf<T>;
  // Sizes below, at and above whole slices of eight rows; rows of very different length, and empty.
  for (const Index n : {3, 8, 16, 29}) {
    CAPTURE(n);
    M m = M::Zero(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        if ((i * i + 5 * j) % (i + 2) == 0) m(i, j) = std::sin(static_cast<T>(n * i + j + 1));
    m.row(1).setZero();
    cells::SparseMatrix<T> sparse;
    REQUIRE(sparse.read(ConstViewOf<T>(m.data(), n, n, Eigen::OuterStride<>(n)), 1));
    // One vector, some side by side, and two fillings of a register with some beside them.
    for (const Index vectors : {1, 2, 3, 5, 8, 16, 37}) {
      CAPTURE(vectors);
      const M v =
          M::NullaryExpr(n, vectors, [](Index i, Index j) { return std::cos(T(i + 7 * j)); });
      M plain = M::Constant(n, vectors, T(0.1)), ours = plain;
      for (Index b = 0; b < vectors; ++b)
        for (Index j = 0; j < n; ++j)
          for (Index i = 0; i < n; ++i)
            if (m(i, j) != 0) plain(i, b) += m(i, j) * (T(0.3) * v(j, b));
      sparse.add_product(T(0.3), ConstViewOf<T>(v.data(), n, vectors, Eigen::OuterStride<>(n)),
                         ViewOf<T>(ours.data(), n, vectors, Eigen::OuterStride<>(n)));
      CHECK(ours == plain);
    }
  }
}
