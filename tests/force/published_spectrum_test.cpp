// tests/force/published_spectrum_test.cpp - the matrix that AeLLE's published code takes for the
// Jacobian of a FORCE network, and the exponents of that code.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <numeric>

#include "../framework/temporary_folder.hpp"
#include "force_case.hpp"
#include "model/border.hpp"
#include "run/run.hpp"

using namespace lyap::framework;
using lyap::Index;
using lyap::Matrix;
using lyap::Vector;
using lyap::testing::ForceCase;
using lyap::testing::plan_of;

namespace {

struct Kernel {
  Kernel() {
    surroundings.workers = &workers;
    surroundings.folders = &folders;
    surroundings.log = [](int, const std::string&) {};
  }
  Workers workers{2};
  DataFolders folders{{}};
  Surroundings surroundings;
  Catalog catalog{{LYAP_PLUGIN_DIR}};
};

/// A network with a readout, h = dt/tau = 0.05, g = 1.7.
Plan small(const Catalog& catalog, const std::string& derivative) {
  return plan_of(
      "lyap: 1\nname: small\nprecision: {train: float64}\ntrials:\n"
      "  task: {use: signal_reconstruction, with: {function: two_sine, period: 20, steps: 40}}\n"
      "  cell:\n    use: rank1\n    with: {units: 12, gain: 1.7, dt: 0.1, tau: 2, derivative: " +
          derivative + "}\n" +
          "    init: {M: 'normal(0, 0.3)'}\n"
          "    readout: {bias: off, init: {weight: 'normal(0, 0.2)'}}\n",
      catalog);
}

Matrix weight(const lyap::Model& model, const std::string& name) {
  for (std::uint32_t i = 0; i < model.weights().size(); ++i)
    if (model.weights()[i].name == name) return model.weight(i);
  FAIL("no weight " << name);
  return {};
}

Matrix diagonal(const Vector& v) {
  return v.asDiagonal();
}

double gap(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

/// What `act` is given: the model, a pass of five steps on its own output, and that pass's states.
template <class Act>
void in_closed_loop(const std::string& derivative, const Act& act) {
  Kernel kernel;
  const Plan plan = small(kernel.catalog, derivative);
  const Trial trial(plan, kernel.surroundings);
  const auto owner = trial.model(trial.first_weights());
  const lyap::Model model(&model_ops(), lend(std::as_const(*owner)));
  lyap::Pass pass = model.begin(1, 5, true);
  Matrix start(12, 1);
  for (Index i = 0; i < 12; ++i) start(i, 0) = std::sin(static_cast<double>(3 * i + 1));
  pass.start(start);
  pass.run_closed(5);
  Matrix states(12, 6);
  for (Index t = 0; t <= 5; ++t) {
    Matrix state(12, 1);
    pass.state(t, state);
    states.col(t) = state;
  }
  act(model, pass, states);
}

Matrix jacobian(const lyap::Pass& pass, Index t) {
  Matrix J(12, 12);
  pass.jacobian(t, 0, lyap::Scope::Full, J);
  return J;
}

}  // namespace

TEST_CASE(
    "rank1 as published: in closed loop D(1 - x'^2) ((dt/tau) g M + w_f w_o^T), x' after it") {
  in_closed_loop("lae", [](const lyap::Model& model, const lyap::Pass& pass, const Matrix& states) {
    const Matrix M = weight(model, "cell.M_l0"), w_f = weight(model, "cell.w_f_l0"),
                 w_o = weight(model, "readout.weight");
    for (Index t = 1; t <= 5; ++t) {
      const Vector slope = 1 - states.col(t).array().square();
      const Matrix expected = diagonal(slope) * (0.05 * 1.7 * M + w_f * w_o);
      CHECK(gap(jacobian(pass, t), expected) < 1e-15);
      Matrix pushed(12, 12), pulled(12, 12);
      const Matrix unit = Matrix::Identity(12, 12);
      pass.push({t, 0, 1}, lyap::Scope::Full, unit, pushed);
      pass.pull({t, 0, 1}, lyap::Scope::Full, unit, pulled);
      CHECK(gap(pushed, expected) < 1e-15);
      CHECK(gap(pulled, expected.transpose()) < 1e-15);
    }
  });
}

TEST_CASE("rank1: in closed loop (1 - h) E + h (g M + w_f w_o^T) D(1 - tanh(x)^2), h = dt/tau") {
  in_closed_loop(
      "exact", [](const lyap::Model& model, const lyap::Pass& pass, const Matrix& states) {
        const Matrix W = 1.7 * weight(model, "cell.M_l0") +
                         weight(model, "cell.w_f_l0") * weight(model, "readout.weight");
        for (Index t = 1; t <= 5; ++t) {
          const Vector slope = 1 - states.col(t - 1).array().tanh().square();
          const Matrix expected = 0.95 * Matrix::Identity(12, 12) + 0.05 * W * diagonal(slope);
          CHECK(gap(jacobian(pass, t), expected) < 1e-15);
        }
      });
}

TEST_CASE("rank1: the matrix as published changes no state") {
  Matrix published, exact;
  in_closed_loop("lae",
                 [&](const auto&, const auto&, const Matrix& states) { published = states; });
  in_closed_loop("exact", [&](const auto&, const auto&, const Matrix& states) { exact = states; });
  CHECK(published == exact);
}

TEST_CASE("FORCE networks have the exponents that the published code finds in 200 test steps") {
  // Printed by the published code, in nats/step. With the slopes before the steps they would be
  // 0.090, -2.86, -7.96 and 0.179, -2.87, -8.82.
  const struct {
    const char* file;
    double largest, mean, smallest;
  } printed[] = {{"force_seed10.safetensors", 0.089, -2.86, -7.96},
                 {"force_seed11.safetensors", 0.180, -2.87, -8.81}};
  Kernel kernel;
  const TemporaryFolder folder;
  for (const auto& network : printed) {
    CAPTURE(network.file);
    const ForceCase force(std::filesystem::path(LYAP_FORCE_DIR) / network.file);
    force.write_end(folder / "end.safetensors");
    const Plan plan =
        force.plan(kernel.catalog, folder / "end.safetensors", "{use: none}",
                   "[{use: spectrum, with: {sequences: 1, steps: 200, loop: closed, start: "
                   "carried, orientation: transposed}}]",
                   "derivative: lae");
    const Trial trial(plan, kernel.surroundings);
    const auto measured = measure_weights(trial, trial.first_weights());
    const std::vector<double>& exponents = measured.front().find("spectrum")->values;
    REQUIRE(exponents.size() == 512);
    const auto [smallest, largest] = std::minmax_element(exponents.begin(), exponents.end());
    CHECK(std::abs(*largest - network.largest) < 0.0005);
    CHECK(std::abs(std::accumulate(exponents.begin(), exponents.end(), 0.0) / 512 - network.mean) <
          0.005);
    CHECK(std::abs(*smallest - network.smallest) < 0.005);
  }
}
