// tests/framework/model/small_network.hpp - a small network with random weights, for tests that run
// it.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "leaky_cell.hpp"
#include "model/jacobian.hpp"
#include "model/network.hpp"
#include "model/pass.hpp"

namespace test {

using namespace lyap::framework;

inline lyap_const_matrix in(const lyap::Matrix& m) {
  return {m.data(), m.rows(), m.cols(), m.rows(), LYAP_F64, 0};
}
inline lyap_matrix out(lyap::Matrix& m) {
  return {m.data(), m.rows(), m.cols(), m.rows(), LYAP_F64, 0};
}

/// Standard normal numbers that depend on the name alone.
inline lyap::Matrix normal(std::string_view name, std::int64_t rows, std::int64_t cols) {
  lyap::Matrix m(rows, cols);
  Random random(5, name);
  random.fill_normal({m.data(), static_cast<std::size_t>(m.size())});
  return m;
}

/// Leaky cells with `inputs` inputs, units per layer, layers, and a readout.
struct SmallNetwork {
  struct Size {
    std::int64_t inputs = 3, units = 4, layers = 1, outputs = 2;
  };
  explicit SmallNetwork(Size size, leaky::Parts parts = {}, std::string_view jacobian = "auto",
                        std::int64_t check_every = 0)
      : ops(leaky::ops(parts)),
        units(leaky::units(size.units)),
        network("leaky", ops, {&units, 1}, size.inputs, size.layers, {size.outputs, true}),
        weights(network.initialise(3, {{"bias", "uniform(0.5)"}, {"readout.weight", "normal"}})),
        derivatives(make_jacobian(jacobian, network.cell(0), check_every)) {}

  Pass pass(std::int64_t batch, std::int64_t steps, bool closed_loop = false, bool noise = false,
            Feedback feedback = Feedback::Output) {
    PassRequest request;
    request.batch = batch;
    request.steps = steps;
    request.closed_loop = closed_loop;
    request.feedback = feedback;
    request.noise = noise;
    return Pass(network, *derivatives, weights, request);
  }
  std::int64_t rows(std::int32_t scope = LYAP_FULL_STATE) const {
    return network.order().rows(scope);
  }

  lyap_cell_ops ops;
  lyap_value units;
  Network network;
  Weights weights;
  std::unique_ptr<JacobianProvider> derivatives;
};

}  // namespace test
