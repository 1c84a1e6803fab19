// tests/oracles/closed_loop_test.cpp - networks on their own output: J = dF/ds + dF/dx C, against
// eigenvalues and against differences of the whole autonomous map.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>

#include "../framework/temporary_folder.hpp"
#include "autonomous.hpp"
#include "chain.hpp"

using namespace lyap::oracles;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using lyap::framework::Measurement;

namespace {

/// Row by row, as files keep matrices.
Numbers rows_of(const MatrixXd& m) {
  Numbers values;
  for (Eigen::Index i = 0; i < m.rows(); ++i)
    for (Eigen::Index j = 0; j < m.cols(); ++j) values.push_back(m(i, j));
  return values;
}

/// h' = V h + U x, y = C h, with V + U C a matrix of known/linear.safetensors.
class SplitLinear {
 public:
  explicit SplitLinear(const std::string& matrix) : known_("linear"), matrix_(matrix) {
    const Numbers values = known_[matrix + ".V"];
    const MatrixXd whole =
        Eigen::Map<const Eigen::Matrix<double, 8, 8, Eigen::RowMajor>>(values.data());
    MatrixXd U(8, 2), C(2, 8);
    for (int i = 0; i < 8; ++i) {
      U.row(i) << std::sin(1 + i), std::cos(3 * i);
      C.col(i) << std::cos(2 + i), std::sin(5 * i);
    }
    network = {fmt::format("{{use: arrays, with: {{inputs: '{}/inputs.npy', targets: next}}}}",
                           folder_.path().string()),
               "{use: linear, readout: {bias: off}, with: {units: 8}, " +
                   weights(folder_.path(), {{"weight_hh", {8, 8}, rows_of(whole - U * C)},
                                            {"weight_ih", {8, 2}, rows_of(U)},
                                            {"readout.weight", {2, 8}, rows_of(C)}}) +
                   "}"};
  }
  /// Inputs [5, 2] that drive the network before the loop is closed.
  Network driven_by(double scale) const {
    array_task(folder_.path(), {5, 2}, Numbers(10, scale));
    return network;
  }
  Numbers truth() const { return known_[matrix_ + ".le"]; }

  Network network;

 private:
  TemporaryFolder folder_;
  KnownTensors known_;
  std::string matrix_;
};

/// A random network of ours that predicts the next of twelve steps of two numbers.
Autonomous next_of_an_array(const std::string& cell, int layers) {
  MatrixXd x(2, 12);
  for (int i = 0; i < 24; ++i) x.data()[i] = std::sin(1.7 * i * i);
  const auto task = [&](const std::filesystem::path& folder) {
    array_task(folder, {12, 2}, {x.data(), x.data() + 24});
    return fmt::format("{{use: arrays, with: {{inputs: '{}/inputs.npy', targets: next}}}}",
                       folder.string());
  };
  return {cell, layers, task, x};
}

}  // namespace

TEST_CASE("closed loop of a linear network: ln of the moduli of the eigenvalues of V + U C") {
  for (const std::string matrix : {"real", "sym"}) {
    const SplitLinear split(matrix);
    const std::string answer = matrix == "real" ? "linear_real" : "linear_symmetric";
    for (const std::string& method : methods) {
      CAPTURE(matrix);
      CAPTURE(method);
      const Numbers found = split.driven_by(0).exponents(
          "loop: closed, drive: 5, sequences: 1, steps: 1000, method: " + method);
      // The error a finite run of the same matrix has, and 1e-12 of rounding.
      CHECK(largest_difference(found, split.truth()) <=
            known_number({answer, "max_err", "w=0 T=1000"}) + 1e-12);
    }
  }
}

TEST_CASE("closed loop: the transposed orientation has the same exponents of a symmetric V + U C") {
  const SplitLinear split("sym");
  CHECK(largest_difference(
            split.driven_by(0).exponents(
                "loop: closed, drive: 5, sequences: 1, steps: 1000, orientation: transposed"),
            split.truth()) <= known_number({"linear_symmetric", "max_err", "w=0 T=1000"}) + 1e-12);
}

TEST_CASE("closed loop of rnn, lstm and gru, one and two layers: J is that of the whole map") {
  for (const std::string cell : {"rnn", "lstm", "gru"})
    for (const int layers : {1, 2}) {
      CAPTURE(cell);
      CAPTURE(layers);
      const Autonomous a = next_of_an_array(cell, layers);
      CHECK(a.largest_error_of_J({1, 2, 12}) < 1e-9);
    }
}

TEST_CASE("closed loop: the spectrum is that of the differences, whole and hidden") {
  for (const std::string cell : {"rnn", "lstm"})
    for (const int layers : {1, 2})
      for (const std::string scope : {"full", "hidden"})
        for (const std::string& method : methods) {
          CAPTURE(cell);
          CAPTURE(layers);
          CAPTURE(scope);
          CAPTURE(method);
          const Autonomous a = next_of_an_array(cell, layers);
          const Measurement m = a.network.spectrum(
              fmt::format("loop: closed, drive: 12, sequences: 1, steps: 15, state: {}, method: {}",
                          scope, method));
          const Numbers found = m.find("spectrum")->values;
          const Eigen::Index rows = std::ssize(found);
          CHECK(rows == 3 * layers * (cell == "lstm" && scope == "full" ? 2 : 1));
          // Differences are good to 1e-10 of J's largest entries, the smallest exponents of a
          // product of 15 lose some digits of that.
          CHECK(largest_difference(found, by_differences(a, rows, 15)) < 1e-6);
          CHECK(std::abs(m.find("sum")->values[0] - m.find("log_det")->values[0]) < 1e-10);
        }
}

TEST_CASE("closed loop: a network that its own output drives to infinity is told") {
  const TemporaryFolder folder;
  array_task(folder.path(), {5, 1}, Numbers(5, 1.0));
  const Network network{
      fmt::format("{{use: arrays, with: {{inputs: '{}/inputs.npy', targets: next}}}}",
                  folder.path().string()),
      "{use: linear, with: {units: 1}, readout: {bias: off, init: {weight: constant(1)}}, "
      "init: {weight_hh: constant(1), weight_ih: constant(1)}}"};
  // Driven: 1, 2, .. 5; closed: s' = 2 s passes 1.8e308 at 5 * 2^1022.
  CHECK_THROWS_WITH_AS(
      network.exponents("loop: closed, drive: 5, sequences: 1, steps: 3000"),
      "analysis 'spectrum': cell 'linear': the state of layer 1 is not finite after step 1022 of "
      "sequence 0 in closed loop; the network diverges on its own output, train it longer or "
      "measure fewer steps",
      lyap::framework::NumericError);
  // 1000 additions of up to 693, each rounded to half of 1e-13.
  CHECK(largest_difference(network.exponents("loop: closed, drive: 5, sequences: 1, steps: 1000"),
                           {std::log(2.0)}) < 1e-13);
}

TEST_CASE("closed loop: a task that does not predict its next input is refused before it runs") {
  const Network network{noise(2, 1), "{use: rnn, with: {units: 3}}"};
  CHECK_THROWS_WITH_AS(
      network.exponents("loop: closed, steps: 10"),
      "analysis 'spectrum': `loop: closed` takes the prediction for the next input, and this task "
      "does not predict its next input; the loop can be closed on tasks such as `chaos`, or "
      "`arrays` with `targets: next`",
      lyap::framework::InputError);
}
