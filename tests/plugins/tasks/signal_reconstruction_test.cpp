// tests/plugins/tasks/signal_reconstruction_test.cpp - sums of sines, published and one's own.
#include "../../../plugins/tasks/signal_reconstruction.hpp"

#include "made_task.hpp"

using namespace lyap;
using namespace lyap::testing;
using Signal = MadeTask<lyap::tasks::SignalReconstruction>;

namespace {

constexpr double pi = std::numbers::pi;

Matrix expected(Index steps, double (*f)(double t)) {
  Matrix values(1, steps);
  for (Index t = 0; t < steps; ++t) values(0, t) = f(0.1 * static_cast<double>(t));
  return values;
}
Matrix target(const Words& words, std::uint64_t seed = 1) {
  return Signal(words, "", seed).target(Split::Train, {0});
}
double gap(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a signal is one output at each of 1200 steps of 0.1 time units") {
  const Signal task(Words{});
  CHECK(task.shape().inputs == 1);
  CHECK(task.shape().outputs == 1);
  CHECK(task.shape().steps == 1200);
  CHECK(task.shape().step_time == 0.1);
  CHECK(task.shape().next_step == 1);
  CHECK(task.shape().loss == LYAP_MEAN_ABSOLUTE);
}

TEST_CASE("the four sines have the published amplitudes and frequencies") {
  const auto f = [](double t) {
    return std::sin(pi * t / 60) + std::sin(2 * pi * t / 60) / 2 + std::sin(3 * pi * t / 60) / 6 +
           std::sin(4 * pi * t / 60) / 3;
  };
  CHECK(gap(target({{"normalise", "off"}}), expected(1200, f)) < 1e-14);
  const Matrix raw = expected(1200, f);
  CHECK(gap(target({}), raw / raw.maxCoeff()) < 1e-13);  // odd about the middle: no shift
  CHECK(gap(target({{"function", "sussillo_abbott"}}), 1.3 / 1.5 * raw) < 1e-14);
  const auto two = [](double t) { return std::sin(pi * t / 60) + std::sin(2 * pi * t / 60) / 2; };
  CHECK(gap(target({{"function", "two_sine"}, {"normalise", "off"}}), expected(1200, two)) < 1e-14);
}

TEST_CASE("an expression is the sum of its sines, scaled and shifted to -1 .. 1 when asked") {
  const auto f = [](double t) {
    return 2 * std::sin(3 * 2 * pi * t / 50 + 0.4) + 0.7 * std::sin(2 * pi * t / 50);
  };
  Words words{{"function", "expression"}, {"amplitudes", "[2, 0.7]"}, {"frequencies", "[3, 1]"},
              {"phases", "[0.4, 0]"},     {"period", "50"},           {"steps", "100"},
              {"normalise", "off"}};
  CHECK(gap(target(words), expected(100, f)) < 1e-14);
  words["normalise"] = "on";
  const Matrix scaled = target(words), raw = expected(100, f);
  CHECK(scaled.maxCoeff() == doctest::Approx(1));
  CHECK(scaled.minCoeff() == doctest::Approx(-1));
  const double slope = (scaled(0, 5) - scaled(0, 0)) / (raw(0, 5) - raw(0, 0));
  CHECK(gap(scaled.array() - scaled(0, 0), slope * (raw.array() - raw(0, 0)).matrix()) < 1e-13);
}

TEST_CASE("the input is the target a step earlier, however it is cut, and goes on for ever") {
  const Signal task(Words{});
  const Matrix f = task.target(Split::Train, {0});
  CHECK(task.input(Split::Train, {0}).rightCols(1199) == f.leftCols(1199));
  const Matrix long_input = task.drive(Split::Test, {0}, 1, 5000);
  CHECK(long_input.leftCols(1200) == f);
  CHECK(gap(long_input.middleCols(1200, 1200), f) < 1e-12);  // a whole period later
  CHECK(in_pieces(task, Split::Test, {0, 0}, {1, 7, 100}) ==
        task.drive(Split::Test, {0, 0}, 0, 108));
}

TEST_CASE("random sines follow the seed of the run, unless the signal has a seed of its own") {
  const Words random{{"function", "random_four_sine"}},
      fixed{{"function", "random_four_sine"}, {"signal_seed", "7"}};
  CHECK(target(random, 1) == target(random, 1));
  CHECK(target(random, 1) != target(random, 2));
  CHECK(target(fixed, 1) == target(fixed, 2));
  CHECK(target(random, 1).maxCoeff() == doctest::Approx(1));
  // Frequencies are whole numbers: the signal is odd.
  const Matrix f = target(fixed);
  for (Index t = 1; t < 600; ++t) REQUIRE(std::abs(f(0, t) + f(0, 1200 - t)) < 1e-12);
}

TEST_CASE("signals that cannot be are refused") {
  CHECK(
      said([] {
        Signal(Words{{"function", "expression"}, {"amplitudes", "[1, 2]"}, {"frequencies", "[1]"}});
      }) ==
      "an expression has one of `amplitudes` and `frequencies`, and of `phases` when they are "
      "given, for every sine; there are 2, 1 and 0");
  CHECK(said([] {
          Signal(Words{{"amplitudes", "[1]"}});
        }) == "`amplitudes`, `frequencies` and `phases` belong to `function: expression`");
  CHECK(said([] {
          Signal(Words{{"function", "expression"}, {"amplitudes", "[0]"}, {"frequencies", "[1]"}});
        }) ==
        "the signal is the same at every step, so it cannot be scaled to -1 .. 1; give other "
        "`amplitudes` and `frequencies`, or `normalise: off`");
}
