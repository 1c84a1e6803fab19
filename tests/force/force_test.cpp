// tests/force/force_test.cpp - FORCE learning through whole pipelines.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "../framework/temporary_folder.hpp"
#include "base/error.hpp"
#include "force_case.hpp"
#include "run/checkpoint.hpp"
#include "run/run.hpp"

using namespace lyap::framework;
using lyap::Index;
using lyap::testing::ForceCase;
using lyap::testing::plan_of;

namespace {

struct Kernel {
  Kernel() {
    surroundings.workers = &workers;
    surroundings.folders = &folders;
    surroundings.stop = &stop;
    surroundings.log = [](int, const std::string&) {};
  }
  Workers workers{2};
  DataFolders folders{{}};
  Stop stop;
  Surroundings surroundings;
  Catalog catalog{{LYAP_PLUGIN_DIR}};
};

std::string small(const std::string& train, const std::string& more = "",
                  const std::string& precision = "float64") {
  return "lyap: 1\nname: small\nprecision: {train: " + precision +
         "}\ntrials:\n"
         "  task: {use: signal_reconstruction, with: {function: two_sine, period: 20, steps: "
         "200}}\n"
         "  cell: {use: rank1, with: {units: 40}, readout: {bias: off, init: {weight: zeros}}}\n"
         "  train: {use: force, with: {" +
         train + "}, checkpoints: every}\n" + more;
}

double figure(const EpochFigures& epoch, const std::string& name) {
  for (const auto& [key, value] : epoch.figures)
    if (key == name) return value;
  return std::nan("");
}

/// All tensors of two files, bit for bit.
void check_same(const std::filesystem::path& a, const std::filesystem::path& b) {
  const TensorFile one = read_safetensors(a), other = read_safetensors(b);
  REQUIRE(one.tensors.size() == other.tensors.size());
  for (const auto& named : one.tensors) {
    CAPTURE(named.first);
    CHECK(named.second.bytes == other.tensors.at(named.first).bytes);
  }
}

}  // namespace

TEST_CASE("force: a network learns two sines, and goes on making them on its own") {
  Kernel kernel;
  const TemporaryFolder folder;
  std::string text = small("epochs: 8, test_epochs: 2");
  text.replace(text.find("units: 40"), 9, "units: 200");
  const Plan plan = plan_of(text, kernel.catalog);
  const auto directory = RunDirectory::create(folder.path(), "run", "0");
  const auto history =
      run_trial(Trial(plan, kernel.surroundings), directory, false).training.history;
  REQUIRE(history.size() == 9);
  CHECK(figure(history[0], "test_error") > 0.4);  // mean |f| of a silent readout
  CHECK(figure(history[8], "train_error") < 0.05);
  CHECK(figure(history[8], "test_error") < 0.1);
}

TEST_CASE("force: a run that goes on from its checkpoint is the uninterrupted one, bit for bit") {
  Kernel kernel;
  const TemporaryFolder folder;
  const Plan short_plan = plan_of(small("epochs: 2, idle: 30, test_epochs: 1"), kernel.catalog),
             plan = plan_of(small("epochs: 5, idle: 30, test_epochs: 1"), kernel.catalog);
  const auto whole = RunDirectory::create(folder.path(), "whole", "0"),
             pieces = RunDirectory::create(folder.path(), "pieces", "0");
  const auto one = run_trial(Trial(plan, kernel.surroundings), whole, false).training.history;
  run_trial(Trial(short_plan, kernel.surroundings), pieces, false);
  const auto other = run_trial(Trial(plan, kernel.surroundings), pieces, true).training.history;
  // Tests give the same whichever others run beside them.
  REQUIRE(one.size() == 6);
  REQUIRE(other.size() == 6);
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(figure(one[i], "test_error") == figure(other[i], "test_error"));
  check_same(whole.latest(), pieces.latest());
  check_same(whole.final(), pieces.final());
  check_same(whole.checkpoint(5), pieces.checkpoint(5));
}

TEST_CASE("force: tests do not disturb training, and a checkpoint holds where it stood") {
  Kernel kernel;
  const TemporaryFolder folder;
  const auto tested = RunDirectory::create(folder.path(), "tested", "0"),
             untested = RunDirectory::create(folder.path(), "untested", "0");
  const Plan with = plan_of(small("epochs: 3, test_epochs: 3"), kernel.catalog),
             without = plan_of(small("epochs: 3, test_epochs: 0"), kernel.catalog);
  run_trial(Trial(with, kernel.surroundings), tested, false);
  run_trial(Trial(without, kernel.surroundings), untested, false);
  for (const int epoch : {0, 1, 2, 3})
    check_same(tested.checkpoint(epoch), untested.checkpoint(epoch));
  const TensorFile file = read_safetensors(tested.checkpoint(3));
  CHECK(file.tensors.at("carried.state").shape == std::vector<std::int64_t>{40});
  CHECK(file.tensors.at("carried.input").shape == std::vector<std::int64_t>{1});

  const TensorFile latest = read_safetensors(tested.latest());
  const std::vector<double> P = latest.tensors.at("trainer.force.P").to_doubles();
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t j = 0; j < i; ++j) CHECK(P[i * 40 + j] == P[j * 40 + i]);
}

TEST_CASE("force: Ctrl-C keeps the last complete epoch") {
  Kernel kernel;
  const TemporaryFolder folder;
  const Plan plan = plan_of(small("epochs: 50, test_epochs: 0"), kernel.catalog);
  kernel.surroundings.progress = [&](const std::string& stage, std::int64_t done, std::int64_t) {
    if (stage == "epoch 3" && done == 17) kernel.stop.ask();
  };
  const auto directory = RunDirectory::create(folder.path(), "run", "0");
  const RunOutcome outcome = run_trial(Trial(plan, kernel.surroundings), directory, false);
  CHECK(outcome.end == TrainingEnd::Interrupted);
  CHECK(outcome.training.sentence ==
        "trainer 'force': training was stopped in epoch 3; the epoch before it is kept");
  CHECK(read_safetensors(directory.latest()).metadata.at("epoch") == "2");

  Kernel again;
  const Plan tested = plan_of(small("epochs: 50, test_epochs: 1"), again.catalog);
  again.surroundings.progress = [&](const std::string& stage, std::int64_t done, std::int64_t) {
    if (stage == "epoch 12" && done == 17) again.stop.ask();
  };
  const auto other = RunDirectory::create(folder.path(), "tested", "0");
  const RunOutcome cut = run_trial(Trial(tested, again.surroundings), other, false);
  CHECK(cut.training.sentence ==
        "trainer 'force': training was stopped in epoch 12; the epochs before it that were tested "
        "are kept");
  CHECK(read_safetensors(other.latest()).metadata.at("epoch") == "7");
}

TEST_CASE("force: epochs before the first whose test diverges are kept") {
  Kernel kernel;
  const TemporaryFolder folder;
  // Every state is e times the one before it, and e^710 is too large. An epoch has 200 steps, its
  // test begins at its end and has 400.
  const Plan plan = plan_of(
      "lyap: 1\nname: growing\nprecision: {train: float64}\ntrials:\n"
      "  task: {use: signal_reconstruction, with: {function: two_sine, period: 20, steps: 200}}\n"
      "  cell: {use: rnn, with: {units: 8, activation: relu, bias: none}, init: {weight_hh: "
      "identity(2.718281828459045)}, readout: {bias: off, init: {weight: zeros}}}\n"
      "  train: {use: force, with: {epochs: 6, test_epochs: 2, alpha: 1e12, every: 1000000}}\n",
      kernel.catalog);
  const auto directory = RunDirectory::create(folder.path(), "run", "0");
  const RunOutcome outcome = run_trial(Trial(plan, kernel.surroundings), directory, false);
  CHECK(outcome.end == TrainingEnd::Diverged);
  CHECK(outcome.training.sentence.find("trainer 'force': the test diverged in step 3") == 0);
  CHECK(outcome.training.sentence.find("of epoch 2") != std::string::npos);
  CHECK(outcome.training.last_epoch == 1);
}

TEST_CASE("force: what it cannot train is refused in a sentence") {
  Kernel kernel;
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& pipeline) -> std::string {
    try {
      const Plan plan = plan_of(pipeline, kernel.catalog);
      run_trial(Trial(plan, kernel.surroundings), RunDirectory::create(folder.path(), "run", "0"),
                false);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  CHECK(refused(small("", "", "float32")) ==
        "trainer 'force': recursive least squares loses its matrix P to rounding in float32; set "
        "`precision: {train: float64}`");
  std::string biased = small("");
  biased.replace(biased.find("bias: off"), 9, "bias: on");
  CHECK(
      refused(biased) ==
      "trainer 'force': FORCE learning changes readout.weight alone, and this readout has a bias; "
      "give the cell `readout: {bias: off}`");
  CHECK(refused("lyap: 1\nname: digits\nprecision: {train: float64}\ntrials:\n  task: {use: "
                "digits}\n  cell: {use: rank1, with: {units: 8}, readout: {bias: off}}\n  train: "
                "{use: force}\n") ==
        "trainer 'force': FORCE learning needs a target of every output at every step, which the "
        "task does not have; use one like `signal_reconstruction`");
}

TEST_CASE("force: a spectrum may begin where training left the network") {
  Kernel kernel;
  const TemporaryFolder folder;
  const auto measured = [&](const std::string& start) {
    const Plan plan = plan_of(
        small("epochs: 2, test_epochs: 0",
              "  measure: [{use: spectrum, at: [0, 2], with: {sequences: 1, steps: 20, loop: "
              "closed, " +
                  start + "}}]\n"),
        kernel.catalog);
    return run_trial(Trial(plan, kernel.surroundings),
                     RunDirectory::create(folder.path(), "run", "0"), false)
        .measurements;
  };
  const auto carried = measured("start: carried"), own = measured("start: cell, drive: 0");
  REQUIRE(carried.size() == 2);
  // At epoch 2 the state is another one than the cell's own start; the weights are the same.
  CHECK(carried[1].find("spectrum")->values != own[1].find("spectrum")->values);

  const Plan none = plan_of(
      "lyap: 1\nname: none\ntrials:\n  task: {use: signal_reconstruction}\n  cell: {use: rank1, "
      "with: {units: 8}, readout: {bias: off}}\n  measure: [{use: spectrum, with: {loop: closed, "
      "steps: 5, start: carried}}]\n",
      kernel.catalog);
  const Trial trial(none, kernel.surroundings);
  CHECK_THROWS_WITH_AS(measure_weights(trial, trial.first_weights()),
                       "analysis 'spectrum': `start: carried` goes on where training left the "
                       "network, and this one was left nowhere; train it with `force`, or choose "
                       "another `start`",
                       Error);
}

TEST_CASE("force: the first 300 steps of a published network, and its leading exponents") {
  Kernel kernel;
  const TemporaryFolder folder;
  const ForceCase force(std::filesystem::path(LYAP_FORCE_DIR) / "force_seed10.safetensors");
  force.write_begin(folder / "begin.safetensors");
  force.write_end(folder / "end.safetensors");

  const Plan begin = force.plan(kernel.catalog, folder / "begin.safetensors", "{use: none}");
  const lyap::testing::Learned learned =
      lyap::testing::learn(Trial(begin, kernel.surroundings), 300, 2, 1);
  const std::vector<double> z = force.numbers("z_first");
  double worst = 0;
  for (Index t = 0; t < 300; ++t)
    worst = std::max(worst, std::abs(learned.outputs(0, t) - z[static_cast<std::size_t>(t)]));
  CHECK(worst < 1e-9);

  const Plan end = force.plan(kernel.catalog, folder / "end.safetensors", "{use: none}",
                              "[{use: spectrum, with: {sequences: 1, steps: 200, count: 6, loop: "
                              "closed, start: carried}}]");
  const Trial trial(end, kernel.surroundings);
  const auto measured = measure_weights(trial, trial.first_weights());
  const std::vector<double>& ours = measured.front().find("spectrum")->values;
  const std::vector<double> reference = force.numbers("le_frozen_200");
  REQUIRE(ours.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) CHECK(std::abs(ours[i] - reference[i]) < 1e-9);
}
