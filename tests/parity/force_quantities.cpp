// tests/parity/force_quantities.cpp - FORCE learning: what happens in its first steps, how it ends,
// and the exponents of the frozen network.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "../force/force_case.hpp"
#include "../framework/temporary_folder.hpp"
#include "lyap/model.hpp"
#include "model/border.hpp"
#include "quantities.hpp"
#include "run/run.hpp"

namespace lyap::parity {
using namespace framework;
using testing::ForceCase;

namespace {

// Weights, states and outputs of the first epoch; errors are means over steps in which rounding has
// grown. [Measured: 4e-14 in the first epoch, 1e-10 in the test after the last.]
constexpr double exactly = 1e-9, in_the_end = 1e-4;
constexpr std::size_t frozen_steps = 400;

Reference reference(std::vector<double> values, std::size_t count = 0) {
  if (count) values.resize(std::min(count, values.size()));
  return {{static_cast<std::int64_t>(values.size())}, values};
}
std::span<const double> numbers(const Matrix& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}

double figure(const TrainingOutcome& outcome, std::size_t epoch, const std::string& name) {
  for (const auto& [key, value] : outcome.history.at(epoch).figures)
    if (key == name) return value;
  return std::nan("");
}

TrainingOutcome trained(const Plan& plan, const Surroundings& surroundings,
                        const RunDirectory& directory) {
  return run_trial(Trial(plan, surroundings), directory, false).training;
}

void check_begin(const ForceCase& force, const Trial& trial, Comparison& comparison) {
  const testing::Learned half = testing::learn(trial, 600, 2, 1);
  const testing::Learned whole = testing::learn(trial, 1200, 2, 1);
  comparison.check("z_first", reference(force.numbers("z_first")), numbers(whole.outputs), exactly);
  comparison.check("w_600", reference(force.numbers("w_600")), numbers(half.w), exactly);
  comparison.check("x_600", reference(force.numbers("x_600")), numbers(half.state), exactly);
  comparison.check("w_1200", reference(force.numbers("w_1200")), numbers(whole.w), exactly);
  comparison.check("x_1200", reference(force.numbers("x_1200")), numbers(whole.state), exactly);
}

/// Training without tests, then the test of what it left.
void check_errors(const ForceCase& force, const Catalog& catalog, const Surroundings& surroundings,
                  const std::filesystem::path& weights, const std::filesystem::path& folder,
                  Comparison& comparison) {
  const auto learning = RunDirectory::create(folder, "learning", "0");
  const TrainingOutcome outcome = trained(
      force.plan(catalog, weights, "{use: force, with: {test_epochs: 0}}"), surroundings, learning);
  const std::vector<double> errors = force.numbers("train_error");
  std::vector<double> ours;
  for (std::size_t epoch = 1; epoch < outcome.history.size(); ++epoch)
    ours.push_back(figure(outcome, epoch, "train_error"));
  comparison.check("train_error", reference(errors), ours, in_the_end);

  const auto testing = RunDirectory::create(folder, "testing", "0");
  const double error =
      figure(trained(force.plan(catalog, learning.final(), "{use: force, with: {epochs: 0}}"),
                     surroundings, testing),
             0, "test_error");
  comparison.check("test_error", reference(force.numbers("test_error")), {&error, 1}, in_the_end);
}

void check_frozen(const ForceCase& force, const Trial& trial, Comparison& comparison) {
  const auto model = trial.model(trial.first_weights());
  const lyap::Model lent(&model_ops(), lend(std::as_const(*model)));
  lyap::Pass pass = lent.begin(1, frozen_steps, true);
  pass.start(Eigen::Map<const Vector>(trial.first_carried().state.data(), lent.state()));
  pass.run_closed(frozen_steps);
  Matrix z(1, frozen_steps);
  for (Index t = 1; t <= z.cols(); ++t) pass.output(t, z.col(t - 1));
  comparison.check("z_test_first", reference(force.numbers("z_test_first"), frozen_steps),
                   numbers(z), exactly);
  const std::vector<Measurement> measured = measure_weights(trial, trial.first_weights());
  comparison.check("le_frozen_200", reference(force.numbers("le_frozen_200")),
                   measured.front().find("spectrum")->values, exactly);
}

}  // namespace

void check_force(const std::filesystem::path& file, const Catalog& catalog,
                 const Surroundings& surroundings, Comparison& comparison) {
  const ForceCase force(file);
  const TemporaryFolder folder;
  force.write_begin(folder / "begin.safetensors");
  force.write_end(folder / "end.safetensors");

  const Plan begin = force.plan(catalog, folder / "begin.safetensors", "{use: none}");
  check_begin(force, Trial(begin, surroundings), comparison);
  check_errors(force, catalog, surroundings, folder / "begin.safetensors", folder.path(),
               comparison);
  const Plan end = force.plan(
      catalog, folder / "end.safetensors", "{use: none}",
      "[{use: spectrum, with: {sequences: 1, steps: 200, loop: closed, start: carried}}]");
  check_frozen(force, Trial(end, surroundings), comparison);
}

void check_learning(const Fixture& f, const Catalog& catalog, const Surroundings& surroundings,
                    Comparison& comparison) {
  const TemporaryFolder folder;
  const auto& given = f.sidecar.at("force");
  const auto& parameters = f.sidecar.at("hyperparameters");
  const Reference start = f.reference("state0"), w = f.reference("param.w");
  std::vector<double> state(start.values.begin(), start.values.begin() + f.state);
  double z = 0;
  for (std::size_t i = 0; i < state.size(); ++i) z += w.values[i] * std::tanh(state[i]);
  TensorFile file;
  file.tensors["cell.M_l0"] = f.tensors.tensor("param.J", f.file);
  file.tensors["cell.w_f_l0"] = f.tensors.tensor("param.w_fb", f.file);
  file.tensors["readout.weight"] = Tensor::of({1, f.state}, w.values);
  file.tensors["carried.state"] = Tensor::of({f.state}, state);
  file.tensors["carried.input"] = Tensor::of({1}, std::vector<double>{z});
  write_safetensors(folder / "force.safetensors", file);

  // Their first target is f(dt), ours f(0).
  const double period = given.at("force_period"), dt = parameters.at("dt"),
               phase = 2 * std::numbers::pi * dt / period;
  const Index steps = given.at("force_steps");
  const Plan plan = testing::plan_of(
      fmt::format(R"(lyap: 1
name: force
precision: {{train: float64}}
trials:
  task:
    use: signal_reconstruction
    with:
      function: expression
      amplitudes: [{0}, {1}, {2}, {3}]
      frequencies: [1, 2, 3, 4]
      phases: [{4}, {5}, {6}, {7}]
      period: {8}
      dt: {9}
      steps: {10}
      normalise: off
  cell:
    use: rank1
    with: {{units: {11}, gain: {12}, dt: {9}}}
    readout: {{bias: off}}
    weights: {{file: '{13}'}}
)",
                  1.3 / 1.5, 1.3 / 3, 1.3 / 9, 1.3 / 4.5, phase, 2 * phase, 3 * phase, 4 * phase,
                  period, dt, steps, f.state, parameters.at("g").get<double>(),
                  (folder / "force.safetensors").string()),
      catalog);
  const testing::Learned learned =
      testing::learn(Trial(plan, surroundings), steps, 1, given.at("force_alpha"));
  comparison.check("force.z", f.reference("force.z"), numbers(learned.outputs), exactly);
  comparison.check("force.error", f.reference("force.error"), numbers(learned.errors), exactly);
  comparison.check("force.w_final", f.reference("force.w_final"), numbers(learned.w), exactly);
  comparison.check("force.P_final", f.reference("force.P_final"), numbers(learned.P), exactly);
  comparison.check("force.x_final", f.reference("force.x_final"), numbers(learned.state), exactly);
}

}  // namespace lyap::parity
