// tests/plugins/cornn_lem_test.cpp - the two cells with two state variables: Jacobians entry by
// entry, determinants, and every cell at rest.
#include <doctest/doctest.h>
#include <Eigen/LU>
#include <Eigen/QR>

#include "ode_cells.hpp"

using namespace lyap;
using namespace lyap::testing;
using cells::Cornn;
using cells::Lem;

namespace {

constexpr Index N = 5, inputs = 3;
constexpr double near = 1e-14;

double sigma(double a) {
  return 1 / (1 + std::exp(-a));
}
/// A column written into rows: D(v) M.
Matrix scaled(const Vector& v, const Matrix& M) {
  Matrix out = M;
  for (Index i = 0; i < M.rows(); ++i)
    for (Index j = 0; j < M.cols(); ++j) out(i, j) = v(i) * M(i, j);
  return out;
}
Matrix blocks(const Matrix& a, const Matrix& b, const Matrix& c, const Matrix& d) {
  Matrix J(a.rows() + c.rows(), a.cols() + b.cols());
  J << a, b, c, d;
  return J;
}

/// `steps` steps of one sample with random weights, run.
template <class C>
struct Run : Trial<C, double> {
  explicit Run(Given with, Index steps = 1)
      : Trial<C, double>((with["units"] = "5", with), inputs, steps, 1, 3) {
    this->run();
  }
  Matrix& operator[](std::string_view name) { return weight(*this, name); }
  Vector y() const { return this->state.col(0).head(N); }
  Vector z() const { return this->state.col(0).tail(N); }
  Vector x() const { return this->input.col(0); }
  Matrix G() { return this->push({0, 0, 1}, {}, Matrix::Identity(inputs, inputs)); }
};

const Given cornn_options{{"dt", "0.3"}, {"gamma", "1.7"}, {"epsilon", "2.1"}};

/// The blocks of lem's Jacobian, written from its equations one derivative at a time.
struct LemJacobian {
  explicit LemJacobian(Run<Lem>& c, double dt) {
    const Matrix I = c["inp2hid.weight"], H = c["hid2hid.weight"], W = c["transform_z.weight"];
    const Vector i = I * c.x() + c["inp2hid.bias"], g = H * c.y() + c["hid2hid.bias"];
    const Matrix I1 = I.topRows(N), I2 = I.middleRows(N, N), Iz = I.middleRows(2 * N, N),
                 Iy = I.bottomRows(N);
    const Matrix H1 = H.topRows(N), H2 = H.middleRows(N, N), Hy = H.bottomRows(N);
    Vector d(N), by_d(N), by_u(N), next(N);
    for (Index k = 0; k < N; ++k) {
      const double s = sigma(i(N + k) + g(N + k)), u = std::tanh(i(3 * N + k) + g(2 * N + k));
      d(k) = dt * s;
      by_d(k) = (u - c.z()(k)) * d(k) * (1 - s), by_u(k) = d(k) * (1 - u * u);
      next(k) = (1 - d(k)) * c.z()(k) + d(k) * u;
    }
    Z_z = Matrix((1 - d.array()).matrix().asDiagonal());
    Z_y = scaled(by_d, H2) + scaled(by_u, Hy);
    Z_x = scaled(by_d, I2) + scaled(by_u, Iy);
    const Vector b = W * next + c["transform_z.bias"];
    Vector d_bar(N), by_d_bar(N), by_v(N);
    for (Index k = 0; k < N; ++k) {
      const double s = sigma(i(k) + g(k)), v = std::tanh(b(k) + i(2 * N + k));
      d_bar(k) = dt * s;
      by_d_bar(k) = (v - c.y()(k)) * d_bar(k) * (1 - s), by_v(k) = d_bar(k) * (1 - v * v);
    }
    Y_own = Matrix((1 - d_bar.array()).matrix().asDiagonal()) + scaled(by_d_bar, H1);
    Y_y = Y_own + scaled(by_v, W) * Z_y;
    Y_z = scaled(by_v, W) * Z_z;
    Y_x = scaled(by_d_bar, I1) + scaled(by_v, W * Z_x + Iz);
  }
  Matrix Y_own, Y_y, Y_z, Y_x, Z_y, Z_z, Z_x;
};

void set_zero(std::vector<Matrix>& weights) {
  for (Matrix& w : weights) w.setZero();
}

}  // namespace

TEST_CASE("cornn: J and G entry by entry, hidden block (1 - dt^2 gamma) E + dt^2 D W_y") {
  Run<Cornn> c(cornn_options);
  const double dt = 0.3;
  const Matrix W_y = c["weight_y"], W_z = c["weight_z"], V = c["weight_ih"];
  Matrix Z_y(N, N), Z_z(N, N), Z_x(N, inputs);
  for (Index i = 0; i < N; ++i) {
    const double t = std::tanh(W_y.row(i).dot(c.y()) + W_z.row(i).dot(c.z()) + V.row(i).dot(c.x()) +
                               c["bias"](i));
    for (Index j = 0; j < N; ++j) {
      Z_y(i, j) = dt * ((1 - t * t) * W_y(i, j) - (i == j ? 1.7 : 0));
      Z_z(i, j) = (i == j ? 1 - dt * 2.1 : 0) + dt * (1 - t * t) * W_z(i, j);
    }
    Z_x.row(i) = dt * (1 - t * t) * V.row(i);
  }
  const Matrix E = Matrix::Identity(N, N);
  CHECK(distance(c.jacobian(0, 0), blocks(E + dt * Z_y, dt * Z_z, Z_y, Z_z)) < near);
  Matrix G(2 * N, inputs);
  G << dt * Z_x, Z_x;
  CHECK(distance(c.G(), G) < near);
  const Matrix hidden = c.jacobian({0, 0, 1, 1, nullptr, nullptr}, N, N);
  CHECK(distance(hidden, E + dt * Z_y) < near);
}

TEST_CASE("cornn: det J = det dz'/dz") {
  Run<Cornn> c(cornn_options);
  const Matrix J = c.jacobian(0, 0);
  CHECK(J.determinant() == doctest::Approx(J.bottomRightCorner(N, N).determinant()).epsilon(1e-12));
}

TEST_CASE("cornn: without W_z the exponents sum to N ln(1 - dt epsilon)") {
  constexpr Index steps = 40;
  Run<Cornn> c({}, steps);  // the defaults: dt 0.042, epsilon 4.7
  c["weight_z"].setZero();
  c.run();
  Matrix Q = Matrix::Identity(2 * N, 2 * N);
  double sum = 0;
  for (Index t = 0; t < steps; ++t) {
    const Eigen::HouseholderQR<Matrix> qr(c.jacobian(t, 0) * Q);
    sum += qr.matrixQR().diagonal().array().abs().log().sum();
    Q = qr.householderQ();
  }
  CHECK(sum / steps == doctest::Approx(N * std::log(1 - 0.042 * 4.7)).epsilon(1e-12));
  CHECK(sum / steps == doctest::Approx(N * -0.21990).epsilon(1e-5));
}

TEST_CASE("lem: J and G entry by entry") {
  Run<Lem> c(Given{{"dt", "0.8"}});
  const LemJacobian J(c, 0.8);
  CHECK(distance(c.jacobian(0, 0), blocks(J.Y_y, J.Y_z, J.Z_y, J.Z_z)) < near);
  Matrix G(2 * N, inputs);
  G << J.Y_x, J.Z_x;
  CHECK(distance(c.G(), G) < near);
  CHECK(distance(c.jacobian({0, 0, 1, 1, nullptr, nullptr}, N, N), J.Y_y) < near);
}

TEST_CASE("lem: det J = prod (1 - d_i) det(D(1 - dbar) + D((v - y) dbar (1 - sigma)) H_1)") {
  Run<Lem> c(Given{{"dt", "0.8"}});
  const LemJacobian J(c, 0.8);
  CHECK(c.jacobian(0, 0).determinant() ==
        doctest::Approx(J.Z_z.diagonal().prod() * J.Y_own.determinant()).epsilon(1e-12));
}

TEST_CASE("with zero weights every cell has its closed form") {
  const auto zero = []<class C>(Given with) {
    Run<C> c(with);
    set_zero(c.weights);
    c.run();
    return std::pair<Matrix, Vector>(c.jacobian(0, 0), c.state.col(0));
  };
  const Matrix E = Matrix::Identity(N, N);
  const auto slope = [](double a) { return 1 - std::tanh(a) * std::tanh(a); };
  {
    const auto [J, h] = zero.operator()<cells::Asrnn>({{"epsilon", "0.5"}, {"gamma", "0.4"}});
    for (Index i = 0; i < N; ++i)
      CHECK(J(i, i) == doctest::Approx(1 - 0.5 * 0.4 * slope(0.4 * h(i))).epsilon(near));
    CHECK(J.isDiagonal(0));
  }
  {
    const auto [J, h] =
        zero.operator()<cells::Asrnn>({{"epsilon", "0.5"}, {"gamma", "0.4"}, {"variant", "gated"}});
    for (Index i = 0; i < N; ++i) {
      const double a = -0.4 * h(i), z = sigma(a);
      const double by = z * slope(a) + std::tanh(a) * z * (1 - z);
      CHECK(J(i, i) == doctest::Approx(1 - 0.5 * 0.4 * by).epsilon(near));
    }
  }
  for (const char* solver : {"euler", "midpoint"}) {
    const Given with{
        {"epsilon", "0.5"}, {"gamma_a", "0.4"}, {"gamma_w", "0.3"}, {"solver", solver}};
    const auto [J, h] = zero.operator()<cells::Lipschitz>(with);
    const bool midpoint = std::string(solver) == "midpoint";
    for (Index i = 0; i < N; ++i) {
      const auto f = [](double v) { return -0.4 * v + std::tanh(-0.3 * v); };
      const auto f_slope = [&](double v) { return -0.4 - 0.3 * slope(0.3 * v); };
      const double there = midpoint ? h(i) + 0.25 * f(h(i)) : h(i);
      const double inner = midpoint ? 1 + 0.25 * f_slope(h(i)) : 1;
      CHECK(J(i, i) == doctest::Approx(1 + 0.5 * f_slope(there) * inner).epsilon(near));
    }
    CHECK(J.isDiagonal(0));
  }
  CHECK(distance(zero.operator()<cells::Noisy>({{"noise", "repository"}}).first, E) < near);
  CHECK(distance(zero.operator()<Cornn>(cornn_options).first,
                 blocks((1 - 0.09 * 1.7) * E, 0.3 * (1 - 0.3 * 2.1) * E, -0.3 * 1.7 * E,
                        (1 - 0.3 * 2.1) * E)) < near);
  CHECK(distance(zero.operator()<Lem>({{"dt", "0.8"}}).first,
                 0.6 * Matrix::Identity(2 * N, 2 * N)) < near);
}
