// tests/oracles/orbit_test.cpp - tanh networks on orbits that are known beforehand.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "../framework/temporary_folder.hpp"
#include "chain.hpp"

using namespace lyap::oracles;

namespace {

/// A tanh network with W_ih = identity, without biases.
std::string tanh_cell(const TemporaryFolder& folder, std::int64_t n, const Numbers& V) {
  return fmt::format(
      "{{use: rnn, with: {{units: {}, bias: none}}, {}}}", n,
      weights(folder.path(),
              {{"weight_hh", {n, n}, V}, {"weight_ih", {n, n}, [&] {
                                            Numbers identity(static_cast<std::size_t>(n * n), 0.0);
                                            for (std::int64_t i = 0; i < n; ++i)
                                              identity[static_cast<std::size_t>(i * (n + 1))] = 1;
                                            return identity;
                                          }()}}));
}

/// The spectrum of the period-3 orbit, long after the start; 300 steps are 100 periods.
Numbers period_three(const std::string& method, const std::string& orientation) {
  const KnownTensors known("period3");
  const TemporaryFolder folder;
  const Numbers period = known["inputs"];
  Numbers inputs;
  for (int i = 0; i < 200; ++i) inputs.insert(inputs.end(), period.begin(), period.end());
  const Network network{array_task(folder.path(), {600, 6}, inputs),
                        tanh_cell(folder, 6, known["V"])};
  return network.exponents(fmt::format("warmup: 300, steps: 300, method: {}, orientation: {}, {}",
                                       method, orientation,
                                       start_at(folder.path(), {1, 6}, known["h0"])));
}

}  // namespace

TEST_CASE("prescribed orbit, same slope everywhere: every exponent exact at finite length") {
  const KnownTensors known("linear");
  const TemporaryFolder folder;
  const Network network{array_task(folder.path(), {50, 8}, known["orbit_same.input"]),
                        tanh_cell(folder, 8, known["orbit_same.V"])};
  for (const std::string& method : methods)
    for (const std::string& orientation : orientations) {
      const double error =
          largest_difference(network.exponents(fmt::format(
                                 "start: zero, method: {}, orientation: {}", method, orientation)),
                             known["orbit_same.le"]);
      MESSAGE("orbit_same " << method << " " << orientation << ": error " << error);
      CHECK(error <= 1e-12);
    }
}

TEST_CASE("prescribed orbit, different slopes: the sum is exact at finite length") {
  const KnownTensors known("linear");
  const TemporaryFolder folder;
  const Network network{array_task(folder.path(), {50, 8}, known["orbit_diff.input"]),
                        tanh_cell(folder, 8, known["orbit_diff.V"])};
  for (const std::string& method : methods)
    for (const std::string& orientation : orientations) {
      const Numbers found = network.exponents(
          fmt::format("start: zero, method: {}, orientation: {}", method, orientation));
      const double error = std::abs(sum(found) - known["orbit_diff.le_sum"][0]);
      MESSAGE("orbit_diff " << method << " " << orientation << ": error of the sum " << error);
      CHECK(error <= 1e-12);
    }
}

TEST_CASE("period-3 orbit: exponents of J3 J2 J1, and of J1 J2 J3 when transposed") {
  const Numbers forward = known_numbers({"order_period3_exact", "true"});
  const Numbers transposed = known_numbers({"order_period3_exact", "jt"});
  CHECK(largest_difference(KnownTensors("period3")["le"], forward) <= 1e-14);
  for (const std::string& method : methods) {
    const Numbers found = period_three(method, "forward");
    const Numbers found_transposed = period_three(method, "transposed");
    for (const std::size_t i : {0, 1, 4, 5}) CHECK(std::abs(found[i] - forward[i]) <= 1e-12);
    for (const std::size_t i : {0, 1})
      CHECK(std::abs(found_transposed[i] - transposed[i]) <= 1e-12);
    // Complex pairs turn: their members oscillate with the length of the run, their sum does not.
    CHECK(std::abs(sum(found, 2, 2) - sum(forward, 2, 2)) <= 1e-12);
    for (const std::size_t i : {2, 4})
      CHECK(std::abs(sum(found_transposed, i, 2) - sum(transposed, i, 2)) <= 1e-12);
    CHECK(std::abs(sum(found) - sum(found_transposed)) <= 1e-12);
    MESSAGE("period 3 " << method << ": first " << found[0] << ", transposed "
                        << found_transposed[0]);
  }
}
