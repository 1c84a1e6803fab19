// tests/plugins/alignment/refusals_test.cpp - what cannot be measured is refused with the remedy,
// before anything is trained.
#include <doctest/doctest.h>

#include "base/stop.hpp"
#include "small_pipeline.hpp"

using namespace alignment_test;

namespace {

const std::string rnn = "{use: rnn, with: {units: 6}}";

/// The sentence is the same when the run is planned and when it is made.
std::string refused(const std::string& options, const std::string& task = digits,
                    const std::string& cell = rnn) {
  const std::string planned = refusal([&] { Case(cell, options, task).estimate(); });
  const std::string run = refusal([&] { Case(cell, options, task).measure(); });
  CHECK(planned == run);
  return run;
}

}  // namespace

TEST_CASE("an unknown weight and layer are refused") {
  CHECK(refused("weight: weight_h") ==
        "analysis 'alignment': there is no weight 'weight_h' in layer 1; `weight` takes "
        "weight_hh, state or auto");
  CHECK(refused("layer: 2") == "analysis 'alignment': `layer` is 2, but the network has 1 layer");
}

TEST_CASE("a task without a loss, and a split without sequences, are refused") {
  CHECK(refused("", "{use: driven_noise, with: {inputs: 3}}") ==
        "analysis 'alignment': the task has no loss, and without a loss there is no gradient to "
        "align with; choose a task with targets");
  CHECK(refused("", "{use: chaos, with: {fractions: [0.7, 0.3]}}") ==
        "analysis 'alignment': the task has no test sequences; say `split: validation`");
}

TEST_CASE("more sequences than there are are refused") {
  CHECK(refused("images: 4, first: 3") ==
        "analysis 'alignment': `first` 3 and `images` 4 ask for sequences up to number 6, but the "
        "test split has 6, counted from 0; lower them");
  CHECK(refusal([] { measure(rnn, "images: 3, first: 3, starts: 1"); }) == "");
}

TEST_CASE("several starts that would all be the same are refused") {
  CHECK(refused("start: zero") ==
        "analysis 'alignment': `start: zero` is one initial state, but `starts` is 25; say "
        "`starts: 1`, or `start: normal`");
  CHECK(refusal([] { measure(rnn, "start: cell, starts: 2"); }) ==
        "analysis 'alignment': the cell always starts in the same state, but `starts` is 2; say "
        "`starts: 1`, or `start: normal`");
}

TEST_CASE("published numbers are three") {
  CHECK(refused("published: [0.2, 0.05]") ==
        "analysis 'alignment': `published` is three numbers, the std of the groups first, last "
        "and random, not 2");
}

TEST_CASE("statistics that do not fit in the memory are refused") {
  Surroundings small = surroundings(2);
  small.memory_budget = 1 << 20;
  const Plan plan = Case::plan_of("{use: rnn, with: {units: 300}}", "starts: 2", digits);
  const Trial trial(plan, small);
  CHECK(refusal([&] { measure_weights(trial, trial.first_weights()); }) ==
        "analysis 'alignment': the statistics of 7 steps x 300 directions need 3 MiB with 2 "
        "workers, more than the 1 MiB of the memory budget; raise --memory or take fewer "
        "--workers");
}

TEST_CASE("a network that diverges is told with step, sequence and start") {
  const std::string sentence = refusal([] {
    measure("{use: rnn, with: {units: 6, activation: relu}, init: {weight_hh: constant(1e200)}}",
            "starts: 2, first: 1");
  });
  CHECK(sentence ==
        "analysis 'alignment': sequence 1, start 0, run alone: cell 'rnn': the state of layer 1 is "
        "not finite after step 2 of sequence 0; look for inputs that are not finite, or make the "
        "weights smaller");
}

TEST_CASE("an estimate says what is done and by which matrix") {
  CHECK(Case("{use: lstm, with: {units: 8}}", "images: 2, starts: 3").estimate() ==
        "6 runs of 7 steps, an SVD of 4 x 8 x 8 and two QR of 16 x 16 at each; gradient by "
        "cell.weight_hh_l0");
}
