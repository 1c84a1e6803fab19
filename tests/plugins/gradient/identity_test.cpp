// tests/plugins/gradient/identity_test.cpp - Q_t v_t = dL/ds_t and sum_t (ds_t/dW)^T Q_t v_t =
// dL/dW, for every cell, loss and depth.
#include <cmath>

#include "../measured.hpp"
#include "gradient/verdict.hpp"

using namespace measured;

namespace {

struct AnyTask {
  const char *says, *text;
};
constexpr AnyTask tasks[] = {
    {"cross entropy, last step", "{use: digits, with: {order: rows, pool: 4, train: 24, test: 6}}"},
    {"cross entropy, every step",
     "{use: copy, with: {blanks: 6, symbols: 2, alphabet: 3, train: 9, validation: 5, test: 5}}"},
    {"mean squared, last step",
     "{use: adding, with: {steps: 9, train: 9, validation: 5, test: 5}}"},
    {"mean squared, every step", "{use: chaos, with: {length: 400, window: 12}}"}};
constexpr const char* digits = tasks[0].text;
constexpr const char* every_step = tasks[3].text;

Measurement gradient(const std::string& task, const std::string& cell, const std::string& with,
                     std::int64_t memory_budget = std::int64_t{1} << 30) {
  return Case(task, cell, use("gradient", with), memory_budget).measure().front();
}

double worst(const Measurement& m, const std::string& port) {
  const Vector errors = Field(m, port).vector();
  return lyap::gradient::worst_of(errors);
}

std::string verdict(const Measurement& m) {
  return Field(m, "state_error").note("self_check");
}

}  // namespace

TEST_CASE("the gradient from Q and R is that of back-propagation") {
  for (const AnyTask& task : tasks)
    for (const AnyCell& c : every_cell)
      for (const int layers : {1, 2}) {
        CAPTURE(std::string(task.says));
        CAPTURE(std::string(c.id) + " " + c.with);
        CAPTURE(layers);
        const Case small(task.text, cell(c.id, c.with, layers), use("gradient", "sequences: 3"));
        const Measurement m = small.measure().front();
        // A product of at most 12 matrices and as many sums: some roundings of 1e-16.
        CHECK(worst(m, "state_error") < 1e-12);
        CHECK(worst(m, "weight_error") < 1e-12);
        CHECK(verdict(m).starts_with("Q_t v_t = dL/ds_t to "));
        CHECK(verdict(m).ends_with(" (relative, worst of 3 sequences)"));
        CHECK(small.place.warnings.empty());
      }
}

TEST_CASE("it holds for any first frame, any start, any step of the loss and any sequence") {
  for (const std::string with :
       {"q0: random_orthonormal", "start: zero", "start: normal, starts: 3, start_std: 0.3",
        "at: 5", "at: 1", "split: train, sequences: 7"}) {
    CAPTURE(with);
    const Measurement m = gradient(every_step, cell("lstm", "units: 4", 2), with);
    CHECK(worst(m, "state_error") < 1e-12);
    CHECK(worst(m, "weight_error") < 1e-12);
  }
  const Measurement one = gradient(every_step, cell("rnn", "units: 4"), "at: 5, sequences: 1");
  const Matrix adjoint = Field(one, "adjoint").sequence(0);
  CHECK(adjoint.cols() == 13);
  CHECK(adjoint.rightCols(7).isZero(0));
  CHECK(adjoint.leftCols(6).cwiseAbs().minCoeff() > 0);
  CHECK(note(one, "loss") == "of step 5 alone");
  CHECK(verdict(one).ends_with(" (relative, of one sequence)"));
}

TEST_CASE("coordinates are the adjoints in the basis Q_t, norm and profile their lengths") {
  const std::string net = cell("gru", "units: 5");
  const Measurement m = gradient(digits, net, "sequences: 4, split: train");
  const Measurement frames =
      Case(digits, net, use("ftle", "sequences: 4, split: train, keep: [q]")).measure().front();
  Matrix squares = Matrix::Zero(5, 8);
  for (Index b = 0; b < 4; ++b) {
    const Matrix adjoint = Field(m, "adjoint").sequence(b), v = Field(m, "coordinate").sequence(b);
    REQUIRE(v.cols() == 8);
    for (Index t = 1; t <= 7; ++t)
      CHECK(gap(v.col(t), Field(frames, "q").at(b, t - 1).transpose() * adjoint.col(t)) < 1e-15);
    CHECK(gap(v.col(0), adjoint.col(0)) < 1e-15);
    CHECK(gap(Field(m, "norm").vector().segment(b * 8, 8), v.colwise().norm().transpose()) < 1e-15);
    squares += v.cwiseAbs2();
  }
  CHECK(gap(Field(m, "profile").vector().reshaped(5, 8), (squares / 4).cwiseSqrt()) < 1e-16);
  CHECK(note(m, "loss") == "of the last step");
  CHECK(Field(m, "weight_error").note("weights") ==
        "cell.weight_ih_l0, cell.weight_hh_l0, cell.bias_ih_l0, cell.bias_hh_l0");
}

TEST_CASE("with the hidden part alone the identity fails for cells with a second part") {
  for (const AnyCell& c : every_cell)
    for (const int layers : {1, 2}) {
      CAPTURE(std::string(c.id) + " " + c.with);
      const Case small(digits, cell(c.id, c.with, layers),
                       use("gradient", "sequences: 3, state: hidden"));
      const Measurement m = small.measure().front();
      const double off = worst(m, "state_error");
      CHECK(small.place.warnings.empty());
      const std::string part = c.second_part;
      if (part.empty()) {
        CHECK(off < 1e-12);
        continue;
      }
      CHECK(off > 1e-3);
      CHECK(worst(m, "weight_error") > 1e-3);
      CHECK(verdict(m) == fmt::format("fails as it must, off by {:.2g}: `state: hidden` holds {} "
                                      "fixed inside each step, and the gradient flows through {} "
                                      "too",
                                      off, part, part));
      CHECK(Field(m, "coordinate").shape()[2] * 2 == Field(m, "adjoint").shape()[2]);
    }
}

TEST_CASE("what is printed is not the gradient, in either orientation") {
  const std::string net = cell("asrnn", "units: 6, epsilon: 0.6, gamma: 0.3");
  const auto off = [&](const std::string& with, const std::string& reason) {
    const Case small(every_step, net, use("gradient", "sequences: 3, " + with));
    const Measurement m = small.measure().front();
    const double error = worst(m, "state_error");
    CHECK(verdict(m) == fmt::format("fails as it must, off by {:.2g}: {}", error, reason));
    CHECK(small.place.warnings.empty());
    return error;
  };
  CHECK(off("form: p0_eq12",
            "eq. 12 as printed multiplies the R in the wrong order, and its product is the "
            "transpose of what the gradient needs") > 0.1);
  CHECK(off("orientation: transposed",
            "`orientation: transposed` applies transposed Jacobians forward in time (eq. 9), and "
            "the gradient needs them backward in time") > 0.1);
  CHECK(off("form: p0_eq12, orientation: transposed",
            "eqs. 9 to 12 as printed give J_s^T .. J_t+1^T, transposed Jacobians applied forward "
            "in time, and the gradient needs them in the reverse order") > 0.1);
}

TEST_CASE("the printed form is evaluated at as many steps as are asked for") {
  const std::string net = cell("rnn", "units: 4");
  const Measurement some = gradient(every_step, net, "sequences: 2, form: p0_eq12, times: 4");
  const Measurement all = gradient(every_step, net, "sequences: 2, form: p0_eq12, times: 0");
  CHECK(note(some, "times") == "4 of 13, missing at the others");
  const Matrix few = Field(some, "coordinate").sequence(1),
               whole = Field(all, "coordinate").sequence(1);
  for (Index t = 0; t <= 12; ++t) {
    if (t % 4 == 0)
      CHECK(few.col(t) == whole.col(t));
    else
      CHECK(std::isnan(few(0, t)));
  }
  CHECK(std::isnan(worst(some, "weight_error")));
  CHECK(worst(all, "weight_error") > 1e-3);
}

TEST_CASE("a loss that no state decides leaves nothing to compare") {
  // A readout of zeros is what `init` makes of it.
  const Measurement m = gradient(
      digits, "{use: rnn, with: {units: 3}, init: {readout.weight: zeros}}", "sequences: 2");
  CHECK(verdict(m) == "the loss has no gradient by any state; nothing was compared");
  CHECK(std::isnan(worst(m, "weight_error")));
}

TEST_CASE("Q and R that do not fit are made twice, and refused when that does not help") {
  const std::string net = cell("rnn", "units: 24"), with = "sequences: 2, split: train";
  const std::string task = "{use: chaos, with: {length: 3000, window: 400}}";
  const Measurement whole = gradient(task, net, with);
  // Half of 2 MiB for each of two workers; all of Q and R take 3.7 MB.
  const Measurement parts = gradient(task, net, with, 2 << 20);
  CHECK(note(parts, "memory") == "Q and R were made twice, 14 steps at a time");
  CHECK(note(whole, "memory") == "");
  CHECK(worst(parts, "state_error") < 1e-12);
  CHECK(Field(parts, "coordinate").values() == Field(whole, "coordinate").values());
  CHECK(refusal([&] { gradient(task, net, with + ", form: p0_eq12", 2 << 20); }) ==
        "analysis 'gradient': Q and R of 400 steps and 24 directions take 3.7 MB a worker, which "
        "`form: p0_eq12` needs at once, more than the 0.52 MB that half of the memory budget "
        "leaves to each of 2; raise --memory, or use fewer --workers");
  CHECK(
      refusal([&] { gradient(task, net, with, 1 << 20); }) ==
      "analysis 'gradient': Q and R of 400 steps and 24 directions take at least 0.27 MB a worker, "
      "more than the 0.26 MB that half of the memory budget leaves to each of 2; raise --memory, "
      "or "
      "use fewer --workers");
}

TEST_CASE("without a loss, or with one of a step that is not there, it is refused") {
  const auto said = [](const std::string& task, const std::string& with) {
    return refusal([&] { gradient(task, cell("rnn", "units: 4"), with); });
  };
  CHECK(said("{use: driven_noise, with: {inputs: 2}}", "") ==
        "analysis 'gradient': the task has no loss, and without one there is no gradient; choose a "
        "task with targets");
  CHECK(said(digits, "at: 8") ==
        "analysis 'gradient': `at` asks for the loss of step 8, but a sequence of the task has 7 "
        "steps; lower it, or 0 for the loss as the task has it");
}

TEST_CASE("planning says how many operations the printed form takes") {
  const Case c("{use: adding, with: {steps: 784}}", cell("rnn", "units: 128"),
               use("gradient", "sequences: 4"));
  CHECK(std::string(c.estimate().text) ==
        "4 runs of 784 steps, 128 directions, Q and R 206 MB a worker");
  const Case printed(every_step, cell("rnn", "units: 10"),
                     use("gradient", "sequences: 3, form: p0_eq12"));
  CHECK(std::string(printed.estimate().text) ==
        "3 runs of 12 steps, 10 directions, Q and R 0.021 MB a worker; eq. 12 at 13 steps, 3.6e+05 "
        "operations in all");
}

TEST_CASE("the verdict says what was found") {
  using lyap::gradient::Verdict;
  const double missing = lyap::analyses::missing;
  CHECK(Verdict{3.1e-15, 2e-15, 10, ""}.sentence() ==
        "Q_t v_t = dL/ds_t to 3.1e-15, dL/dW to 2e-15 (relative, worst of 10 sequences)");
  CHECK(Verdict{3.1e-15, missing, 1, ""}.sentence() ==
        "Q_t v_t = dL/ds_t to 3.1e-15 (relative, of one sequence)");
  const Verdict broken{0.5, 0.25, 2, ""};
  CHECK(broken.alarming());
  CHECK(broken.sentence() ==
        "Q_t v_t is not dL/ds_t: equal only to 0.5, dL/dW to 0.25 (relative, worst of 2 "
        "sequences)");
  CHECK(Verdict{1e-16, 1e-3, 2, ""}.alarming());
  const Verdict by_luck{1e-16, missing, 2, "of a reason"};
  CHECK(!by_luck.alarming());
  CHECK(by_luck.sentence() ==
        "Q_t v_t = dL/ds_t to 1e-16 (relative, worst of 2 sequences), although of a reason");
}
