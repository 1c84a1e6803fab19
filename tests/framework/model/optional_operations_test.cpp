// tests/framework/model/optional_operations_test.cpp - what a cell may offer beside its steps,
// through the kernel in both precisions: projection, learned start, output map, live weights.
#include <doctest/doctest.h>

#include <utility>

#include "model/gradient.hpp"
#include "noise_task.hpp"
#include "optional_cell.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;
using lyap::MatrixOf;
using lyap::Real;

namespace {

constexpr std::int64_t units = 4, inputs = 3, layers = 2, outputs = 2;

/// Two layers of the cell and a readout, with weights of one precision.
template <Real T>
struct Net {
  Net()
      : count(leaky::units(units)),
        network("optional", lyap::border::CellTable<optional::Cell>::ops, {&count, 1}, inputs,
                layers, {outputs, true}),
        weights(network.initialise(3, {}).as(lyap::dtype_of<T>)),
        derivatives(make_jacobian("auto", network.cell(0), 0)) {}

  Pass pass(std::int64_t batch, std::int64_t steps) const {
    PassRequest request;
    request.dtype = lyap::dtype_of<T>;
    request.batch = batch;
    request.steps = steps;
    return Pass(network, *derivatives, weights, request);
  }
  auto operator[](const char* name) { return lyap::view<T>(weights[*weights.find(name)]); }

  lyap_value count;
  Network network;
  Weights weights;
  std::unique_ptr<JacobianProvider> derivatives;
};

template <Real T>
MatrixOf<T> state_of(const Pass& pass, std::int64_t t) {
  MatrixOf<T> state(layers * units, pass.batch());
  pass.state(t, lyap::lend(state));
  return state;
}

template <Real T>
MatrixOf<T> input(std::int64_t columns) {
  return normal("input", inputs, columns).cast<T>();
}

/// Mean loss of sequences 0 .. 4 and its gradient.
template <Real T>
double loss_of(const Net<T>& net, const Weights& weights, Weights* gradient, bool carry = false) {
  static const noise_task::Task task(LYAP_MEAN_SQUARED, false);
  const std::int64_t which[] = {0, 1, 2, 3, 4};
  Workers workers(1);
  BatchGradient training(net.network, weights, task.view, workers, 9);
  BatchRequest request;
  request.which = which;
  request.count = 5;
  request.stream = "batch";
  double loss = training.batch(request).mean();
  if (carry) {
    request.carry = true;
    loss = training.batch(request).mean();
  }
  if (gradient) *gradient = training.gradient();
  return loss;
}

}  // namespace

TEST_CASE_TEMPLATE("what a cell shows is seen by the layer above and by the readout", T, float,
                   double) {
  Net<T> net;
  Pass pass = net.pass(2, 3);
  const MatrixOf<T> x = input<T>(6);
  pass.run(3, lyap::lend(x));
  const auto shown = [&](const char* C, const MatrixOf<T>& h) -> MatrixOf<T> {
    return net[C] * h.cwiseAbs2();
  };
  for (std::int64_t t = 1; t <= 3; ++t) {
    const MatrixOf<T> before = state_of<T>(pass, t - 1), after = state_of<T>(pass, t);
    const MatrixOf<T> below = shown("cell.C_l0", after.topRows(units));
    const MatrixOf<T> above =
        (net["cell.W_l1"] * before.bottomRows(units) + net["cell.V_l1"] * below).colwise() +
        net["cell.g_l1"].col(0);
    const double rounding = 50.0 * std::numeric_limits<T>::epsilon() * above.cwiseAbs().maxCoeff();
    CHECK((above - after.bottomRows(units)).cwiseAbs().maxCoeff() < rounding);
    MatrixOf<T> y(outputs, 2);
    pass.output(t, lyap::lend(y));
    const MatrixOf<T> expected =
        (net["readout.weight"] * shown("cell.C_l1", after.bottomRows(units))).colwise() +
        net["readout.bias"].col(0);
    CHECK((y - expected).cwiseAbs().maxCoeff() <
          100.0 * std::numeric_limits<T>::epsilon() * expected.cwiseAbs().maxCoeff());
  }
}

TEST_CASE_TEMPLATE("a start comes from its weight and from draws of the pass's stream", T, float,
                   double) {
  Net<T> net;
  Pass pass = net.pass(50, 1);
  const MatrixOf<T> start = state_of<T>(pass, 0);
  for (const std::int64_t layer : {0, 1}) {
    const MatrixOf<T> mean = net[layer ? "cell.start_l1" : "cell.start_l0"].array().tanh();
    const MatrixOf<T> drawn = (start.middleRows(layer * units, units).colwise() - mean.col(0)) * 10;
    // 200 normal numbers: the mean square is 1 with a standard deviation of 0.1.
    CHECK(std::abs(drawn.squaredNorm() / 200 - 1) < 0.4);
  }
  CHECK(start.topRows(units) != start.bottomRows(units));
  pass.start();
  CHECK(state_of<T>(pass, 0) == start);
  pass.start({}, "another");
  CHECK(state_of<T>(pass, 0) != start);
}

TEST_CASE("the gradient of a training step reaches starts and maps of every layer") {
  Net<double> net;
  Weights gradient;
  loss_of(net, net.weights, &gradient);
  for (std::size_t i = 0; i < net.weights.size(); ++i) {
    CAPTURE(net.weights.shape(i).name);
    const auto exact = lyap::view<double>(std::as_const(gradient)[i]);
    REQUIRE(exact.cwiseAbs().maxCoeff() > 0);
    auto tensor = lyap::view<double>(net.weights[i]);
    for (std::int64_t j = 0; j < tensor.size(); ++j) {
      double& entry = tensor.data()[j];
      const double kept = entry, h = 1e-5;
      entry = kept + h;
      const double ahead = loss_of(net, net.weights, nullptr);
      entry = kept - h;
      const double behind = loss_of(net, net.weights, nullptr);
      entry = kept;
      CHECK(std::abs((ahead - behind) / (2 * h) - exact.data()[j]) <
            1e-7 * (1 + exact.cwiseAbs().maxCoeff()));
    }
  }
}

TEST_CASE("in float32 the gradient is that of float64, rounded") {
  Net<float> net;
  Weights narrow, wide;
  loss_of(net, net.weights, &narrow);
  loss_of(Net<double>(), net.weights.as(LYAP_F64), &wide);
  for (std::size_t i = 0; i < wide.size(); ++i) {
    const auto exact = lyap::view<double>(std::as_const(wide)[i]);
    const Matrix rounded = lyap::view<float>(std::as_const(narrow)[i]).cast<double>();
    CHECK((rounded - exact).cwiseAbs().maxCoeff() < 1e-5 * exact.cwiseAbs().maxCoeff());
  }
}

TEST_CASE("a batch that carries on from the one before has nothing for the start") {
  Net<double> net;
  Weights gradient;
  loss_of(net, net.weights, &gradient, true);
  for (const char* name : {"cell.start_l0", "cell.start_l1"})
    CHECK(lyap::view<double>(gradient[*gradient.find(name)]).isZero(0));
  CHECK(!lyap::view<double>(gradient[*gradient.find("cell.W_l0")]).isZero(0));
}

TEST_CASE_TEMPLATE("a live weight acts from the next step on, without a new bind", T, float,
                   double) {
  Net<T> net, changed;
  changed["cell.g_l0"] *= T(-2);
  Pass pass = net.pass(2, 3), other = changed.pass(2, 3);
  const MatrixOf<T> x = input<T>(6), more = normal("more", inputs, 6).cast<T>();
  pass.run(3, lyap::lend(x));
  const MatrixOf<T> middle = state_of<T>(pass, 3);
  net["cell.g_l0"] *= T(-2);
  pass.run(3, lyap::lend(more));
  other.start(lyap::lend(middle));
  other.run(3, lyap::lend(more));
  CHECK(state_of<T>(pass, 3) == state_of<T>(other, 3));
}

TEST_CASE_TEMPLATE("a projection sees weights, what they were, gradients and rate, layer by layer",
                   T, float, double) {
  Net<T> net;
  const Weights previous = net.weights;
  Weights gradient = previous;
  for (std::size_t i = 0; i < gradient.size(); ++i)
    lyap::view<T>(gradient[i]).setConstant(static_cast<T>(i + 1));
  for (std::size_t i = 0; i < previous.size(); ++i)
    lyap::view<T>(net.weights[i]).array() += T(0.25);
  const Weights stepped = net.weights;
  net.network.project(net.weights, previous, &gradient, 0.5);
  const auto of = [](const Weights& weights, const std::string& name) -> MatrixOf<T> {
    return lyap::view<T>(weights[*weights.find(name)]);
  };
  for (const std::string layer : {"_l0", "_l1"}) {
    MatrixOf<T> W = of(stepped, "cell.W" + layer);
    W.diagonal().setZero();
    CHECK(of(net.weights, "cell.W" + layer) == W);
    const std::string V = "cell.V" + layer;
    const MatrixOf<T> expected = 2 * of(previous, V) - of(stepped, V) + T(0.5) * of(gradient, V);
    CHECK((of(net.weights, V) - expected).cwiseAbs().maxCoeff() <
          4.0 * std::numeric_limits<T>::epsilon() * expected.cwiseAbs().maxCoeff());
    CHECK(of(net.weights, "cell.C" + layer) == of(stepped, "cell.C" + layer));
  }
  CHECK(of(net.weights, "readout.weight") == of(stepped, "readout.weight"));
}
