// tests/plugins/ode_derivatives_test.cpp - derivatives of asrnn, cornn, lipschitz, noisy and lem
// against differences, in both precisions, training noise included.
#include <doctest/doctest.h>

#include "ode_cells.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

constexpr Index inputs = 3, batch = 3;
// Central differences: truncation h^2 f'''/6 and rounding eps/h, with h = cbrt(eps), and room for
// third derivatives of some hundred.
const double h = std::cbrt(std::numeric_limits<double>::epsilon());
constexpr double differencing = 1e-8;
constexpr double float_rounding = 64.0 * std::numeric_limits<float>::epsilon();

Given sized(Given with) {
  with["units"] = "5";
  return with;
}

/// One step of a cell with random weights, operands and noise.
template <class C, Real T>
struct OneStep : Trial<C, T> {
  explicit OneStep(const Given& with) : Trial<C, T>(sized(with), inputs, 1, batch, 1, true) {
    this->run();
  }
  MatrixOf<T> next(const MatrixOf<T>& state, const MatrixOf<T>& input) {
    this->state = state, this->input = input;
    this->run();
    return this->states;
  }
};

/// (f(h) - f(-h)) / 2h
template <class F>
Matrix slope(F&& f) {
  const Matrix after = f(h);
  return (after - f(-h)) / (2 * h);
}

template <class C>
void state_and_input_against_differences(const Given& with) {
  OneStep<C, double> c(with);
  const Matrix s = c.state, x = c.input, zero_x = Matrix::Zero(inputs, batch);
  const Matrix v = random<double>(c.source, c.rows(), batch);
  const Matrix w = random<double>(c.source, inputs, batch);
  const Matrix pushed = c.push({0, 0, batch}, v, w);
  const Matrix u = random<double>(c.source, c.rows(), batch);
  const auto pulled = c.pull({0, 0, batch}, u);
  std::vector<Matrix> jacobians;
  for (Index b = 0; b < batch; ++b) jacobians.push_back(c.jacobian(0, b));

  CHECK(distance(pushed, slope([&](double e) { return c.next(s + e * v, x + e * w); })) <
        differencing);
  CHECK((pulled.state.cwiseProduct(v).sum() + pulled.input.cwiseProduct(w).sum()) ==
        doctest::Approx(u.cwiseProduct(pushed).sum()).epsilon(1e-13));
  for (Index j = 0; j < c.rows(); ++j) {
    Matrix unit = Matrix::Zero(c.rows(), batch);
    unit.row(j).setOnes();
    const Matrix column = slope([&](double e) { return c.next(s + e * unit, x); });
    for (Index b = 0; b < batch; ++b)
      CHECK(distance(jacobians[b].col(j), column.col(b)) < differencing);
  }
}

template <class C>
void weights_against_differences(const Given& with) {
  OneStep<C, double> c(with);
  const Matrix u = random<double>(c.source, c.rows(), batch);
  const auto pulled = c.pull({0, 0, batch}, u);
  for (std::size_t i = 0; i < c.weights.size(); ++i) {
    const Matrix kept = c.weights[i];
    const Matrix change = random<double>(c.source, kept.rows(), kept.cols());
    const Matrix moved = slope([&](double e) {
      c.weights[i] = kept + e * change;
      c.run();
      return Matrix(c.states);
    });
    c.weights[i] = kept;
    CAPTURE(std::string(c.shape->weights[i].name));
    CHECK(pulled.weights[i].cwiseProduct(change).sum() ==
          doctest::Approx(u.cwiseProduct(moved).sum()).epsilon(10 * differencing).scale(1));
  }
}

template <class C>
void float_against_double(const Given& with) {
  OneStep<C, float> narrow(with);
  OneStep<C, double> wide(with);
  for (std::size_t i = 0; i < wide.weights.size(); ++i)
    wide.weights[i] = narrow.weights[i].template cast<double>();
  wide.normal = narrow.normal.template cast<double>();
  wide.uniform = narrow.uniform.template cast<double>();
  wide.next(narrow.state.template cast<double>(), narrow.input.template cast<double>());
  const auto near = [](const MatrixOf<float>& a, const Matrix& b) {
    return distance(a, MatrixOf<float>(b.cast<float>())) < float_rounding;
  };
  CHECK(near(narrow.states, wide.states));
  CHECK(near(narrow.jacobian(0, 1), wide.jacobian(0, 1)));
  const MatrixOf<float> u = random<float>(narrow.source, narrow.rows(), batch);
  const auto a = narrow.pull({0, 0, batch}, u);
  const auto b = wide.pull({0, 0, batch}, u.cast<double>());
  CHECK(near(a.state, b.state));
  CHECK(near(a.input, b.input));
  for (std::size_t i = 0; i < a.weights.size(); ++i) CHECK(near(a.weights[i], b.weights[i]));
}

}  // namespace

TEST_CASE("ode cells: push, pull and Jacobian agree with differences by state and input") {
  for_every_ode_cell([]<class C>(const Given& with) {
    CAPTURE(std::string(C::about.id));
    state_and_input_against_differences<C>(with);
  });
}

TEST_CASE("ode cells: gradients by the weights agree with differences") {
  for_every_ode_cell([]<class C>(const Given& with) {
    CAPTURE(std::string(C::about.id));
    weights_against_differences<C>(with);
  });
}

TEST_CASE("ode cells: float32 is float64 up to its rounding") {
  for_every_ode_cell([]<class C>(const Given& with) {
    CAPTURE(std::string(C::about.id));
    float_against_double<C>(with);
  });
}
