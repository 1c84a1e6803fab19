// tests/oracles/random_test.cpp - random networks and random products: mean-field and exact values
// within what their statistics allow.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "../framework/temporary_folder.hpp"
#include "chain.hpp"

using namespace lyap::oracles;

namespace {

/// A tanh network of N units, V_ij ~ N(0, g^2/N), without biases.
std::string random_tanh(int n, double g) {
  return fmt::format(
      "{{use: rnn, with: {{units: {}, bias: none}}, init: {{weight_ih: identity, weight_hh: "
      "'normal(0, {:.17g})'}}}}",
      n, g / std::sqrt(n));
}

/// R and S of the cell `product`, which runs on the matrices that are its input.
std::string product_cell(const TemporaryFolder& folder, std::int64_t n) {
  const auto entry = [](std::int64_t i) { return static_cast<std::size_t>(i); };
  Numbers repeat(entry(n * n * n), 0.0), add(repeat);
  for (std::int64_t j = 0; j < n; ++j)
    for (std::int64_t i = 0; i < n; ++i) {
      repeat[entry((j * n + i) * n + j)] = 1;
      add[entry(i * n * n + j * n + i)] = 1;
    }
  return fmt::format(
      "{{use: product, with: {{units: {}}}, {}}}", n,
      weights(folder.path(), {{"repeat", {n * n, n}, repeat}, {"sum", {n, n * n}, add}}));
}

/// psi(m/2) from psi(1/2) = -gamma - 2 ln 2, psi(1) = -gamma and psi(x + 1) = psi(x) + 1/x.
double digamma_of_half(int m) {
  double value = -0.57721566490153286 - (m % 2 ? 2 * std::log(2.0) : 0);
  for (double x = m % 2 ? 0.5 : 1; x < 0.5 * m; x += 1) value += 1 / x;
  return value;
}

/// psi'(m/2) from psi'(1/2) = pi^2/2, psi'(1) = pi^2/6 and psi'(x + 1) = psi'(x) - 1/x^2.
double trigamma_of_half(int m) {
  double value = M_PI * M_PI / (m % 2 ? 2 : 6);
  for (double x = m % 2 ? 0.5 : 1; x < 0.5 * m; x += 1) value -= 1 / (x * x);
  return value;
}

}  // namespace

TEST_CASE("large random tanh networks: largest exponent of mean-field theory") {
  for (const std::string gain : {"1.5", "2.0", "3.0"}) {
    const std::vector<std::string> row{"large_N_discrete_tanh_autonomous", "table", gain};
    const auto of_row = [&](const char* key) {
      std::vector<std::string> keys = row;
      keys.push_back(key);
      return keys;
    };
    const double theory = known_number(of_row("MFT_lambda1"));
    const double deviation = known_numbers(of_row("N=200"))[1];  // over networks
    const Network network{silence(200), random_tanh(200, std::stod(gain))};
    const double found =
        network.exponents("count: 1, sequences: 2, start: normal, warmup: 200, steps: 1000")[0];
    MESSAGE("g = " << gain << ": " << found << ", theory " << theory << " +- " << deviation);
    CHECK(std::abs(found - theory) <= 4 * deviation);
  }
}

TEST_CASE("large random tanh network: the exponents sum to the mean log determinant") {
  const Network network{silence(200), random_tanh(200, 2)};
  for (const std::string& method : methods) {
    const auto found =
        network.spectrum("sequences: 1, start: normal, warmup: 50, steps: 50, method: " + method);
    const double off = found.find("sum")->values[0] - found.find("log_det")->values[0];
    MESSAGE("sum rule " << method << ": off by " << off);
    CHECK(std::abs(off) <= 1e-9);
  }
}

TEST_CASE("noise suppresses chaos in a random tanh network as mean-field theory says") {
  const std::vector<std::string> place{"suppression_of_chaos_by_noise", "table", "2.0", "table"};
  for (const std::string strength : {"sigma=0.5 sigma_c", "sigma=1 sigma_c", "sigma=2 sigma_c"}) {
    const auto value = [&](const char* key) {
      std::vector<std::string> keys = place;
      keys.insert(keys.end(), {strength, key});
      return known_number(keys);
    };
    const double sigma = value("sigma");
    const Network network{noise(400, sigma * sigma), random_tanh(400, 2)};
    const double found =
        network.exponents("count: 1, sequences: 1, start: normal, warmup: 100, steps: 400")[0];
    MESSAGE(strength << ": " << found << ", measured at this size " << value("mean") << " +- "
                     << value("sd"));
    CHECK(std::abs(found - value("mean")) <= 4 * value("sd"));
  }
}

TEST_CASE("driven orthogonal network: stable, marginal and chaotic with the gain") {
  const auto largest = [](double g) {
    const Network network{noise(100, 0.6),
                          fmt::format("{{use: rnn, with: {{units: 100, bias: none}}, init: "
                                      "{{weight_ih: identity, weight_hh: orthogonal({})}}}}",
                                      g)};
    return network.exponents(
        "count: 1, sequences: 2, starts: 2, start: normal, warmup: 100, steps: 500")[0];
  };
  struct Row {
    double gain, exponent;
  };
  for (const Row row : {Row{0.5, -1.01}, Row{1, -0.388}, Row{1.4, -0.138}, Row{1.76, 0},
                        Row{2, 0.069}, Row{3, 0.272}, Row{5, 0.480}}) {
    const double found = largest(row.gain);
    MESSAGE("gain " << row.gain << ": " << found << ", published " << row.exponent);
    CHECK(std::abs(found - row.exponent) <= 0.03);
  }
}

TEST_CASE("product of independent Gaussian matrices: digamma values within their exact errors") {
  constexpr int n = 12, sequences = 4, steps = 1000;
  const TemporaryFolder folder;
  constexpr double variance = 0.09;
  const Network network{noise(n * n, variance), product_cell(folder, n)};
  for (const std::string& method : methods)
    for (const std::string& orientation : orientations) {
      const Numbers found = network.exponents(
          fmt::format("sequences: {}, start: zero, steps: {}, method: {}, orientation: {}",
                      sequences, steps, method, orientation));
      double chi = 0, largest = 0;
      for (int i = 0; i < n; ++i) {
        const double truth =
            0.5 * std::log(variance) + 0.5 * (std::log(2.0) + digamma_of_half(n - i));
        const double error = std::sqrt(trigamma_of_half(n - i) / (4.0 * steps * sequences));
        const double z = (found[static_cast<std::size_t>(i)] - truth) / error;
        chi += z * z, largest = std::max(largest, std::abs(z));
      }
      MESSAGE("Gaussian product " << method << " " << orientation << ": largest z " << largest
                                  << ", chi^2 " << chi << " of " << n);
      CHECK(largest <= 4);
      CHECK(chi <= n + 4 * std::sqrt(2.0 * n));
    }
}

TEST_CASE("three matrices in turn: eigenvalues of A3 A2 A1, and of A1 A2 A3 when transposed") {
  const TemporaryFolder folder;
  // By rows: A1 = [2 1; 0 0.5], A2 = [1 0; 1 1], A3 = [1 3; 0 2].
  const std::array<std::array<double, 4>, 3> A{{{2, 1, 0, 0.5}, {1, 0, 1, 1}, {1, 3, 0, 2}}};
  Numbers inputs;  // column by column, as the cell wants them
  for (int t = 0; t < 600; ++t) {
    const auto& m = A[static_cast<std::size_t>(t % 3)];
    inputs.insert(inputs.end(), {m[0], m[2], m[1], m[3]});
  }
  const Network network{array_task(folder.path(), {600, 4}, inputs), product_cell(folder, 2)};
  // A3 A2 A1 = [8 5.5; 4 3], A1 A2 A3 = [3 11; 0.5 2.5]: traces 11 and 5.5, determinant 2.
  const auto logs = [](double trace, double determinant) {
    const double root = std::sqrt(trace * trace / 4 - determinant);
    return Numbers{std::log(trace / 2 + root) / 3, std::log(determinant / (trace / 2 + root)) / 3};
  };
  for (const std::string& method : methods) {
    const auto found = [&](const char* orientation) {
      return network.exponents(
          fmt::format("start: zero, warmup: 300, steps: 300, method: {}, orientation: {}", method,
                      orientation));
    };
    CHECK(largest_difference(found("forward"), logs(11, 2)) <= 1e-12);
    CHECK(largest_difference(found("transposed"), logs(5.5, 2)) <= 1e-12);
  }
}
