// tests/parity/spectrum_quantities.cpp - exponents of a case as the spectrum analysis gives them.
#include <fmt/format.h>

#include <cmath>

#include "quantities.hpp"
#include "run/run.hpp"

namespace lyap::parity {
using namespace framework;

namespace {
constexpr const char* methods[] = {"lu", "householder"};

std::string step_name(std::size_t run, const char* method) {
  return fmt::format("run{}_{}", run, method);
}

/// Minus infinity stands for means over sequences that are dead in all of them; the analysis leaves
/// dead sequences out of the mean, the reference does not.
Reference with_dead_means(Reference reference, const std::vector<double>& dead, double sequences) {
  for (std::size_t i = 0; i < reference.values.size(); ++i)
    if (dead[i] > 0 && dead[i] < sequences) reference.values[i] = std::nan("");
  return reference;
}
}  // namespace

std::string spectrum_measures(const Fixture& f, const std::filesystem::path& folder) {
  std::string text;
  const auto& runs = f.sidecar.at("runs");
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const char* method : methods)
      text += fmt::format(
          "\n    - use: spectrum\n      as: {}\n      with: {{split: train, sequences: {}, "
          "warmup: {}, every: {}, state: {}, method: {}, start: file, start_file: "
          "'{}/state0.npy', resamples: 0, history: 0}}",
          step_name(i, method), f.batch, runs[i].at("warmup").get<int>(),
          runs[i].at("t_on").get<int>(), runs[i].at("scope").get<std::string>(), method,
          folder.string());
  return text;
}

void check_spectra(const Fixture& f, const Trial& trial, Comparison& comparison) {
  const std::vector<Measurement> all = measure_weights(trial, trial.first_weights());
  const auto& runs = f.sidecar.at("runs");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string prefix = runs[i].at("prefix");
    const auto tolerances = runs[i].at("le_tol").get<std::vector<double>>();
    const std::size_t n = runs[i].at("n");
    // Shorter than n when directions die in some sequence; the others are still compared.
    const auto tolerance = [&, n](std::size_t k) {
      return k % n < tolerances.size() ? tolerances[k % n] : 1e-9;
    };
    for (const char* method : methods) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const Measurement& m) {
        return m.name == step_name(i, method);
      });
      const auto& dead = found->find("dead")->values;
      const std::string who = prefix + method + ".";
      comparison.check(who + "le", f.reference(prefix + "le"), found->find("per_sequence")->values,
                       tolerance);
      comparison.check(
          who + "le_mean",
          with_dead_means(f.reference(prefix + "le_mean"), dead, static_cast<double>(f.batch)),
          found->find("spectrum")->values, tolerance);
      Reference deviation = f.reference(prefix + "le_std");
      for (std::size_t k = 0; k < deviation.values.size(); ++k)
        if (dead[k] > 0) deviation.values[k] = std::nan("");
      comparison.check(who + "le_std", deviation, found->find("deviation")->values, tolerance);
    }
  }
}

}  // namespace lyap::parity
