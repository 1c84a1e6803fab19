// tests/plugins/spectrum/settings_test.cpp - what drives the network, when it stops, what is
// refused.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

#include "reference.hpp"
#include "small_kernel.hpp"

using namespace small_kernel;

namespace {

/// J = e^x: the exponent is the mean input of the measured steps.
const System follows_input{
    1, [](Index, Index, const Vector&, const Vector& s) { return s; },
    [](Index, Index, const Vector& x, const Vector&) { return Matrix{{std::exp(x[0])}}; }};

/// x = t/10 + b.
Task ramp(Index length) {
  Task task;
  task.drive_steps = length;
  task.steps = 5;
  task.input = [](Index b, Index t) {
    return 0.1 * static_cast<double>(t) + static_cast<double>(b);
  };
  return task;
}

std::string refusal(const System& system, const Task& task, const Options& options,
                    const Matrix* start = nullptr, bool stopped = false) {
  try {
    measure(system, task, options, start, stopped);
  } catch (const lyap::PluginError& e) {
    return e.what();
  }
  return "";
}

double mean_input(Index from, Index to) {
  return 0.05 * static_cast<double>(from + to - 1);
}

}  // namespace

TEST_CASE("measured inputs follow those of the warm-up, or replay them") {
  const Options separate{{"sequences", "2"}, {"warmup", "9"}, {"steps", "20"}};
  const Outcome after = measure(follows_input, ramp(40), separate);
  CHECK(after["per_sequence"].matrix()(0, 0) == doctest::Approx(mean_input(9, 29)));
  CHECK(after["per_sequence"].matrix()(1, 0) == doctest::Approx(1 + mean_input(9, 29)));
  CHECK(after.notes.at("warmup") == "9");

  Options replay = separate;
  replay["warmup_source"] = "replay";
  const Outcome again = measure(follows_input, ramp(20), replay);
  CHECK(again["per_sequence"].matrix()(0, 0) == doctest::Approx(mean_input(0, 20)));
  CHECK(again.notes.at("warmup_source") == "replay");

  // A request of 500 steps of warm-up on 20 gives 20, as in the published code.
  replay["warmup"] = "500";
  CHECK(measure(follows_input, ramp(20), replay).notes.at("warmup") == "20");
}

TEST_CASE("without a number of steps all that remain are measured") {
  const Outcome rest = measure(follows_input, ramp(30), {{"sequences", "1"}, {"warmup", "4"}});
  CHECK(rest.notes.at("steps") == "26");
  CHECK(rest.exponents()[0] == doctest::Approx(mean_input(4, 30)));
  // Endless inputs: as many as a sequence of the task has.
  CHECK(measure(follows_input, ramp(0), {{"sequences", "1"}}).notes.at("steps") == "5");
}

TEST_CASE("every sequence meets every start") {
  const System remembers{2, [](Index, Index, const Vector&, const Vector& s) { return s; },
                         [](Index, Index, const Vector& x, const Vector& s) {
                           return Matrix(std::exp(x[0] + s[0]) * Matrix::Identity(2, 2));
                         }};
  Matrix start(2, 6);
  start << 0, 10, 20, 0, 10, 20, 0, 0, 0, 0, 0, 0;
  const Outcome found = measure(remembers, ramp(10),
                                {{"sequences", "2"}, {"starts", "3"}, {"start", "cell"}}, &start);
  const Matrix each = found["per_sequence"].matrix();
  REQUIRE(each.rows() == 6);
  for (Index run = 0; run < 6; ++run)
    CHECK(each(run, 0) == doctest::Approx(mean_input(0, 10) + static_cast<double>(run / 3) +
                                          static_cast<double>(10 * (run % 3))));

  const Outcome drawn =
      measure(remembers, ramp(10),
              {{"sequences", "1"}, {"starts", "2"}, {"start", "normal"}, {"start_std", "0.5"}});
  Matrix expected(2, 2);
  lyap::framework::Random(1, "spectrum/start").fill_normal({expected.data(), 4});
  for (Index run = 0; run < 2; ++run)
    CHECK(drawn["per_sequence"].matrix()(run, 0) ==
          doctest::Approx(mean_input(0, 10) + 0.5 * expected(0, run)));
}

TEST_CASE("the hidden scope measures the leading block") {
  System system = prescribed({Matrix{{2.0, 0.0, 9.0}, {0.0, 3.0, 9.0}, {9.0, 9.0, 9.0}}});
  system.hidden = 2;
  const Outcome found =
      measure(system, {}, {{"sequences", "1"}, {"steps", "10"}, {"state", "hidden"}});
  CHECK(found.exponents().size() == 2);
  CHECK(found.exponents()[0] == doctest::Approx(std::log(2.0)));
  CHECK(found.exponents()[1] == doctest::Approx(std::log(3.0)));
  CHECK(found.notes.at("state") == "hidden");
  CHECK(found.notes.at("count") == "2 of 2");
}

TEST_CASE("the history is the spectrum of fewer steps and ends with the spectrum") {
  std::vector<Matrix> jacobians;
  for (int t = 0; t < 23; ++t)
    jacobians.push_back(reference::random(5, 5, "J" + std::to_string(t)));
  const Outcome found =
      measure(prescribed(jacobians), {}, {{"sequences", "1"}, {"steps", "23"}, {"history", "4"}});
  CHECK(found["history_steps"].vector() == Vector{{6.0, 12.0, 18.0, 23.0}});
  const Matrix history = found["history"].matrix();
  for (const Index mark : {0, 1, 2, 3}) {
    const auto steps = static_cast<Index>(found["history_steps"].values[mark]);
    CHECK(reference::distance(history.row(mark).transpose(),
                              exponents(prescribed(jacobians), steps)) < 1e-13);
  }
  CHECK(history.row(3).transpose() == found.exponents());
  const Outcome none = measure(prescribed(jacobians), {}, {{"steps", "23"}, {"history", "0"}});
  CHECK(none["history_steps"].shape == std::vector<std::int64_t>{0});
  CHECK(none["history"].shape == std::vector<std::int64_t>{0, 5});
}

TEST_CASE("the stop rule ends the measurement at the first point with a small standard error") {
  Task noise;
  const Matrix table = reference::random(400, 8, "noise");
  noise.drive_steps = 400;
  noise.input = [table](Index b, Index t) { return table(t, b); };
  const Options options{{"sequences", "8"}, {"steps", "400"}, {"history", "40"}, {"until", "0.03"}};
  const Outcome found = measure(follows_input, noise, options);
  const auto steps = static_cast<Index>(std::stoi(found.notes.at("steps")));
  CHECK(steps < 400);
  CHECK(steps % 10 == 0);
  CHECK(found.exponents()[0] == doctest::Approx(table.topRows(steps).mean()));
  CHECK(found["deviation"].values[0] / std::sqrt(8.0) < 0.03);
  CHECK(found["history_steps"].values.back() == static_cast<double>(steps));
  CHECK(found.notes.at("until") == "standard error below 0.03 reached after " +
                                       std::to_string(steps) + " of at most 400 steps");
  // It is the first such point.
  const Matrix means = table.topRows(steps - 10).colwise().mean();
  const double scatter = std::sqrt((means.array() - means.mean()).square().sum() / 7 / 8);
  CHECK(scatter >= 0.03);

  Options strict = options;
  strict["until"] = "1e-6";
  const Outcome capped = measure(follows_input, noise, strict);
  CHECK(capped.notes.at("steps") == "400");
  CHECK(capped.notes.at("until") == "standard error below 1e-06 not reached within 400 steps");
}

TEST_CASE("a split without sequences gives way to another, and is said to") {
  Task task = ramp(10);
  task.test = 3, task.train = 50, task.drive_count = 3;
  const Outcome found = measure(follows_input, task, {{"sequences", "5"}});
  CHECK(found.notes.at("split") == "test");
  CHECK(found.notes.at("sequences") == "3");
  CHECK(found.warnings ==
        std::vector<std::string>{"the task has no validation sequences; test was used",
                                 "5 were asked; the split has no more than 3"});
}

TEST_CASE("exponents that rounding hides are warned of") {
  Matrix J = Matrix::Zero(3, 3);
  J.diagonal() << 1, 0.5, 1e-3;
  // Level: 0 + ln(2.2e-16) / 10 = -3.604; ln 1e-3 = -6.9 is below it, ln 0.5 above level + 1.
  const Outcome found =
      measure(prescribed({J}), {}, {{"sequences", "1"}, {"steps", "20"}, {"every", "10"}});
  REQUIRE(found.warnings.size() == 1);
  CHECK(
      found.warnings[0] ==
      "1 of 3 exponents lie within 1 nat of -3.60437, the level that rounding leaves with `every` "
      "10; they are too high, lower `every`");
  CHECK(found.notes.at("plateau") == found.warnings[0]);
  CHECK(measure(prescribed({J}), {}, {{"sequences", "1"}, {"steps", "20"}}).warnings.empty());
}

TEST_CASE("results say how they were made") {
  const auto notes = measure(prescribed({Matrix::Identity(4, 4)}), {},
                             {{"steps", "3"}, {"count", "2"}, {"orientation", "transposed"}})
                         .notes;
  CHECK(notes.at("unit") == "nats/step");
  CHECK(notes.at("state") == "full");
  CHECK(notes.at("orientation") == "transposed");
  CHECK(notes.at("every") == "1");
  CHECK(notes.at("count") == "2 of 4");
  CHECK(notes.at("method") == "lu");
  CHECK(notes.at("jacobian") == "analytic");
  CHECK(notes.at("dtype") == "float64");
  CHECK(notes.at("sequences") == "10");
  CHECK(notes.at("confidence") == "0.95 from 1000 bootstrap resamples of the sequences");
}

TEST_CASE("inputs that are too short are refused with what to lower") {
  CHECK(refusal(follows_input, ramp(10), {{"warmup", "4"}, {"steps", "7"}}) ==
        "the task's inputs have 10 steps, but `warmup` 4 and `steps` 7 need more; lower them, or 0 "
        "`steps` for all that remain");
  CHECK(
      refusal(follows_input, ramp(10), {{"warmup", "10"}}) ==
      "the task's inputs have 10 steps, but `warmup` 10 and `steps` 1 need more; lower them, or 0 "
      "`steps` for all that remain");
  CHECK(refusal(follows_input, {}, {}) ==
        "the task's inputs have no end; say how many `steps` to measure");
}

TEST_CASE("options that contradict each other are refused") {
  const System system = prescribed({Matrix::Identity(3, 3)});
  CHECK(refusal(system, {}, {{"steps", "5"}, {"count", "4"}}) ==
        "`count` asks for 4 exponents, but the state has 3 directions; lower it, or 0 for all");
  CHECK(refusal(system, {}, {{"steps", "5"}, {"starts", "2"}, {"start", "zero"}}) ==
        "`starts` above 1 needs different initial states; say `start: normal`");
  CHECK(refusal(system, {}, {{"steps", "5"}, {"every", "6"}, {"tail", "drop"}}) ==
        "`tail: drop` with `every` 6 above the 5 measured steps leaves nothing to measure");
  CHECK(refusal(system, {}, {{"steps", "5"}, {"until", "0.1"}, {"tail", "drop"}}) ==
        "`tail: drop` reproduces a fixed number of steps; leave `until` at 0");
  CHECK(refusal(system, {}, {{"steps", "5"}, {"until", "0.1"}, {"sequences", "1"}}) ==
        "`until` compares sequences; ask for at least 2 `sequences` or `starts`");
  const Matrix start = Matrix::Zero(3, 2);
  CHECK(refusal(system, {}, {{"steps", "5"}, {"sequences", "4"}}, &start) ==
        "port `start` wants one state a sequence, 4 x 3");
  CHECK(refusal(system, {}, {{"steps", "5"}, {"sequences", "2"}, {"start", "normal"}}, &start) ==
        "initial states come from port `start`; leave option `start` at cell");
}

TEST_CASE("a network that diverges is named with step and sequence") {
  const auto bad_at = [](Index step, Index sequence, double value) {
    return System{2, [](Index, Index, const Vector&, const Vector& s) { return s; },
                  [=](Index t, Index b, const Vector&, const Vector&) {
                    Matrix J = Matrix::Identity(2, 2);
                    if (t == step && b == sequence) J(1, 0) = value;
                    return J;
                  }};
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* method : {"lu", "householder"})
    for (const char* count : {"1", "2"})
      CHECK(refusal(bad_at(9, 1, nan), {},
                    {{"steps", "12"}, {"method", method}, {"count", count}, {"sequences", "3"}}) ==
            "the product of Jacobians is not finite at step 9 of sequence 1: the network diverges; "
            "measure fewer steps or smaller weights");
  CHECK(refusal(bad_at(2, 9, nan), {}, {{"steps", "3"}, {"count", "1"}, {"sequences", "10"}}) ==
        "the product of Jacobians is not finite at step 2 of sequence 9: the network diverges; "
        "measure fewer steps or smaller weights");
  CHECK(refusal(bad_at(3, 0, -std::numeric_limits<double>::infinity()), {},
                {{"steps", "12"}, {"warmup", "5"}}) ==
        "the product of Jacobians is not finite at step 3 (of which 5 are warm-up) of sequence 0: "
        "the network diverges; measure fewer steps or smaller weights");

  // A ReLU network's Jacobian stays finite when its state does not.
  const System explodes{
      1, [](Index, Index, const Vector&, const Vector& s) { return Vector{{1e60 * (s[0] + 1)}}; },
      [](Index, Index, const Vector&, const Vector&) { return Matrix{{1.0}}; }};
  CHECK(
      refusal(explodes, {}, {{"steps", "12"}, {"sequences", "1"}}) ==
      "the state is not finite at step 6 of sequence 0: the network diverges; measure fewer steps "
      "or smaller weights");
}

TEST_CASE("an interrupted measurement gives nothing") {
  CHECK(refusal(prescribed({Matrix::Identity(2, 2)}), {}, {{"steps", "12"}, {"sequences", "1"}},
                nullptr, true) == "the spectrum was interrupted at step 1; none of it is kept");
}

TEST_CASE("the cost is known from shapes, and what cannot work is refused before it runs") {
  const auto& ops = *static_cast<const lyap_analysis_ops*>(plugin().ops);
  const Given given({{"warmup", "50"}, {"steps", "100"}});
  lyap_error error{};
  lyap_analysis* analysis = ops.create(given.data(), given.size(), &error);
  REQUIRE(analysis != nullptr);
  lyap_model_shape model{};
  model.state = 64, model.hidden = 32;
  lyap_task_shape task{};
  task.drive_steps = 200;
  lyap_estimate estimate{};
  CHECK(ops.estimate(analysis, &model, &task, &estimate, &error) == LYAP_OK);
  CHECK(std::string(estimate.text) == "10 runs of 50 + 100 steps, 64 of 64 exponents");
  // 10 runs x 150 steps x (5/3 n^3 + 2 n^2).
  const double n = 64;
  CHECK(estimate.flops == doctest::Approx(1500 * (5.0 / 3 * n * n * n + 2 * n * n)));
  CHECK(estimate.bytes == 8 * (10 * n * n + 6 * n * n));
  CHECK(ops.estimate(analysis, nullptr, nullptr, &estimate, &error) == LYAP_OK);
  CHECK(std::string(estimate.text) == "10 runs of 50 + 100 steps");
  task.drive_steps = 100;
  CHECK(ops.estimate(analysis, &model, &task, &estimate, &error) == LYAP_BAD_OPTION);
  ops.destroy(analysis);
}
