// tests/parity/plugin_quantities.cpp - R values, finite-time exponents and Q of a case as the
// analysis `ftle` gives them, and the gradient from Q and R beside back-propagation.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "quantities.hpp"
#include "run/run.hpp"

namespace lyap::parity {
using namespace framework;

namespace {

std::string ftle_name(std::size_t run) {
  return fmt::format("ftle{}", run);
}

/// The runs that factorise at every step: others have no finite-time exponents.
bool at_every_step(const nlohmann::json& run) {
  return run.at("t_on") == 1;
}

const Measurement& named(const std::vector<Measurement>& all, const std::string& name) {
  return *std::find_if(all.begin(), all.end(), [&](const auto& m) { return m.name == name; });
}

/// Q after the last step of every sequence, [B, n, n].
std::vector<double> last_q(const MeasuredArray& q) {
  const auto sequences = static_cast<std::size_t>(q.shape[0]);
  const auto steps = static_cast<std::size_t>(q.shape[1]);
  const std::size_t size = q.values.size() / (sequences * steps);
  std::vector<double> last;
  for (std::size_t b = 0; b < sequences; ++b) {
    const auto from = q.values.begin() + static_cast<std::ptrdiff_t>(((b + 1) * steps - 1) * size);
    last.insert(last.end(), from, from + static_cast<std::ptrdiff_t>(size));
  }
  return last;
}

void check_run(const Fixture& f, const nlohmann::json& run, const Measurement& m,
               Comparison& comparison) {
  const std::string prefix = run.at("prefix"), who = prefix + "ftle.";
  const std::size_t n = run.at("n");
  const auto per_index = [&](const char* key) {
    const auto list = run.at(key).get<std::vector<double>>();
    // Shorter than n when directions die in some sequence; the others are still compared.
    return [=](std::size_t i) { return i % n < list.size() ? list[i % n] : 1e-9; };
  };
  const auto relative = per_index("r_diag_rel_tol");
  const Reference r = f.reference(prefix + "r_diag");
  comparison.check(who + "r_diag", r, m.find("r")->values, [&](std::size_t i) {
    return relative(i) * std::max(std::abs(r.values[i]), 1e-300);
  });
  // (1/t) times the sum of logarithms whose relative errors are r_diag's.
  if (f.has(prefix + "ftle"))
    comparison.check(who + "ftle", f.reference(prefix + "ftle"), m.find("exponent")->values,
                     relative);
  if (f.has(prefix + "q_final"))
    comparison.check(who + "q_final", f.reference(prefix + "q_final"), last_q(*m.find("q")),
                     per_index("q_final_tol"));
}

/// Zero, to a relative 1e-12: products of 20 Jacobians and as many sums lose a few roundings.
void check_errors(const std::string& quantity, const std::vector<double>& errors,
                  Comparison& comparison) {
  std::vector<double> found;  // without the weights that the loss does not see
  std::copy_if(errors.begin(), errors.end(), std::back_inserter(found),
               [](double x) { return !std::isnan(x); });
  const auto size = static_cast<std::int64_t>(found.size());
  comparison.check(quantity, Reference{{size}, std::vector<double>(found.size(), 0.0)}, found,
                   1e-12);
}

}  // namespace

std::string plugin_measures(const Fixture& f, const std::filesystem::path& folder,
                            bool last_step_only) {
  const std::string common =
      fmt::format("split: train, sequences: {}, start: file, start_file: '{}/state0.npy'", f.batch,
                  folder.string());
  std::string text = fmt::format("\n    - use: gradient\n      with: {{{}, state: full}}", common);
  const auto& runs = f.sidecar.at("runs");
  for (std::size_t i = 0; i < runs.size() && !last_step_only; ++i)
    if (at_every_step(runs[i]))
      text += fmt::format(
          "\n    - use: ftle\n      as: {}\n      with: {{{}, warmup: {}, state: {}, keep: [q]}}",
          ftle_name(i), common, runs[i].at("warmup").get<int>(),
          runs[i].at("scope").get<std::string>());
  return text;
}

void check_plugins(const Fixture& f, const Trial& trial, const std::string& which,
                   Comparison& comparison) {
  const std::vector<Measurement> all = measure_weights(trial, trial.first_weights());
  const Measurement& gradient = named(all, "gradient");
  check_errors("gradient_" + which + ".state", gradient.find("state_error")->values, comparison);
  check_errors("gradient_" + which + ".weight", gradient.find("weight_error")->values, comparison);
  const auto& runs = f.sidecar.at("runs");
  for (std::size_t i = 0; i < runs.size() && which == "seq"; ++i)
    if (at_every_step(runs[i])) check_run(f, runs[i], named(all, ftle_name(i)), comparison);
}

}  // namespace lyap::parity
