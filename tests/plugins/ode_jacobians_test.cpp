// tests/plugins/ode_jacobians_test.cpp - Jacobians of asrnn, lipschitz and noisy written out entry
// by entry.
#include <doctest/doctest.h>

#include "ode_cells.hpp"

using namespace lyap;
using namespace lyap::testing;
using cells::Asrnn;
using cells::Lipschitz;
using cells::Noisy;

namespace {

constexpr Index N = 6, inputs = 3;
constexpr double near = 1e-14;

double sigma(double a) {
  return 1 / (1 + std::exp(-a));
}

/// One step of one sample with random weights, run.
template <class C>
struct Step1 : Trial<C, double> {
  explicit Step1(Given with, bool noise = false)
      : Trial<C, double>((with["units"] = "6", with), inputs, 1, 1, 7, noise) {
    this->run();
  }
  Matrix& operator[](std::string_view name) { return weight(*this, name); }
  Vector h() const { return this->state.col(0); }
  Vector x() const { return this->input.col(0); }
  Matrix J() { return this->jacobian(0, 0); }
  /// ds'/dx
  Matrix G() { return this->push({0, 0, 1}, {}, Matrix::Identity(inputs, inputs)); }
};

/// beta (B - B^T) + (1 - beta)(B + B^T) - gamma E
Matrix square(const Matrix& B, double beta, double gamma) {
  Matrix M(N, N);
  for (Index i = 0; i < N; ++i)
    for (Index j = 0; j < N; ++j)
      M(i, j) =
          beta * (B(i, j) - B(j, i)) + (1 - beta) * (B(i, j) + B(j, i)) - (i == j ? gamma : 0);
  return M;
}

/// The derivative of alpha A h + tanh(W h + z), gated: times sigmoid(W h + z_gate).
struct Flow {
  Matrix A, W;
  Vector z, z_gate;
  bool gated;

  Vector operator()(const Vector& h) const {
    Vector f(N);
    for (Index i = 0; i < N; ++i)
      f(i) = (A.row(i).dot(h) + std::tanh(W.row(i).dot(h) + z(i))) * gate(i, h);
    return f;
  }
  Matrix slope(const Vector& h) const {
    Matrix F(N, N);
    for (Index i = 0; i < N; ++i) {
      const double a = W.row(i).dot(h) + z(i), t = std::tanh(a), q = A.row(i).dot(h) + t;
      const double g = gate(i, h), gate_slope = gated ? g * (1 - g) : 0;
      for (Index j = 0; j < N; ++j)
        F(i, j) = g * (A(i, j) + (1 - t * t) * W(i, j)) + q * gate_slope * W(i, j);
    }
    return F;
  }

 private:
  double gate(Index i, const Vector& h) const {
    return gated ? sigma(W.row(i).dot(h) + z_gate(i)) : 1;
  }
};

Flow flow_of(Step1<Lipschitz>& c, bool gated) {
  Flow f{
      square(c["B"], 0.7, 0.2), square(c["C"], 0.7, 0.3), c["E_in"] * c.x() + c["b_in"], {}, gated};
  if (gated) f.z_gate = c["E_g"] * c.x() + c["b_g"];
  f.A *= 1.3;
  return f;
}

Given lipschitz(const char* solver, bool gated) {
  return {{"alpha", "1.3"},   {"gamma_a", "0.2"}, {"gamma_w", "0.3"},
          {"epsilon", "0.4"}, {"solver", solver}, {"gated", gated ? "true" : "false"}};
}

}  // namespace

TEST_CASE("asrnn: J = E + eps D(1 - tanh^2) A, and G its like") {
  Step1<Asrnn> c({{"epsilon", "0.3"}, {"gamma", "0.4"}});
  const Matrix W = c["weight_W"], V = c["weight_ih"];
  Matrix J(N, N), G(N, inputs);
  for (Index i = 0; i < N; ++i) {
    double a = V.row(i).dot(c.x()) + c["bias"](i) - 0.4 * c.h()(i);
    for (Index j = 0; j < N; ++j) a += (W(i, j) - W(j, i)) * c.h()(j);
    const double slope = 0.3 * (1 - std::tanh(a) * std::tanh(a));
    for (Index j = 0; j < N; ++j)
      J(i, j) = (i == j) + slope * (W(i, j) - W(j, i) - (i == j ? 0.4 : 0));
    G.row(i) = slope * V.row(i);
  }
  CHECK(distance(c.J(), J) < near);
  CHECK(distance(c.G(), G) < near);
}

TEST_CASE("asrnn: the gate shares A, J = E + eps (D(z (1 - t^2)) + D(t z (1 - z))) A") {
  Step1<Asrnn> c({{"epsilon", "0.3"}, {"gamma", "0.4"}, {"variant", "gated"}});
  const Matrix W = c["weight_W"], V = c["weight_ih"], V_gate = c["weight_iz"];
  Matrix J(N, N), G(N, inputs);
  for (Index i = 0; i < N; ++i) {
    double Ah = -0.4 * c.h()(i);
    for (Index j = 0; j < N; ++j) Ah += (W(i, j) - W(j, i)) * c.h()(j);
    const double t = std::tanh(Ah + V.row(i).dot(c.x()) + c["bias"](i));
    const double z = sigma(Ah + V_gate.row(i).dot(c.x()) + c["bias_z"](i));
    const double by_flow = 0.3 * z * (1 - t * t), by_gate = 0.3 * t * z * (1 - z);
    for (Index j = 0; j < N; ++j)
      J(i, j) = (i == j) + (by_flow + by_gate) * (W(i, j) - W(j, i) - (i == j ? 0.4 : 0));
    G.row(i) = by_flow * V.row(i) + by_gate * V_gate.row(i);
  }
  CHECK(distance(c.J(), J) < near);
  CHECK(distance(c.G(), G) < near);
}

TEST_CASE("asrnn: at rest (J - E) / eps is A, with A + A^T = -2 gamma E") {
  Step1<Asrnn> c({{"epsilon", "0.3"}, {"gamma", "0.4"}, {"bias", "none"}});
  c.state.setZero(), c.input.setZero();
  c.run();
  const Matrix A = (c.J() - Matrix::Identity(N, N)) / 0.3;
  CHECK(distance(A + A.transpose(), -0.8 * Matrix::Identity(N, N)) < near);
  CHECK(A(0, 1) == doctest::Approx(c["weight_W"](0, 1) - c["weight_W"](1, 0)).epsilon(near));
}

TEST_CASE("lipschitz: Euler, plain and gated, J = E + eps f'(h)") {
  for (const bool gated : {false, true}) {
    Step1<Lipschitz> c(lipschitz("euler", gated));
    const Flow f = flow_of(c, gated);
    CHECK(distance(c.states, c.h() + 0.4 * f(c.h())) < near);
    CHECK(distance(c.J(), Matrix::Identity(N, N) + 0.4 * f.slope(c.h())) < near);
  }
}

TEST_CASE("lipschitz: midpoint, plain and gated, J = E + eps f'(m) (E + eps/2 f'(h))") {
  for (const bool gated : {false, true}) {
    Step1<Lipschitz> c(lipschitz("midpoint", gated));
    const Flow f = flow_of(c, gated);
    const Vector m = c.h() + 0.2 * f(c.h());
    const Matrix E = Matrix::Identity(N, N);
    CHECK(distance(c.states, c.h() + 0.4 * f(m)) < near);
    CHECK(distance(c.J(), E + 0.4 * f.slope(m) * (E + 0.2 * f.slope(c.h()))) < near);
  }
}

TEST_CASE("lipschitz: with gate, G = eps (D(g (1 - t^2)) E_in + D(q g (1 - g)) E_g)") {
  Step1<Lipschitz> c(lipschitz("euler", true));
  const Flow f = flow_of(c, true);
  Matrix G(N, inputs);
  for (Index i = 0; i < N; ++i) {
    const double Wh = f.W.row(i).dot(c.h()), t = std::tanh(Wh + f.z(i));
    const double q = f.A.row(i).dot(c.h()) + t, g = sigma(Wh + f.z_gate(i));
    G.row(i) = 0.4 * (g * (1 - t * t) * c["E_in"].row(i) + q * g * (1 - g) * c["E_g"].row(i));
  }
  CHECK(distance(c.G(), G) < near);
}

TEST_CASE("beta = 1 makes A skew and beta = 0 symmetric, but for -gamma E") {
  for (const double beta : {0.0, 1.0}) {
    const std::string word = std::to_string(static_cast<int>(beta));
    Step1<Lipschitz> c({{"beta_a", word}, {"gamma_a", "0.5"}, {"epsilon", "0.25"}});
    c["C"].setZero();
    c.run();
    // gamma_w stays in W: its slope is taken out with it.
    Matrix A = (c.J() - Matrix::Identity(N, N)) / 0.25;
    const Vector z = c["E_in"] * c.x() + c["b_in"];
    for (Index i = 0; i < N; ++i) {
      const double t = std::tanh(z(i) - 0.001 * c.h()(i));
      A(i, i) += 0.001 * (1 - t * t) + 0.5;
    }
    CHECK(distance(Matrix(A.transpose()), beta == 1 ? Matrix(-A) : A) < near);
  }
}

TEST_CASE("product row is product column with the recurrent matrices transposed") {
  const auto check = []<class C>(const Given& with, std::initializer_list<const char*> names) {
    Given row = with;
    row["product"] = "row";
    Step1<C> by_row(row), by_column(with);
    for (const char* name : names) by_column[name].transposeInPlace();
    by_column.run();
    CHECK(distance(by_row.states, by_column.states) < near);
    CHECK(distance(by_row.J(), by_column.J()) < near);
  };
  check.operator()<Asrnn>({{"epsilon", "0.5"}}, {"weight_W"});
  check.operator()<Lipschitz>({}, {"B", "C"});
  check.operator()<Noisy>({}, {"B", "C"});
}

TEST_CASE("noisy: without noise it is the Lipschitz RNN") {
  const Given same{{"beta_a", "0.6"}, {"gamma_w", "0.3"}, {"alpha", "1.2"}};
  Step1<Noisy> noisy(same);
  Step1<Lipschitz> lipschitz(
      {{"beta_a", "0.6"}, {"gamma_w", "0.3"}, {"alpha", "1.2"}, {"beta_w", "0.75"}});
  CHECK(distance(noisy.states, lipschitz.states) == 0);
  CHECK(distance(noisy.J(), lipschitz.J()) == 0);
}

TEST_CASE("noisy: sde adds sqrt(eps) (additive + multiplicative f) xi") {
  const Given with{{"epsilon", "0.25"}, {"additive", "0.3"}, {"multiplicative", "0.4"}};
  Step1<Noisy> shaken(with, true), still(with);
  const Vector f = (still.states - still.state) / 0.25, xi = shaken.normal.col(0);
  REQUIRE(xi.size() == N);
  Matrix J = still.J();
  for (Index i = 0; i < N; ++i) {
    CHECK(shaken.states(i, 0) ==
          doctest::Approx(still.states(i, 0) + 0.5 * (0.3 + 0.4 * f(i)) * xi(i)).epsilon(near));
    for (Index j = 0; j < N; ++j) {
      const double identity = i == j;
      J(i, j) = identity + (0.25 + 0.5 * 0.4 * xi(i)) * (J(i, j) - identity) / 0.25;
    }
  }
  CHECK(distance(shaken.J(), J) < near);
}

TEST_CASE("noisy: as in the repository, h + d m f + additive xi with m = s u + 1 - s") {
  const Given with{{"noise", "repository"}, {"additive", "0.3"}, {"multiplicative", "0.4"}};
  Step1<Noisy> shaken(with, true), still(with);
  const Vector u = shaken.uniform.col(0), xi = shaken.normal.col(0);
  REQUIRE(u.size() == N);
  Matrix J = still.J();
  for (Index i = 0; i < N; ++i) {
    const double m = 0.4 * u(i) + 0.6, moved = still.states(i, 0) - still.state(i, 0);
    CHECK(shaken.states(i, 0) ==
          doctest::Approx(still.state(i, 0) + m * moved + 0.3 * xi(i)).epsilon(near));
    for (Index j = 0; j < N; ++j) J(i, j) = (i == j) + m * (J(i, j) - (i == j));
  }
  CHECK(distance(shaken.J(), J) < near);
  // d f is what moves: twice the step, twice the way.
  const Vector moved = still.states - still.state;
  still["d"] *= 2;
  still.run();
  CHECK(distance(still.states - still.state, 2 * moved) < near);
}

TEST_CASE("noisy: it declares what it draws, and analyses draw when they are told to") {
  const Step1<Noisy> sde({}), repository({{"noise", "repository"}, {"epsilon", "0.07"}});
  CHECK(sde.shape->normal == N);
  CHECK(sde.shape->uniform == 0);
  CHECK(repository.shape->uniform == N);
  CHECK_FALSE(sde.shape->noise_in_analysis);
  CHECK(Step1<Noisy>(Given{{"analysis_noise", "true"}}).shape->noise_in_analysis);
  const lyap_weight& d = repository.shape->weights[repository.shape->weight_count - 1];
  CHECK(std::string(d.name) == "d");
  CHECK(std::string(d.init) == "constant(0.07)");
}
