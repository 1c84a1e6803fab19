// tests/oracles/map_test.cpp - the classical maps as cells: Henon, logistic, tent.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "../framework/temporary_folder.hpp"
#include "chain.hpp"

using namespace lyap::oracles;

namespace {

constexpr double dead = -std::numeric_limits<double>::infinity();

/// Two relu units h = relu(a + b), a1 = a2 = rise (h1 - fold h2): a tent map in h1 - fold h2, whose
/// second direction dies in the first step.
Network tent(const TemporaryFolder& folder, double rise, double fold, double bend) {
  return {silence(), "{use: rnn, with: {units: 2, activation: relu, bias: one}, " +
                         weights(folder.path(),
                                 {{"weight_hh", {2, 2}, {rise, -rise * fold, rise, -rise * fold}},
                                  {"weight_ih", {2, 1}, {0, 0}},
                                  {"bias_ih", {2}, {0, -bend}}}) +
                         "}"};
}

}  // namespace

TEST_CASE("Henon map: 0.4192 and -1.6232, their sum ln 0.3 in every run") {
  constexpr int runs = 16;
  const TemporaryFolder folder;
  Numbers starts;
  for (int i = 0; i < runs; ++i) starts.insert(starts.end(), {0.01 * i, 0.1 - 0.01 * i});
  const Network network{silence(), "{use: henon}"};
  for (const std::string& method : methods) {
    const auto found =
        network.spectrum(fmt::format("sequences: {}, warmup: 100, steps: 10000, method: {}, {}",
                                     runs, method, start_at(folder.path(), {runs, 2}, starts)));
    const Numbers& mean = found.find("spectrum")->values;
    // Four standard errors of the mean of 16 runs, from the deviation over many runs.
    const double allowed =
        4 / std::sqrt(runs) * known_number({"henon", "measured", "10000", "sd_one_run"});
    MESSAGE("Henon " << method << ": " << mean[0] << " " << mean[1] << ", allowed " << allowed);
    CHECK(std::abs(mean[0] - 0.41922) <= allowed);
    CHECK(std::abs(mean[1] + 1.62319) <= allowed);
    for (const double total : found.find("sum")->values)
      CHECK(std::abs(total - std::log(0.3)) <= 1e-12);
  }
}

TEST_CASE("logistic map at r of 4: ln 2 and the exact rest of a finite run") {
  const TemporaryFolder folder;
  constexpr double first = 0.3141;
  const Network network{silence(), "{use: logistic}"};
  for (const int steps : {100, 1000, 10000}) {
    double x = first, rounding = 0;
    for (int t = 0; t < steps; ++t) {
      x = 4 * x * (1 - x);
      // Two roundings of x move ln[x(1-x)] most where x is nearly 1.
      rounding += std::numeric_limits<double>::epsilon() / 2 / (1 - x) / steps;
    }
    const double exact =
        std::log(2.0) + std::log(x * (1 - x) / (first * (1 - first))) / (2.0 * steps);
    for (const std::string& method : methods) {
      const double found =
          network.exponents(fmt::format("steps: {}, method: {}, {}, sequences: 1", steps, method,
                                        start_at(folder.path(), {1, 1}, {first})))[0];
      MESSAGE("logistic T = " << steps << " " << method << ": " << found << ", error "
                              << std::abs(found - exact) << ", rounding of the orbit " << rounding);
      CHECK(std::abs(found - exact) <= rounding + 1e-12);
    }
  }
}

TEST_CASE("tent map of two relu units: ln 1.9, and the second direction exactly dead") {
  const TemporaryFolder folder;
  const Network network = tent(folder, 1.9, 2, 0.5);
  for (const std::string& method : methods)
    for (const int steps : {100, 1000, 10000}) {
      const Numbers found =
          network.exponents(fmt::format("steps: {}, method: {}, {}, sequences: 1", steps, method,
                                        start_at(folder.path(), {1, 2}, {0.3, 0})));
      // The last vector is (1, 1) or (1, 0): half of ln 2 over the run, or nothing.
      const double rest = std::log(2.0) / (2.0 * steps), above = found[0] - std::log(1.9);
      MESSAGE("tent T = " << steps << " " << method << ": " << found[0] << " " << found[1]);
      CHECK(std::min(std::abs(above), std::abs(above - rest)) <= 1e-12);
      CHECK(found[1] == dead);
    }
}

TEST_CASE("skew tent map of two relu units: entropy of its two slopes") {
  const TemporaryFolder folder;
  constexpr double a = 0.3, steps = 10000;
  // Slopes 1/a below a and -1/(1-a) above: h1 - fold h2 with fold = 1 + a/(1-a) = 1/(1-a).
  const Network network = tent(folder, 1 / a, 1 / (1 - a), a);
  const double truth = -a * std::log(a) - (1 - a) * std::log(1 - a);
  // Slopes of successive steps are independent: deviation of ln|slope| over the root of T.
  const double error = std::log((1 - a) / a) * std::sqrt(a * (1 - a) / steps);
  for (const std::string& method : methods) {
    const Numbers found =
        network.exponents(fmt::format("steps: {}, method: {}, {}, sequences: 1", steps, method,
                                      start_at(folder.path(), {1, 2}, {0.123456789, 0})));
    MESSAGE("skew tent " << method << ": " << found[0] << ", truth " << truth << " +- " << error);
    CHECK(std::abs(found[0] - truth) <= 4 * error);
    CHECK(found[1] == dead);
  }
}
