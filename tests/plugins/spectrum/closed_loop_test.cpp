// tests/plugins/spectrum/closed_loop_test.cpp - driven steps, then the network on its own output:
// what is measured, what is said, what is refused.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "small_kernel.hpp"

using namespace small_kernel;

namespace {

/// s' = x and y = s / 2, so that every closed step halves the state; J = e^x.
const System halving{
    1,
    [](Index, Index, const Vector& x, const Vector&) { return x; },
    [](Index, Index, const Vector& x, const Vector&) { return Matrix{{std::exp(x[0])}}; },
    1,
    1,
    7,
    [](const Vector& s) { return Vector(s / 2); }};

/// Two classes in turn.  The state tells which came last and a prediction of the other one with the
/// chance e^z / (1 + e^z); in closed loop it forgets the mixture it is fed, and turns by `turning`.
System classes_in_turn(double z, double turning) {
  const auto scores = [z](const Vector& s) { return Vector{{0, -z * s[0]}}; };
  return {1,
          [turning](Index, Index, const Vector& x, const Vector& s) {
            const bool is_class = x.maxCoeff() == 1;
            return Vector{{is_class ? x[1] - x[0] : turning * s[0]}};
          },
          [](Index, Index, const Vector& x, const Vector&) { return Matrix{{x[0]}}; },
          2,
          1,
          7,
          [scores](const Vector& s) {
            const Vector e = scores(s).array().exp();
            return Vector(e / e.sum());
          },
          scores};
}

/// Two classes in turn, of which the next is to be predicted.
Task classes() {
  Task task;
  task.steps = 5;
  task.next_step = true;
  task.loss = lyap::Loss::CrossEntropy;
  task.inputs = task.outputs = 2;
  task.input = [](Index, Index t) { return static_cast<double>(t % 2); };
  return task;
}

/// x = t + 100 b, of which the next is to be predicted.
Task next_step(Index length = 0) {
  Task task;
  task.drive_steps = length;
  task.steps = 5;
  task.next_step = true;
  task.loss = lyap::Loss::MeanSquared;
  task.input = [](Index b, Index t) { return static_cast<double>(t + 100 * b); };
  return task;
}

const Options closed{{"loop", "closed"}, {"sequences", "2"}, {"steps", "10"}, {"drive", "9"}};

Options with(Options options, const std::string& name, const std::string& value) {
  options[name] = value;
  return options;
}

/// Mean of s/2, s/4, .. after `before` of them.
double mean_halving(double s, int before, int count) {
  return s * (std::exp2(-before) - std::exp2(-before - count)) / count;
}

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (const lyap::PluginError& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the inputs drive the state, then the loop is closed and every step is measured") {
  // After nine inputs 0 .. 8 of sequence b the state is 8 + 100 b; drive crosses chunks of 7.
  const Outcome found = measure(halving, next_step(), closed);
  const Matrix each = found["per_sequence"].matrix();
  CHECK(each(0, 0) == doctest::Approx(mean_halving(8, 0, 10)).epsilon(1e-14));
  CHECK(each(1, 0) == doctest::Approx(mean_halving(108, 0, 10)).epsilon(1e-14));
  CHECK(found.notes.at("loop") == "closed");
  CHECK(found.notes.at("feedback") == "output");
  CHECK(found.notes.at("drive") == "9");
  CHECK(found.notes.at("warmup") == "0");
  CHECK(found.notes.at("steps") == "10");
}

TEST_CASE("the warm-up runs in closed loop and is not counted") {
  const Outcome found = measure(halving, next_step(), with(closed, "warmup", "3"));
  CHECK(found["per_sequence"].matrix()(0, 0) ==
        doctest::Approx(mean_halving(8, 3, 10)).epsilon(1e-14));
  CHECK(found.notes.at("warmup") == "3");
  CHECK(found.notes.count("warmup_source") == 0);
}

TEST_CASE("without driven steps the loop is closed from the initial state on") {
  const Matrix start{{16.0, 32.0}};
  const Outcome found = measure(halving, next_step(), with(closed, "drive", "0"), &start);
  CHECK(found["per_sequence"].matrix()(0, 0) ==
        doctest::Approx(mean_halving(16, 0, 10)).epsilon(1e-14));
  CHECK(found["per_sequence"].matrix()(1, 0) ==
        doctest::Approx(mean_halving(32, 0, 10)).epsilon(1e-14));
  CHECK(found.notes.count("inputs") == 0);
}

TEST_CASE("in closed loop the task's inputs limit the driven steps alone") {
  CHECK(measure(halving, next_step(9), with(closed, "steps", "50")).notes.at("steps") == "50");
  const std::string sentence = "the task's inputs have 8 steps, but `drive` is 9; lower it";
  CHECK(refusal([] { measure(halving, next_step(8), closed); }) == sentence);
  CHECK(refusal([] { planned(next_step(8), closed); }) == sentence);
}

TEST_CASE("the open loop says so") {
  const Outcome found =
      measure(halving, next_step(), {{"sequences", "1"}, {"steps", "3"}, {"drive", "2"}});
  CHECK(found.notes.at("loop") == "open");
  CHECK(found.notes.count("drive") == 0);
  CHECK(found.notes.count("feedback") == 0);
  CHECK(found.exponents()[0] == doctest::Approx(1));  // inputs 0, 1, 2
}

TEST_CASE("how the network moved on its own stands beside how its inputs moved") {
  const Outcome found = measure(halving, next_step(), with(closed, "sequences", "1"));
  CHECK(found.notes.at("inputs") == "mean 4, std 2.58199");  // 0 .. 8
  // 2, 1, .. , 2^-8: outputs after the measured steps.
  CHECK(found.notes.at("outputs") == "mean 0.399609, std 0.611265");
  CHECK(found.notes.at("motion") ==
        "in closed loop the outputs spread 0.236742 times as far as the inputs that drove before: "
        "on its own the network does not move as its data do, and these are the exponents of what "
        "it does instead");
  CHECK(found.warnings == std::vector<std::string>{found.notes.at("motion")});
}

TEST_CASE("a network that moves as its inputs did is not warned of") {
  System swinging = halving;
  swinging.feedback = [](const Vector& s) { return Vector(-s); };
  Task task = next_step();
  task.input = [](Index, Index t) { return t % 2 ? 1.0 : -1.0; };
  const Outcome found = measure(swinging, task, closed);
  CHECK(found.notes.count("motion") == 0);
  CHECK(found.warnings.empty());
}

TEST_CASE("of classes the softmax of the output is fed back, and a note says so") {
  // x of the loop's steps is p and 1 - p in turn, p = e / (1 + e): J = x_0.
  Options options = with(closed, "sequences", "1");
  options["drive"] = "10";
  const Outcome found = measure(classes_in_turn(1, -1), classes(), options);
  CHECK(found.notes.at("feedback") == "softmax of the output");
  const double p = 1 / (1 + std::exp(-1));
  CHECK(found.exponents()[0] == doctest::Approx(std::log(p * (1 - p)) / 2).epsilon(1e-14));
  CHECK(found.notes.at("outputs") == "mean 0.5 0.5, std 0.231059 0.231059");  // p - 1/2
  CHECK(found.notes.at("inputs") == "mean 0.5 0.5, std 0.5 0.5");
}

TEST_CASE("soft predictions of classes that move as they did while driven are not warned of") {
  Options options = with(closed, "sequences", "1");
  options["drive"] = "10";
  const Outcome found = measure(classes_in_turn(0.2, -1), classes(), options);
  // sqrt(2) times p - 1/2 and 1/2.
  CHECK(found.notes.at("spread") ==
        "0.0704759 in closed loop, 0.0704759 predicted while driven, inputs 0.707107");
  CHECK(found.notes.count("motion") == 0);
  CHECK(found.warnings.empty());
}

TEST_CASE("predictions of classes that come to rest in closed loop are warned of") {
  Options options = with(closed, "sequences", "1");
  options["drive"] = "10";
  const Outcome found = measure(classes_in_turn(0.2, 1), classes(), options);
  CHECK(found.notes.at("motion") ==
        "in closed loop the predictions spread 0 times as far as those made while the data drove "
        "the network: on its own the network does not move as its data do, and these are the "
        "exponents of what it does instead");
  CHECK(found.warnings == std::vector<std::string>{found.notes.at("motion")});
}

TEST_CASE("classes from the initial state on have nothing to be compared with") {
  const Matrix start{{1.0, -1.0}};
  const Outcome found =
      measure(classes_in_turn(0.2, 1), classes(), with(closed, "drive", "0"), &start);
  CHECK(found.notes.at("feedback") == "softmax of the output");
  CHECK(found.notes.count("spread") == 0);
  CHECK(found.warnings.empty());
}

TEST_CASE("where a step has a duration the largest exponent is told per unit of time") {
  Task task = next_step();
  task.step_time = 0.05;
  const Outcome one = measure(halving, task, with(closed, "sequences", "1"));
  CHECK(one.notes.at("step_time") == "0.05 s");
  CHECK(one.notes.at("spectrum.per_time_unit") == "largest 15.9844 nats/s");  // 0.799219 / 0.05
  const std::string two = measure(halving, task, closed).notes.at("spectrum.per_time_unit");
  CHECK(two.starts_with("largest 115.887, 95 % interval 15.9844 to 215.789 nats/s"));
  CHECK(measure(halving, next_step(), closed).notes.count("spectrum.per_time_unit") == 0);
}

TEST_CASE("a loop that cannot be closed is refused in a sentence, when planning too") {
  struct Case {
    bool next;
    lyap::Loss loss;
    Index outputs;
    std::string sentence;
  };
  const std::string begin =
                        "`loop: closed` takes the prediction for the next input, and this task ",
                    end =
                        "; the loop can be closed on tasks such as `chaos`, or `arrays` with "
                        "`targets: next`";
  for (const Case& c : {Case{false, lyap::Loss::MeanSquared, 1, "does not predict its next input"},
                        Case{false, lyap::Loss::None, 0, "does not predict its next input"},
                        Case{true, lyap::Loss::CrossEntropy, 2, "predicts 2 numbers of 1"},
                        Case{true, lyap::Loss::MeanSquared, 2, "predicts 2 numbers of 1"}}) {
    Task task = next_step();
    task.next_step = c.next, task.loss = c.loss, task.outputs = c.outputs;
    CHECK(refusal([&] { measure(halving, task, closed); }) == begin + c.sentence + end);
    CHECK(refusal([&] { planned(task, closed); }) == begin + c.sentence + end);
  }
}

TEST_CASE("options that mean nothing in closed loop are refused") {
  CHECK(refusal([] { measure(halving, next_step(), with(closed, "steps", "0")); }) ==
        "in closed loop the network runs for as long as it is asked; give `steps`");
  CHECK(refusal([] { measure(halving, next_step(), with(closed, "warmup_source", "replay")); }) ==
        "`warmup_source: replay` needs inputs, and in closed loop there are none");
}

TEST_CASE("the plan says how long the loop is closed") {
  CHECK(planned(next_step(), with(closed, "warmup", "3")) ==
        "2 runs of 3 + 10 steps in closed loop after 9 driven ones");
}
