// tests/plugins/stacked/two_layers_test.cpp - two layers of every ode cell: the network's Jacobian
// against differences of whole steps, and pull against push.
#include <doctest/doctest.h>

#include "../ode_cells.hpp"
#include "model/pass.hpp"

using namespace lyap::testing;
using namespace lyap::framework;
using lyap::lend;
using lyap::Matrix;

namespace {

constexpr std::int64_t inputs = 3, units = 4, layers = 2, batch = 2, steps = 3;

/// Two layers with random weights, and a pass of three steps run from a random state.
struct Stack {
  Stack(const lyap_cell_ops& ops, const std::vector<lyap_value>& values)
      : network("ode cell", ops, values, inputs, layers, {}),
        weights(network.initialise(4, all_normal())),
        derivatives(make_jacobian("automatic", network.cell(0), 0)),
        state(random(network.order().rows(LYAP_FULL_STATE), batch)),
        input(random(inputs, steps * batch)) {}

  Pass run(std::int64_t count, const Matrix& from, const Matrix& x) const {
    PassRequest request;
    request.batch = batch;
    request.steps = steps;
    Pass pass(network, *derivatives, weights, request);
    pass.start(lend(from));
    pass.run(count, lend(x));
    return pass;
  }
  Matrix after(std::int64_t count, const Matrix& from, const Matrix& x) const {
    Matrix next(from.rows(), from.cols());
    run(count, from, x).state(count, lend(next));
    return next;
  }
  std::int64_t rows() const { return state.rows(); }

  static Matrix random(std::int64_t rows, std::int64_t cols) {
    static std::mt19937_64 source(3);
    return lyap::testing::random<double>(source, rows, cols);
  }
  std::map<std::string, std::string> all_normal() const {
    std::map<std::string, std::string> specs;
    for (const WeightShape& weight : network.weight_shapes()) specs[weight.name] = "normal(0, 0.5)";
    return specs;
  }

  Network network;
  Weights weights;
  std::unique_ptr<JacobianProvider> derivatives;
  Matrix state, input;
};

template <class C>
void check_two_layers(Given with) {
  with["units"] = std::to_string(units);
  const lyap::Options options = options_of<C>();
  const Chosen chosen(options, with);
  const Stack stack(lyap::border::CellTable<C>::ops, chosen.values());
  const std::int64_t d = stack.rows(), hidden = units * layers;
  const Matrix x = stack.input.rightCols(batch);
  const Matrix before =
      stack.after(steps - 1, stack.state, stack.input.leftCols((steps - 1) * batch));
  const Pass pass = stack.run(1, before, x);

  // Truncation h^2 f'''/6 and rounding eps/h.
  const double h = 1e-5, differencing = 1e-8;
  std::vector<Matrix> J(batch, Matrix(d, d));
  for (std::int64_t b = 0; b < batch; ++b)
    pass.jacobian(1, b, LYAP_FULL_STATE, nullptr, nullptr, lend(J[b]));
  for (std::int64_t j = 0; j < d; ++j) {
    Matrix unit = Matrix::Zero(d, batch);
    unit.row(j).setConstant(h);
    const Matrix column =
        (stack.after(1, before + unit, x) - stack.after(1, before - unit, x)) / (2 * h);
    for (std::int64_t b = 0; b < batch; ++b)
      CHECK(distance(J[b].col(j), column.col(b)) < differencing);
  }
  Matrix block(hidden, hidden);
  pass.jacobian(1, 1, LYAP_HIDDEN_STATE, nullptr, nullptr, lend(block));
  CHECK(distance(block, J[1].topLeftCorner(hidden, hidden)) < 1e-14);

  const Matrix v = Stack::random(d, batch), w = Stack::random(inputs, batch);
  const Matrix u = Stack::random(d, batch);
  Matrix pushed(d, batch), pulled(d, batch), pulled_input(inputs, batch);
  pass.push({1, 0, batch}, LYAP_FULL_STATE, lend(v), lend(w), lend(pushed));
  pass.pull({1, 0, batch}, LYAP_FULL_STATE, lend(u), lend(pulled), lend(pulled_input));
  CHECK(pulled.cwiseProduct(v).sum() + pulled_input.cwiseProduct(w).sum() ==
        doctest::Approx(u.cwiseProduct(pushed).sum()).epsilon(1e-12));
  const Matrix moved =
      (stack.after(1, before + h * v, x + h * w) - stack.after(1, before - h * v, x - h * w)) /
      (2 * h);
  CHECK(distance(pushed, moved) < differencing);
}

}  // namespace

TEST_CASE("two layers of every ode cell: Jacobian, push and pull of the network") {
  for_every_ode_cell([]<class C>(const Given& with) {
    CAPTURE(std::string(C::about.id));
    check_two_layers<C>(with);
  });
}
