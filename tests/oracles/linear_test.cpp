// tests/oracles/linear_test.cpp - linear networks: exponents are ln|eigenvalues|, and what a finite
// run differs by is known too.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "../framework/temporary_folder.hpp"
#include "chain.hpp"

using namespace lyap::oracles;

namespace {

// What rounding adds to errors that are zero or were measured by another program.
constexpr double rounding = 1e-12;

struct Window {
  int warmup, steps;
  std::string key() const { return fmt::format("w={} T={}", warmup, steps); }
  std::string options(const std::string& method) const {
    return fmt::format("sequences: 1, warmup: {}, steps: {}, method: {}", warmup, steps, method);
  }
};

/// The linear cell with a matrix of known/linear.safetensors and an input matrix of ones.
std::string linear(const TemporaryFolder& folder, const std::string& matrix) {
  const KnownTensors known("linear");
  return "{use: linear, with: {units: 8}, " +
         weights(folder.path(),
                 {{"weight_hh", {8, 8}, known[matrix]}, {"weight_ih", {8, 1}, Numbers(8, 1.0)}}) +
         "}";
}

void check_eigenvalues(const std::string& matrix, const std::string& answer,
                       const std::vector<Window>& windows, const std::string& orientation) {
  const TemporaryFolder folder;
  const Network network{silence(), linear(folder, matrix + ".V")};
  const Numbers truth = KnownTensors("linear")[matrix + ".le"];
  for (const Window& window : windows)
    for (const std::string& method : methods) {
      CAPTURE(window.key());
      CAPTURE(method);
      const double error = largest_difference(
          network.exponents(window.options(method) + ", orientation: " + orientation), truth);
      MESSAGE(matrix << " " << window.key() << " " << method << ": error " << error);
      CHECK(error <= known_number({answer, "max_err", window.key()}) + rounding);
    }
}

}  // namespace

TEST_CASE("linear network, real eigenvalues: ln of moduli, as close as a finite run can be") {
  check_eigenvalues("real", "linear_real",
                    {{0, 20},
                     {0, 100},
                     {0, 1000},
                     {0, 10000},
                     {50, 100},
                     {100, 100},
                     {200, 100},
                     {300, 100},
                     {300, 1000}},
                    "forward");
}

TEST_CASE("linear network, symmetric matrix: ln of moduli, and the transpose is the same") {
  for (const std::string& orientation : orientations)
    check_eigenvalues("sym", "linear_symmetric", {{0, 100}, {0, 1000}, {300, 100}}, orientation);
}

TEST_CASE("linear network, complex pairs: ln r twice") {
  check_eigenvalues("pairs", "linear_complex_pairs",
                    {{0, 100}, {0, 1000}, {0, 10000}, {300, 100}, {300, 1000}, {300, 10000}},
                    "forward");
}

TEST_CASE("linear network, complex pairs: the sum of a pair is exact after a warm-up") {
  const TemporaryFolder folder;
  const Network network{silence(), linear(folder, "pairs.V")};
  const Numbers truth = KnownTensors("linear")["pairs.le"];
  for (const Window& window : {Window{0, 1000}, Window{300, 100}, Window{300, 10000}})
    for (const std::string& method : methods) {
      const Numbers found = network.exponents(window.options(method));
      const double allowed =
          known_number({"linear_complex_pairs", "max_err_of_pair_sums", window.key()}) + rounding;
      for (std::size_t i = 0; i < truth.size(); i += 2)
        CHECK(std::abs(sum(found, i, 2) - sum(truth, i, 2)) <= allowed);
    }
}

TEST_CASE("linear network: an orthogonal matrix has all exponents zero in either order") {
  const TemporaryFolder folder;
  const Network network{silence(), linear(folder, "orth.V")};
  for (const std::string& method : methods)
    for (const std::string& orientation : orientations)
      for (const int steps : {100, 1000, 10000}) {
        const Numbers found =
            network.exponents(Window{0, steps}.options(method) + ", orientation: " + orientation);
        CHECK(largest_difference(found, Numbers(8, 0.0)) <= 1e-14);
      }
}

TEST_CASE("linear network: the input changes no exponent by a bit") {
  const TemporaryFolder folder;
  const std::string cell = linear(folder, "real.V");
  for (const std::string& method : methods) {
    const std::string options = Window{100, 100}.options(method);
    CHECK(largest_difference(Network{silence(), cell}.exponents(options),
                             Network{noise(1, 1), cell}.exponents(options)) == 0);
  }
}

TEST_CASE("linear network of one unit: ln of its weight at every length") {
  const TemporaryFolder folder;
  const Network network{noise(1, 1),
                        "{use: linear, with: {units: 1}, init: {weight_hh: constant(-0.7)}}"};
  for (const std::string& method : methods)
    for (const int steps : {1, 7, 200})
      CHECK(largest_difference(network.exponents(Window{0, steps}.options(method)),
                               {std::log(0.7)}) <= 1e-14);
}
