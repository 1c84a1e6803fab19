// tests/oracles/rest_test.cpp - gated and vanilla networks at rest and without recurrent weights.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../framework/temporary_folder.hpp"
#include "chain.hpp"
#include "lyap/model.hpp"
#include "model/border.hpp"

using namespace lyap::oracles;

namespace {

constexpr double dead = -std::numeric_limits<double>::infinity();

/// Less than rounding errors grow by in a step.
constexpr double deadly = -25;

Numbers leading(const Numbers& values, std::size_t count) {
  return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count)};
}

double log_sigmoid(double x) {
  return -std::log1p(std::exp(-x));
}

struct Architecture {
  const char *name, *cell;
};
constexpr Architecture architectures[] = {{"rnn_tanh", "rnn"}, {"lstm", "lstm"}, {"gru", "gru"}};

/// A cell of six units with the weights of known/zero_fixed_point.safetensors, two inputs at zero.
Network at_rest(const Architecture& architecture) {
  const KnownTensors known("zero_fixed_point");
  return {silence(2), fmt::format("{{use: {}, with: {{units: 6}}, weights: {{file: '{}', rename: "
                                  "{{{}.param.: cell.}}}}}}",
                                  architecture.cell, known.file().string(), architecture.name)};
}

/// J of the first step from the zero state, row by row.
Numbers first_jacobian(const Network& network) {
  const auto plan = network.plan("steps: 1");
  const lyap::framework::Trial trial(*plan, surroundings());
  const auto kernel_model = trial.model(trial.first_weights());
  const lyap::Model model(&lyap::framework::model_ops(),
                          lyap::framework::lend(std::as_const(*kernel_model)));
  lyap::Pass pass = model.begin(1, 1);
  pass.start(lyap::Matrix::Zero(model.state(), 1));
  pass.run(lyap::Matrix::Zero(model.inputs(), 1));
  lyap::Matrix J(model.state(), model.state());
  pass.jacobian(1, 0, lyap::Scope::Full, J);
  const lyap::Matrix by_rows = J.transpose();
  return Numbers(by_rows.data(), by_rows.data() + by_rows.size());
}

}  // namespace

TEST_CASE("zero state, zero input: the Jacobian is the stored one") {
  for (const Architecture& architecture : architectures) {
    CAPTURE(std::string(architecture.name));
    const double error = largest_difference(
        first_jacobian(at_rest(architecture)),
        KnownTensors("zero_fixed_point")[std::string(architecture.name) + ".J0"]);
    MESSAGE(architecture.name << ": Jacobian off by " << error);
    CHECK(error <= 1e-15);
  }
}

TEST_CASE(
    "zero state, zero input: ln of moduli of the eigenvalues of J, dead ones below any rounding") {
  for (const Architecture& architecture : architectures) {
    const std::string name = architecture.name;
    const Network network = at_rest(architecture);
    const Numbers truth = KnownTensors("zero_fixed_point")[name + ".le"];
    for (const std::string window :
         {"w=0 T=100", "w=0 T=2000", "w=2000 T=2000", "w=2000 T=20000"}) {
      int warmup = 0, steps = 0;
      REQUIRE(std::sscanf(window.c_str(), "w=%d T=%d", &warmup, &steps) == 2);
      const Numbers allowed =
          known_numbers({"zero_fixed_point", name, "err_first_and_max", window});
      for (const std::string& method : methods) {
        CAPTURE(name);
        CAPTURE(window);
        CAPTURE(method);
        const Numbers found = network.exponents(fmt::format(
            "sequences: 1, start: zero, warmup: {}, steps: {}, method: {}", warmup, steps, method));
        REQUIRE(found.size() == truth.size());
        const auto rank =
            static_cast<std::size_t>(std::find(truth.begin(), truth.end(), dead) - truth.begin());
        const double first = std::abs(found[0] - truth[0]);
        const double error = largest_difference(leading(found, rank), leading(truth, rank));
        MESSAGE(name << " " << window << " " << method << ": first " << first << ", largest "
                     << error);
        CHECK(first <= allowed[0] + 1e-12);
        CHECK(error <= allowed[1] + 1e-12);
        // The dependence of these columns of J is exact on paper only: what is left is rounding, or
        // nothing.
        for (std::size_t i = rank; i < found.size(); ++i) CHECK(found[i] < deadly);
      }
    }
  }
}

TEST_CASE("GRU without weights: ln sigmoid(b_z) of every unit") {
  const TemporaryFolder folder;
  const Numbers gate{-1.2, 0.3, 2.0};
  // Gates r, z, n; the biases of the input's and the state's side add up.
  const Numbers half{-0.6, 0.15, 1.0};
  Numbers bias(9, 0.4);
  std::copy(half.begin(), half.end(), bias.begin() + 3);
  const Network network{noise(2, 1),
                        "{use: gru, with: {units: 3}, " +
                            weights(folder.path(), {{"weight_ih", {9, 2}, Numbers(18, 0.0)},
                                                    {"weight_hh", {9, 3}, Numbers(27, 0.0)},
                                                    {"bias_ih", {9}, bias},
                                                    {"bias_hh",
                                                     {9},
                                                     [&] {
                                                       Numbers b(9, 0.0);
                                                       std::copy(half.begin(), half.end(),
                                                                 b.begin() + 3);
                                                       return b;
                                                     }()}}) +
                            "}"};
  Numbers truth;
  for (const double b : gate) truth.push_back(log_sigmoid(b));
  for (const std::string& method : methods)
    for (const std::string& orientation : orientations)
      CHECK(largest_difference(
                network.exponents(fmt::format(
                    "sequences: 2, steps: 100, method: {}, orientation: {}", method, orientation)),
                truth) <= 1e-13);
}

TEST_CASE("driven LSTM without recurrent weights: mean of ln f_t for c, minus infinity for h") {
  const TemporaryFolder folder;
  constexpr int units = 2, steps = 400;
  // One input; forget gate a = w x + b, the others driven alike.
  const Numbers w{0.5, -0.8, 1.1, 0.4, 0.9, -0.7, 0.3, 1.2};
  const Numbers b{0.1, -0.2, 0.7, -0.3, 0.2, 0.5, -0.4, 0.6};
  Numbers inputs;
  for (int t = 0; t < steps; ++t) inputs.push_back(std::sin(1.7 * t) + 0.5 * std::cos(0.3 * t * t));
  const Network network{array_task(folder.path(), {steps, 1}, inputs),
                        "{use: lstm, with: {units: 2, bias: one}, " +
                            weights(folder.path(), {{"weight_ih", {8, 1}, w},
                                                    {"weight_hh", {8, 2}, Numbers(16, 0.0)},
                                                    {"bias_ih", {8}, b}}) +
                            "}"};
  Numbers truth(units, dead);
  for (std::size_t i = 0; i < units; ++i) {
    const auto gate = [&](std::size_t which, double x) {
      const std::size_t row = which * units + i;
      return w[row] * x + b[row];
    };
    const auto sigmoid = [](double a) { return 1 / (1 + std::exp(-a)); };
    double c = 0, growth = 0, slope = 0;
    for (const double x : inputs) {
      growth += log_sigmoid(gate(1, x));
      c = sigmoid(gate(1, x)) * c + sigmoid(gate(0, x)) * std::tanh(gate(2, x));
      slope = sigmoid(gate(3, x)) / (std::cosh(c) * std::cosh(c));
    }
    // The vector of c_i ends as (o sech^2(c), 1) times the product of f: exact at finite length.
    truth.push_back((growth + std::log(std::hypot(1, slope))) / steps);
  }
  for (const std::string& method : methods) {
    const Numbers found = network.exponents(fmt::format("start: zero, method: {}", method));
    MESSAGE("driven LSTM " << method << ": error " << largest_difference(found, truth));
    CHECK(largest_difference(found, truth) <= 1e-13);
  }
}
