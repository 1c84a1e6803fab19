// tests/oracles/closed_classes_test.cpp - networks that predict the next symbol, on the softmax of
// their own output: J = dF/ds + dF/dx S C do/ds with S = diag(p) - p p^T.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <fstream>

#include "../framework/temporary_folder.hpp"
#include "autonomous.hpp"
#include "chain.hpp"

using namespace lyap::oracles;
using Eigen::MatrixXd;
using lyap::framework::Measurement;

namespace {

/// The number of character i in a text without a period.
int symbol(int i, int symbols) {
  return (i * i / 3 + i) % symbols;
}

/// The first so many letters, in sequences of 12 inputs.
std::string text_task(const std::filesystem::path& folder, int symbols) {
  std::string text;
  for (int i = 0; i < 130; ++i) text += static_cast<char>('a' + symbol(i, symbols));
  std::ofstream(folder / "text.txt") << text;
  return fmt::format(
      "{{use: char_rnn, with: {{text: '{}/text.txt', preset: custom, sequence: 13, "
      "fractions: [1, 0]}}}}",
      folder.string());
}

/// A random network of ours that predicts the next of three letters, and the first 12 of them.
Autonomous next_letter(const std::string& cell, int layers) {
  MatrixXd x = MatrixXd::Zero(3, 12);
  for (int t = 0; t < 12; ++t) x(symbol(t, 3), t) = 1;
  return {cell, layers, [](const std::filesystem::path& folder) { return text_task(folder, 3); },
          x};
}

/// Row by row, as files keep matrices.
Numbers rows_of(const MatrixXd& m) {
  const MatrixXd rows = m.transpose();
  return {rows.data(), rows.data() + rows.size()};
}

std::string note(const Measurement& m, const std::string& key) {
  for (const auto& [name, value] : m.notes)
    if (name == key) return value;
  return "";
}

}  // namespace

TEST_CASE(
    "closed by a softmax, rnn, lstm and gru, one and two layers: J is that of the whole map") {
  for (const std::string cell : {"rnn", "lstm", "gru"})
    for (const int layers : {1, 2}) {
      CAPTURE(cell);
      CAPTURE(layers);
      CHECK(next_letter(cell, layers).largest_error_of_J({1, 2, 12}) < 1e-9);
    }
}

TEST_CASE("closed by a softmax: the spectrum is that of the differences, whole and hidden") {
  for (const std::string cell : {"rnn", "lstm"})
    for (const int layers : {1, 2})
      for (const std::string scope : {"full", "hidden"})
        for (const std::string& method : methods) {
          CAPTURE(cell);
          CAPTURE(layers);
          CAPTURE(scope);
          CAPTURE(method);
          const Autonomous a = next_letter(cell, layers);
          const Measurement m = a.network.spectrum(fmt::format(
              "loop: closed, split: train, drive: 12, sequences: 1, steps: 15, state: {}, "
              "method: {}",
              scope, method));
          const Numbers found = m.find("spectrum")->values;
          // As precise as that of the loop without a softmax.
          CHECK(largest_difference(found, by_differences(a, std::ssize(found), 15)) < 1e-6);
          CHECK(std::abs(m.find("sum")->values[0] - m.find("log_det")->values[0]) < 1e-10);
        }
}

TEST_CASE("closed by a softmax, a linear network at rest has the eigenvalues of V + U C / n") {
  // Of equal scores S = 1/n - 1/n^2, and rows of U that sum to zero see neither the chances nor the
  // second term.
  const TemporaryFolder folder;
  const KnownTensors known("linear");
  const Numbers values = known["sym.V"];
  const MatrixXd whole =
      Eigen::Map<const Eigen::Matrix<double, 8, 8, Eigen::RowMajor>>(values.data());
  MatrixXd U(8, 4), C(4, 8);
  for (int i = 0; i < 8; ++i) {
    const double a = std::sin(1 + i), b = std::cos(3 * i);
    U.row(i) << a, -a, b, -b;
    C.col(i) << std::cos(2 + i), std::sin(5 * i), std::sin(i), 1;
  }
  const Network network{
      text_task(folder.path(), 4),
      "{use: linear, readout: {bias: off}, with: {units: 8}, " +
          weights(folder.path(), {{"weight_hh", {8, 8}, rows_of(whole - U * C / 4)},
                                  {"weight_ih", {8, 4}, rows_of(U)},
                                  {"readout.weight", {4, 8}, rows_of(C)}}) +
          "}"};
  for (const std::string& method : methods)
    for (const std::string& orientation : orientations)
      CHECK(largest_difference(
                network.exponents(fmt::format("loop: closed, drive: 0, sequences: 1, steps: 1000, "
                                              "method: {}, orientation: {}",
                                              method, orientation)),
                known["sym.le"]) <=
            known_number({"linear_symmetric", "max_err", "w=0 T=1000"}) + 1e-12);
}

TEST_CASE("closed by a softmax, without a recurrent weight J is U S C") {
  // p = 1/2, 1/4, 1/4 at the fixed point h = U p of h' = U softmax(C h + d), d = ln p - C h:
  // U S C = [1/2 -1/4; -1/4 3/8] with the eigenvalues (7 +- sqrt(17)) / 16.
  const TemporaryFolder folder;
  const double half = std::log(0.5), quarter = std::log(0.25);
  const Network network{
      text_task(folder.path(), 3),
      "{use: linear, with: {units: 2}, " +
          weights(folder.path(), {{"weight_hh", {2, 2}, Numbers(4, 0)},
                                  {"weight_ih", {2, 3}, {2, 0, 0, 0, 2, 0}},
                                  {"readout.weight", {3, 2}, {1, 0, 0, 1, 0, 0}},
                                  {"readout.bias", {3}, {half - 1, quarter - 0.5, quarter}}}) +
          "}"};
  const std::string start = start_at(folder.path(), {1, 2}, {1, 0.5});
  for (const std::string& method : methods) {
    const Measurement m = network.spectrum(
        "loop: closed, drive: 0, sequences: 1, warmup: 100, steps: 100, method: " + method + ", " +
        start);
    CHECK(largest_difference(m.find("spectrum")->values, {std::log((7 + std::sqrt(17.0)) / 16),
                                                          std::log((7 - std::sqrt(17.0)) / 16)}) <
          1e-13);
    CHECK(note(m, "feedback") == "softmax of the output");
    CHECK(note(m, "outputs") == "mean 0.5 0.25 0.25, std 0 0 0");
  }
}
