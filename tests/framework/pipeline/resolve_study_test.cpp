// tests/framework/pipeline/resolve_study_test.cpp - what studies are fed with, and what is refused.
#include "pipeline/resolve_study.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "swept.hpp"

using namespace lyap::framework;

namespace {

/// A pipeline of two measures, one at single epochs, with these columns and studies.
Plan planned(const std::string& study, const std::string& more_columns = "",
             const std::string& measure = "") {
  static const Catalog catalog({LYAP_PLUGIN_DIR});
  const std::string text =
      "lyap: 1\n"
      "trials:\n"
      "  sweep: {cell: [rnn, gru], network: {count: 2}}\n"
      "  task: digits\n"
      "  cell: {use: $cell, with: {units: 4}}\n"
      "  train: {use: bptt, with: {epochs: 3}}\n"
      "  measure: [{use: spectrum, as: le}, {use: spectrum, as: early, at: [0, 2]}" +
      measure +
      "]\n"
      "  record: {cell: $cell, loss: train.validation_loss, spectrum: le.spectrum, spectra: "
      "'early.spectrum[0, 2]', losses: 'train.validation_loss[0, 2]', history: le.history" +
      more_columns + "}\nstudy:\n" + study;
  Node tree = yaml(text);
  Mistakes mistakes;
  substitute(tree, {0, {{"cell", "rnn"}, {"network", "0"}}}, mistakes);
  const Pipeline pipeline = read_pipeline(tree, "p.yaml", mistakes);
  return resolve(pipeline, catalog, std::move(mistakes));
}

/// "line:column: sentence" of each mistake, a line each.
std::string refusal_of(const std::string& study, const std::string& more_columns = "",
                       const std::string& measure = "") {
  try {
    planned(study, more_columns, measure);
    return "";
  } catch (const MistakesError& error) {
    return lines(error.mistakes());
  }
}

Quantity quantity(const Plan& plan, const std::string& column) {
  for (const Column& c : plan.asked.trials.record)
    if (c.name == column) return quantity_of(c, plan);
  FAIL("no column");
  return {};
}

}  // namespace

TEST_CASE(
    "a column has the axes network, checkpoint where there are epochs, and those of a result") {
  const Plan plan = planned("  []\n",
                            ", seconds: le.seconds, training: train.seconds, each: "
                            "'train.seconds[every]', size: cell.parameters");
  CHECK(quantity(plan, "cell").text() == "cell[network]");
  CHECK(quantity(plan, "loss").text() == "loss[network]");
  CHECK(quantity(plan, "losses").text() == "losses[network, checkpoint]");
  CHECK(quantity(plan, "spectrum").text() == "spectrum[network, index] nats/step");
  CHECK(quantity(plan, "spectra").text() == "spectra[network, checkpoint, index] nats/step");
  CHECK(quantity(plan, "history").text() == "history[network, time, index] nats/step");
  CHECK(quantity(plan, "seconds").text() == "seconds[network] s");
  CHECK(quantity(plan, "training").text() == "training[network] s");
  CHECK(quantity(plan, "each").text() == "each[network, checkpoint] s");
  CHECK(quantity(plan, "size").text() == "size[network]");
}

TEST_CASE("studies take the table, its columns, their epochs, and results of studies above") {
  const Plan plan = planned(
      "  - {use: split, as: parts, from: {rows: trials, group: trials.cell}}\n"
      "  - {use: evolve, from: {spectra: trials.spectra, epoch: trials.spectra.epoch}}\n"
      "  - {use: embed, as: e, from: {table: trials.spectra, part: parts.part}}\n"
      "  - {use: correlate, from: {spectra: trials.spectrum, target: trials.loss}}\n");
  REQUIRE(plan.studies.size() == 4);
  const auto& rows = plan.studies[0].inputs[0];
  CHECK(rows.port == "rows");
  CHECK(rows.measure == "trials");
  CHECK(rows.result == "");
  const auto& epoch = plan.studies[1].inputs[1];
  CHECK(epoch.measure == "trials");
  CHECK(epoch.result == "spectra.epoch");
  const auto& part = plan.studies[2].inputs[1];
  CHECK(part.measure == "parts");
  CHECK(part.result == "part");
  const auto json = resolved(plan);
  CHECK(json["study"][0]["from"]["rows"] == "trials");
  CHECK(json["study"][1]["from"]["epoch"] == "trials.spectra.epoch");
  CHECK(json["study"][2]["as"] == "e");
}

TEST_CASE("seed and checkpoint are axes that a source may lack, index and network are not") {
  CHECK(refusal_of("  - {use: embed, from: {table: trials.spectrum}}\n") == "");
  CHECK(refusal_of("  - {use: embed, from: {table: trials.spectra}}\n") == "");
  CHECK(refusal_of("  - {use: embed, from: {table: trials.loss}}\n") ==
        "p.yaml:10:32: port 'table' takes value[seed, network, checkpoint, index], and "
        "'trials.loss' is loss[network]\n");
  CHECK(refusal_of("  - {use: split, from: {rows: trials.losses}}\n") ==
        "p.yaml:10:31: port 'rows' takes number[network], and 'trials.losses' is losses[network, "
        "checkpoint]\n");
  CHECK(
      refusal_of("  - {use: correlate, from: {spectra: trials.history, target: trials.loss}}\n") ==
      "p.yaml:10:38: port 'spectra' takes exponent[network, checkpoint, index] nats/step, and "
      "'trials.history' is history[network, time, index] nats/step\n");
}

TEST_CASE("a port with a unit takes that unit, one without takes every unit") {
  CHECK(refusal_of("  - {use: correlate, from: {spectra: trials.change, target: trials.seconds}}\n",
                   ", change: early.deviation, seconds: le.seconds") == "");
  CHECK(refusal_of(
            "  - {use: embed, from: {table: trials.spectrum}}\n"
            "  - {use: correlate, from: {spectra: embed.coordinate, target: trials.loss}}\n") ==
        "p.yaml:11:38: port 'spectra' takes exponent[network, checkpoint, index] nats/step, and "
        "'embed.coordinate' is coordinate[seed, network, checkpoint, component]\n");
  CHECK(refusal_of("  - {use: correlate, from: {spectra: trials.slope, target: trials.loss}}\n",
                   ", slope: f.slope", ", {use: ftle, as: f}") ==
        "p.yaml:10:38: port 'spectra' takes exponent[network, checkpoint, index] nats/step, and "
        "'trials.slope' is slope[network, index]\n");
}

TEST_CASE("what a study is fed with wrongly is refused, with what to do") {
  const Refusal cases[] = {
      {"  - {use: split, from: {row: trials}}\n",
       "p.yaml:10:25: analysis 'split' has no port 'row'; did you mean 'rows'?\n"
       "p.yaml:10:11: analysis 'split' needs number[network] at its port 'rows'; connect a column "
       "of the table, trials.COLUMN, or a result of a study above with 'from'\n"},
      {"  - split\n",
       "p.yaml:10:5: analysis 'split' needs number[network] at its port 'rows'; connect a column "
       "of "
       "the table, trials.COLUMN, or a result of a study above with 'from'\n"},
      {"  - {use: spectrum, as: again}\n",
       "p.yaml:10:11: analysis 'spectrum' measures one network; put it under trials.measure and "
       "record its results\n"},
      {"  - {use: split, with: {tarin: 0.5}, from: {rows: trials}}\n",
       "p.yaml:10:25: analysis 'split' has no option 'tarin'; did you mean 'train'?\n"},
      {"  - {use: split, as: parts, from: {rows: trials}}\n"
       "  - {use: embed, from: {table: trials.spectrum, part: parts.prat}}\n",
       "p.yaml:11:55: 'parts.prat' is not a result of 'split'; it gives part\n"},
      {"  - {use: split, from: {rows: trials.loss.epoch}}\n",
       "p.yaml:10:31: of a column there is trials.loss, and trials.loss.epoch when it is recorded "
       "at several epochs; got 'trials.loss.epoch'\n"},
      {"  - {use: split, from: {rows: trials.losses.epochs}}\n",
       "p.yaml:10:31: of a column there is trials.losses, and trials.losses.epoch when it is "
       "recorded at several epochs; got 'trials.losses.epochs'\n"},
      {"  - {use: split, from: {rows: trials.los}}\n",
       "p.yaml:10:31: 'record' has no column 'los'; did you mean 'loss'?\n"},
      {"  - {use: split, from: {rows: le.spectrum}}\n",
       "p.yaml:10:31: 'le.spectrum' belongs to one network; record it as a column and use "
       "trials.COLUMN\n"},
      {"  - {use: split, from: {rows: parts.part}}\n",
       "p.yaml:10:31: no step above is called 'parts'\n"},
      {"  - {use: split, as: parts, from: {rows: parts.part}}\n",
       "p.yaml:10:42: 'parts' is not above this step; a step uses what stands above it\n"},
  };
  for (const Refusal& refusal : cases) {
    CAPTURE(refusal.text);
    CHECK(refusal_of(refusal.text) == refusal.sentence);
  }
}

TEST_CASE("a study that is not there is refused with the nearest name") {
  CHECK(refusal_of("  - {use: splti, from: {rows: trials}}\n")
            .starts_with("p.yaml:10:11: there is no analysis 'splti'; did you mean 'split'? The "
                         "analyses here are "));
}

TEST_CASE("a study is no measure") {
  CHECK(refusal_of("  []\n", "", ", {use: split, from: {rows: le.spectrum}}") ==
        "p.yaml:7:84: analysis 'split' works on the table of all networks, not on one; put it "
        "under 'study'\n");
}

TEST_CASE("epochs that are recorded must be measured") {
  CHECK(refusal_of("  []\n", ", x: 'early.spectrum[2, 3]'") ==
        "p.yaml:8:173: 'early' is not measured at epoch 3; add it to its 'at'\n");
  CHECK(refusal_of("  []\n", ", x: 'le.spectrum[0]'") ==
        "p.yaml:8:173: 'le' is not measured at epoch 0; add it to its 'at'\n");
  CHECK(refusal_of("  []\n", ", x: 'all.spectrum[0, 3]'",
                   ", {use: spectrum, as: all, at: every}") == "");
  CHECK(refusal_of("  []\n", ", x: 'early.spectrum[every]', y: le.spectrm") ==
        "p.yaml:8:201: 'le.spectrm' is not a result of 'spectrum'; it gives spectrum, "
        "per_sequence, deviation, lower, upper, dead, history, history_steps, sum, log_det, "
        "positive_sum, kaplan_yorke\n");
}
