// tests/plugins/ftle/definition_test.cpp - finite-time exponents are what their definition says.
#include <Eigen/LU>
#include <Eigen/QR>
#include <cmath>
#include <limits>

#include "../../framework/temporary_folder.hpp"
#include "../measured.hpp"

using namespace measured;

namespace {

const std::string noise = "{use: driven_noise, with: {inputs: 2, variance: 0.6}}";

Measurement ftle(const std::string& cell, const std::string& with,
                 const std::string& task = noise) {
  return Case(task, cell, use("ftle", with)).measure().front();
}

/// h' = relu(W h + U x) with U = 0, which is W h as long as nothing becomes negative.
std::string linear(const TemporaryFolder& folder, const Matrix& W) {
  return cell("rnn", fmt::format("units: {}, activation: relu, bias: none", W.rows()), 1,
              weights_file(folder.path(), {{"cell.weight_hh_l0", W},
                                           {"cell.weight_ih_l0", Matrix::Zero(W.rows(), 2)},
                                           {"readout.weight", Matrix::Zero(1, W.rows())},
                                           {"readout.bias", Matrix::Zero(1, 1)}}));
}

/// Starts where all states are 1.
std::string at_ones(const TemporaryFolder& folder, Index units, Index sequences = 1) {
  const std::vector<double> ones(static_cast<std::size_t>(units * sequences), 1.0);
  lyap::framework::write_npy(folder / "start.npy", {sequences, units},
                             std::span<const double>(ones));
  return "start: file, start_file: '" + (folder / "start.npy").string() + "'";
}

}  // namespace

TEST_CASE("t times all finite-time exponents sum to ln|det J| of the steps up to t") {
  for (const std::string& net :
       {cell("rnn", "units: 6"), cell("lstm", "units: 3"), cell("cornn", "units: 3, dt: 0.4", 2)}) {
    CAPTURE(net);
    const Measurement m = ftle(net, "sequences: 3, steps: 40, keep: [jacobian]");
    const Field exponent(m, "exponent"), jacobian(m, "jacobian");
    for (Index b = 0; b < 3; ++b) {
      double log_determinant = 0;
      for (Index t = 0; t < 40; ++t) {
        log_determinant += std::log(std::abs(jacobian.at(b, t).determinant()));
        const double sum = exponent.sequence(b).col(t).sum() * static_cast<double>(t + 1);
        // Both lose about epsilon * cond(J) a step.
        CHECK(sum == doctest::Approx(log_determinant).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("the exponents of the last step are the spectrum") {
  const std::string common = "sequences: 4, steps: 60, warmup: 5, state: hidden";
  for (const std::string& net : {cell("rnn", "units: 7"), cell("lstm", "units: 5", 2)})
    for (const std::string orientation : {"forward", "transposed"}) {
      const std::string with = common + ", orientation: " + orientation;
      const Case both(
          noise, net,
          use("ftle", with) + ", " + use("spectrum", with + ", method: householder, resamples: 0"));
      const std::vector<Measurement> found = both.measure();
      const Field exponent(found[0], "exponent"), spectrum(found[1], "per_sequence");
      const Index k = exponent.shape()[2];
      for (Index b = 0; b < 4; ++b)
        // The same products and factorisations; only the sums of logarithms differ in their order.
        CHECK(gap(exponent.sequence(b).col(59), spectrum.vector().segment(b * k, k)) < 1e-13);
      CHECK(gap(Field(found[0], "final").vector(), Field(found[1], "spectrum").vector()) < 1e-13);
      CHECK(gap(Field(found[0], "deviation").vector(), Field(found[1], "deviation").vector()) <
            1e-13);
    }
}

TEST_CASE("r by LU, when Q is not wanted, is r by QR") {
  for (const std::string& net :
       {cell("rnn", "units: 33"), cell("gru", "units: 24"), cell("lstm", "units: 13", 2)})
    for (const std::string options :
         {"sequences: 2, steps: 40, warmup: 3", "sequences: 2, steps: 40, count: 9",
          "sequences: 1, steps: 40, orientation: transposed"}) {
      CAPTURE(net);
      CAPTURE(options);
      // From unit vectors the exact frame of a stack keeps zeros. LU keeps them too, Householder
      // has rounding there, which grows by e^(lambda_i - lambda_j) a step.
      const std::string with = options + ", q0: random_orthonormal, keep: ";
      const Measurement by_lu = ftle(net, with + "[]"), by_qr = ftle(net, with + "[q]");
      CHECK(note(by_lu, "method") == "lu");
      for (Index b = 0; b < Field(by_lu, "r").shape()[0]; ++b) {
        const Matrix r = Field(by_lu, "r").sequence(b), expected = Field(by_qr, "r").sequence(b);
        // Each r rests on the condition of two Ls, squared, and on that of its Jacobian.
        CHECK((r.array() / expected.array() - 1).abs().maxCoeff() < 1e-10);
        // In their products all but the last L has gone.
        CHECK(gap(Field(by_lu, "exponent").sequence(b).col(39),
                  Field(by_qr, "exponent").sequence(b).col(39)) < 1e-12);
      }
    }
}

TEST_CASE("one tangent vector, which needs no QR, is the first of all") {
  for (const std::string orientation : {"forward", "transposed"})
    for (const std::string state : {"full", "hidden"}) {
      const std::string with = "sequences: 2, steps: 50, keep: [q, r_matrix], state: " + state +
                               ", orientation: " + orientation;
      const Measurement one = ftle(cell("lstm", "units: 4"), with + ", count: 1");
      const Measurement all = ftle(cell("lstm", "units: 4"), with);
      CHECK(note(one, "method") == "norm");
      CHECK(note(all, "method") == "householder");
      for (Index b = 0; b < 2; ++b) {
        CHECK(gap(Field(one, "exponent").sequence(b).row(0),
                  Field(all, "exponent").sequence(b).row(0)) < 1e-13);
        CHECK(gap(Field(one, "r").sequence(b).row(0), Field(all, "r").sequence(b).row(0)) < 1e-13);
        for (const Index t : {0, 20, 49}) {
          CHECK(gap(Field(one, "q").at(b, t), Field(all, "q").at(b, t).leftCols(1)) < 1e-12);
          CHECK(Field(one, "r_matrix").at(b, t)(0, 0) == Field(one, "r").sequence(b)(0, t));
        }
      }
    }
}

TEST_CASE("a diagonal linear network has ln|d_k| at every step, an orthogonal one s Q has ln s") {
  const TemporaryFolder folder;
  const Vector d{{1.2, 0.9, 0.5, 0.01}};
  const Measurement diagonal =
      ftle(linear(folder, d.asDiagonal()), "sequences: 1, steps: 30, " + at_ones(folder, 4));
  const Matrix found = Field(diagonal, "exponent").sequence(0);
  for (Index t = 0; t < 30; ++t) CHECK(gap(found.col(t), d.array().log().matrix()) < 1e-14);

  Matrix shift = Matrix::Zero(5, 5);  // a permutation: orthogonal, and nothing becomes negative
  for (Index i = 0; i < 5; ++i) shift((i + 2) % 5, i) = 0.7;
  const Measurement orthogonal =
      ftle(linear(folder, shift), "sequences: 1, steps: 30, " + at_ones(folder, 5));
  for (const double x : Field(orthogonal, "exponent").values())
    CHECK(x == doctest::Approx(std::log(0.7)).epsilon(1e-14));
}

TEST_CASE("a linear network's exponents at t are ln diag R of W^t = Q R, over t") {
  const TemporaryFolder folder;
  const Matrix W{{0.5, 0.4, 0.1}, {0.2, 0.6, 0.3}, {0.7, 0.1, 0.2}};
  const Measurement m =
      ftle(linear(folder, W), "sequences: 1, steps: 6, keep: [states], " + at_ones(folder, 3));
  Matrix power = Matrix::Identity(3, 3);
  for (Index t = 0; t < 6; ++t) {
    power = (W * power).eval();
    const Matrix R = Eigen::HouseholderQR<Matrix>(power).matrixQR();
    const Vector expected = R.diagonal().cwiseAbs().array().log() / static_cast<double>(t + 1);
    // cond(W^6) is 3e4: that much of the smallest entry of R is lost.
    CHECK(gap(Field(m, "exponent").sequence(0).col(t), expected) < 1e-11);
    CHECK(gap(Field(m, "states").sequence(0).col(t), power * Vector::Ones(3)) < 1e-14);
  }
}

TEST_CASE("r is the exponential of what a step adds to t times the exponent") {
  const Measurement m = ftle(cell("gru", "units: 6"), "sequences: 3, steps: 25");
  for (Index b = 0; b < 3; ++b) {
    const Matrix exponent = Field(m, "exponent").sequence(b), r = Field(m, "r").sequence(b);
    Vector before = Vector::Zero(6);
    for (Index t = 0; t < 25; ++t) {
      const Vector sum = exponent.col(t) * static_cast<double>(t + 1);
      CHECK(gap((sum - before).array().exp(), r.col(t)) < 1e-12);
      before = sum;
    }
  }
}

TEST_CASE("steps of the warm-up move states and tangent vectors and are not counted") {
  const std::string with = "sequences: 2, keep: [q, states], steps: ";
  const Measurement all = ftle(cell("rnn", "units: 5"), with + "30");
  const Measurement late = ftle(cell("rnn", "units: 5"), with + "20, warmup: 10");
  CHECK(note(late, "warmup") == "10");
  for (Index b = 0; b < 2; ++b) {
    CHECK(Field(late, "r").sequence(b) == Field(all, "r").sequence(b).rightCols(20));
    CHECK(Field(late, "states").sequence(b) == Field(all, "states").sequence(b).rightCols(20));
    CHECK(Field(late, "q").at(b, 0) == Field(all, "q").at(b, 10));
    const Matrix logs = Field(late, "r").sequence(b).array().log();
    CHECK(gap(Field(late, "exponent").sequence(b).col(19), logs.rowwise().mean()) < 1e-14);
  }
}

TEST_CASE("a direction that dies has minus infinity from then on and is left out of means") {
  const TemporaryFolder folder;
  // Two units on their own: the first lives, the second is switched off by an input below zero.
  const std::string net =
      cell("rnn", "units: 2, activation: relu, bias: none", 1,
           weights_file(folder.path(), {{"cell.weight_hh_l0", Vector{{0.9, 0.8}}.asDiagonal()},
                                        {"cell.weight_ih_l0", Matrix{{0.0}, {1.0}}},
                                        {"readout.weight", Matrix::Zero(1, 2)},
                                        {"readout.bias", Matrix::Zero(1, 1)}}));
  const std::vector<double> inputs{0, 0, 0, 0, 0, 0, -9, 0};  // of two sequences
  lyap::framework::write_npy(folder / "inputs.npy", {2, 4, 1}, std::span<const double>(inputs));
  const Measurement m = ftle(net, "sequences: 2, " + at_ones(folder, 2, 2),
                             use("arrays", "inputs: '" + (folder / "inputs.npy").string() + "'"));
  const double dead = -std::numeric_limits<double>::infinity();
  CHECK(gap(Field(m, "exponent").sequence(0).row(1), Matrix::Constant(1, 4, std::log(0.8))) <
        1e-14);
  const Matrix second = Field(m, "exponent").sequence(1);
  CHECK(second(1, 1) == doctest::Approx(std::log(0.8)));
  CHECK(second(1, 2) == dead);
  CHECK(second(1, 3) == dead);
  CHECK(gap(second.row(0), Matrix::Constant(1, 4, std::log(0.9))) < 1e-14);
  CHECK(gap(Field(m, "final").vector(), Vector{{std::log(0.9), std::log(0.8)}}) < 1e-14);
  CHECK(Field(m, "exponent").note("dead_directions") == "1 of 4, over all sequences");
  CHECK(note(m, "dead") ==
        "minus infinity, left out of means; its place in the frame goes to an arbitrary direction");
}
