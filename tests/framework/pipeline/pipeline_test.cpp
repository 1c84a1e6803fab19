// tests/framework/pipeline/pipeline_test.cpp - what pipeline files ask for, and what is refused.
#include "pipeline/pipeline.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "pipeline/mistakes.hpp"
#include "swept.hpp"

using namespace lyap::framework;

namespace {

using Which = Epochs::Which;

Pipeline example(const std::string& name, const std::vector<std::string>& presets = {},
                 const std::vector<std::string>& overrides = {}) {
  return parse(LYAP_SOURCE_DIR "/tests/framework/pipeline/files/" + name + ".yaml", presets,
               overrides);
}

Pipeline parsed(const std::string& text, const std::vector<std::string>& presets = {},
                const std::vector<std::string>& overrides = {}) {
  return parse(yaml(text), "folder/p.yaml", presets, overrides);
}

/// The mistakes of a text, a line each, without quoted lines and the count.
std::string mistakes(const std::string& text, const std::vector<std::string>& presets = {},
                     const std::vector<std::string>& overrides = {}) {
  std::string lines;
  try {
    parsed(text, presets, overrides);
  } catch (const MistakesError& error) {
    for (const Mistake& m : error.mistakes().list())
      lines += to_string(m.place) + ": " + m.sentence + "\n";
  }
  return lines;
}

const std::string least = "lyap: 1\ntrials:\n  task: digits\n  cell: lstm\n";

}  // namespace

TEST_CASE("the least pipeline is a version, a task and a cell") {
  const Pipeline p = parsed(least);
  CHECK(p.name == "p");
  CHECK(p.about == "");
  CHECK(p.seed == 1);
  CHECK(p.training == LYAP_F32);
  CHECK(p.analysis == LYAP_F64);
  CHECK(p.jacobian == "auto");
  CHECK(p.trials.task.use == "digits");
  CHECK(to_string(p.trials.task.place) == "p.yaml:3:9");
  CHECK(p.trials.cell.use == "lstm");
  CHECK(p.trials.cell.layers == 1);
  CHECK(p.trials.cell.readout.bias);
  CHECK(p.trials.sweep.is(Node::Kind::Null));
  CHECK_FALSE(p.trials.train);
  CHECK(p.trials.measure.empty());
  CHECK(p.study.empty());
}

TEST_CASE("everything a pipeline can say is read") {
  const Pipeline p = parsed(
      "lyap: 1\n"
      "name: n_1\n"
      "about: >\n  one\n  two\n"
      "seed: 18\n"
      "precision: {train: float64, analysis: float64}\n"
      "jacobian: differences\n"
      "plugins: [a/b, c]\n"
      "trials:\n"
      "  task: {use: char_rnn, with: {preset: p2}}\n"
      "  cell:\n"
      "    use: org.example.my-cell\n"
      "    layers: 2\n"
      "    with: {units: 64}\n"
      "    init: {weight_hh: \"uniform(-0.1, 0.1)\", bias_hh: zeros}\n"
      "    weights: {file: w.safetensors, rename: {\"lstm.\": \"\", fc.: readout.}}\n"
      "    readout: {bias: no, dropout: 0.1, init: {weight: zeros}}\n"
      "  train: {use: bptt, with: {epochs: 3}, checkpoints: every}\n"
      "  measure:\n"
      "    - spectrum\n"
      "    - {use: ftle, as: local, at: best, from: {start: spectrum.directions}}\n"
      "  record: {loss: train.validation_loss, top: local.exponent, early: 'local.exponent[0, 1]'}"
      "\n");
  CHECK(p.name == "n_1");
  CHECK(p.about == "one two");
  CHECK(p.seed == 18);
  CHECK(p.training == LYAP_F64);
  CHECK(p.jacobian == "differences");
  CHECK(p.plugins == std::vector<std::string>{"a/b", "c"});

  const CellRequest& cell = p.trials.cell;
  CHECK(cell.use == "org.example.my-cell");
  CHECK(cell.layers == 2);
  REQUIRE(cell.with.size() == 1);
  CHECK(cell.with[0].name == "units");
  CHECK(cell.with[0].value.text == "64");
  CHECK(to_string(cell.with[0].place) == "p.yaml:15:12");
  REQUIRE(cell.init.size() == 2);
  CHECK(cell.init[0].value.text == "uniform(-0.1, 0.1)");
  REQUIRE(cell.weights);
  CHECK(cell.weights->file == "w.safetensors");
  CHECK(cell.weights->rename[0] == std::pair<std::string, std::string>("lstm.", ""));
  CHECK(cell.weights->rename[1] == std::pair<std::string, std::string>("fc.", "readout."));
  CHECK_FALSE(cell.readout.bias);
  CHECK(cell.readout.dropout == 0.1);
  CHECK(cell.readout.init[0].name == "weight");

  REQUIRE(p.trials.train);
  CHECK(p.trials.train->checkpoints->which == Which::Every);
  REQUIRE(p.trials.measure.size() == 2);
  CHECK(p.trials.measure[0].as == "spectrum");
  CHECK_FALSE(p.trials.measure[0].at);
  CHECK(p.trials.measure[1].as == "local");
  CHECK(p.trials.measure[1].at->which == Which::Best);
  CHECK(p.trials.measure[1].from[0].port == "start");
  CHECK(p.trials.measure[1].from[0].source == "spectrum.directions");
  REQUIRE(p.trials.record.size() == 3);
  CHECK(p.trials.record[1].name == "top");
  CHECK(p.trials.record[1].expression == "local.exponent");
  CHECK_FALSE(p.trials.record[1].recorded.at);
  CHECK(p.trials.record[2].recorded.at->listed == std::vector<std::int64_t>{0, 1});
}

TEST_CASE("the FORCE sweep is read with its study") {
  const Pipeline p = example("force_aelle");
  CHECK(p.name == "force-aelle");
  CHECK(p.trials.sweep.find("draw")->find("count")->text == "120");
  CHECK(p.trials.cell.init[0].value.text == "sparse_normal(density=0.1, gain=$g)");
  REQUIRE(p.study.size() == 3);
  CHECK(p.study[1].as == "ae");
  CHECK(p.study[1].from.size() == 3);
  CHECK(p.study[2].with[1].value.children.size() == 4);
  CHECK(p.report.children.size() == 3);
}

TEST_CASE("the alignment and perturbation experiments are read") {
  const Pipeline alignment = example("smnist_alignment");
  CHECK(alignment.trials.train->checkpoints->listed == std::vector<std::int64_t>{0, 5});
  CHECK(alignment.trials.measure[1].at->which == Which::Listed);
  CHECK(alignment.trials.measure[1].with[1].value.is(Node::Kind::Map));
  const Pipeline perturbation = example("psmnist_perturbation");
  CHECK(perturbation.trials.measure[1].from[0].source == "ftle.r");
  CHECK(perturbation.trials.record[1].name == "difference");
}

TEST_CASE("a network of the user's own is read, and changed from outside") {
  const Pipeline p =
      example("my_lstm", {}, {"trials.cell.use=gru", "trials.measure.le.with.steps=9"});
  CHECK(p.trials.cell.use == "gru");
  CHECK(p.trials.cell.weights->rename.size() == 3);
  CHECK(p.trials.measure[0].with[1].value.text == "9");
}

TEST_CASE("our own pipelines are read with each of their presets") {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(LYAP_SOURCE_DIR "/data/pipelines")) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path().string());
    CHECK_NOTHROW(first_network(entry.path()));
    const Node root = read_yaml(entry.path());
    if (const Node* presets = root.find("presets"))
      for (const Node& preset : presets->children)
        CHECK_NOTHROW(first_network(entry.path(), {preset.key}));
    ++files;
  }
  CHECK(files > 0);
}

TEST_CASE("presets come first, overrides after them, the last one wins") {
  const std::string text = least + "seed: 2\npresets:\n  a: {seed: 3, name: x}\n  b: {seed: 4}\n";
  CHECK(parsed(text).seed == 2);
  CHECK(parsed(text, {"a"}).seed == 3);
  CHECK(parsed(text, {"b", "a"}).seed == 3);
  CHECK(parsed(text, {"a"}).name == "x");
  CHECK(parsed(text, {"a"}, {"seed=5", "seed=6"}).seed == 6);
}

TEST_CASE("a section without content is a section that is not there") {
  const Pipeline p = parsed(least + "  train:\n  measure:\nstudy:\nreport: ~\n");
  CHECK_FALSE(p.trials.train);
  CHECK(p.study.empty());
  CHECK_FALSE(parsed(least + "  train: bptt\n", {}, {"trials.train="}).trials.train);
}

TEST_CASE("all mistakes of a file are told at once, in order of the file") {
  const std::string text =
      "lyap: 2\n"
      "nmae: x\n"
      "seed: -1\n"
      "precision: {train: float16}\n"
      "trials:\n"
      "  cell:\n"
      "    use: rank1\n"
      "    neurons: 512\n"
      "  measure:\n"
      "    - {use: ftle, as: f, from: {q: g.q}}\n"
      "    - {use: ftle, as: g}\n";
  CHECK(
      said([&] { parsed(text); }) ==
      "p.yaml:1:7: error: this is a file of version 2, this lyap reads version 1\n"
      "    1 | lyap: 2\n"
      "      |       ^\n"
      "p.yaml:2:1: error: the pipeline has no key 'nmae'; did you mean 'name'?\n"
      "    2 | nmae: x\n"
      "      | ^^^^\n"
      "p.yaml:3:7: error: 'seed' must be at least 0, got -1\n"
      "    3 | seed: -1\n"
      "      |       ^^\n"
      "p.yaml:4:20: error: 'train' is one of float32, float64; got 'float16'; did you mean "
      "'float32'?\n"
      "    4 | precision: {train: float16}\n"
      "      |                    ^^^^^^^\n"
      "p.yaml:5:1: error: 'trials' needs 'task'; add what the network has to do\n"
      "    5 | trials:\n"
      "      | ^^^^^^\n"
      "p.yaml:8:5: error: 'cell' has no key 'neurons'; it takes use, with, layers, init, weights, "
      "readout, and options of the plugin under 'with'\n"
      "    8 |     neurons: 512\n"
      "      |     ^^^^^^^\n"
      "p.yaml:10:36: error: 'g' is not above this step; a step uses what stands above it\n"
      "   10 |     - {use: ftle, as: f, from: {q: g.q}}\n"
      "      |                                    ^^^\n"
      "7 mistakes; nothing was run.");
}

TEST_CASE("what a pipeline may not say is refused, key by key") {
  const Refusal cases[] = {
      {"trials: {task: a, cell: b}\n",
       "p.yaml:1:1: the pipeline needs 'lyap'; add 'lyap: 1', the version of the file's format\n"},
      {"lyap: 1\n", "p.yaml:1:1: the pipeline needs 'trials'; add what is done for each network\n"},
      {"[lyap]\n", "p.yaml:1:1: the pipeline is a map (key: value), got a list\n"},
      {"lyap\n", "p.yaml:1:1: the pipeline is a map (key: value), got 'lyap'\n"},
      {"lyap: 1\ntrials: [a]\n", "p.yaml:2:9: 'trials' is a map (key: value), got a list\n"},
      {"lyap: 1\ntrials: {task: {with: {a: 1}}, cell: b}\n",
       "p.yaml:2:10: 'task' needs 'use'; add the id of a plugin; 'lyap plugins' lists them\n"},
      {"lyap: 1\ntrials: {task: a b, cell: [b]}\n",
       "p.yaml:2:16: 'use' takes the id of a plugin, got 'a b'\n"
       "p.yaml:2:27: 'cell' is a map (key: value), got a list\n"},
      {least + "name: a/b\n",
       "p.yaml:5:7: 'name' names a folder: at most 64 letters, digits, - _ and ., got 'a/b'\n"},
      {least + "about: [a]\n", "p.yaml:5:8: 'about' takes a text, got a list\n"},
      {least + "seed: 1.5\n", "p.yaml:5:7: 'seed' takes an integer, got '1.5'\n"},
      {least + "precision: {analysis: float32}\n",
       "p.yaml:5:23: 'analysis' must be float64; got 'float32'; did you mean 'float64'?\n"},
      {least + "jacobian: analytical\n",
       "p.yaml:5:11: 'jacobian' is one of auto, analytic, automatic, differences; got "
       "'analytical'; did you mean 'analytic'?\n"},
      {least + "plugins: here\n",
       "p.yaml:5:10: 'plugins' takes a list of words, got 'here'; write [here]\n"},
      {least + "report: {a: b}\n", "p.yaml:5:9: 'report' is a list of charts, got a map\n"},
      {least + "presets: {desk: 3}\n", "p.yaml:5:17: 'desk' is a map (key: value), got '3'\n"},
      {least + "  sweep: [1, 2]\n",
       "p.yaml:5:10: 'sweep' is a map (variable: values), got a list\n"},
      {least + "  train: {use: bptt, checkpoints: lats}\n",
       "p.yaml:5:35: 'checkpoints' takes every, last, best or a list of epochs such as [0, 5]; got "
       "'lats'; did you mean 'last'?\n"},
      {least + "  train: {use: bptt, checkpoints: [0, -1]}\n",
       "p.yaml:5:39: 'checkpoints' must be between 0 and 1000000000, got -1\n"},
      {least + "  train: {use: bptt, checkpoints: []}\n",
       "p.yaml:5:35: 'checkpoints' takes every, last, best or a list of epochs such as [0, 5]; got "
       "a list\n"},
      {least + "  train: {use: bptt, as: x}\n",
       "p.yaml:5:22: 'train' has no key 'as'; it takes use, with, checkpoints, and options of the "
       "plugin under 'with'\n"},
      {least + "  measure: {use: a}\n", "p.yaml:5:12: 'measure' is a list of steps, got a map\n"},
      {least + "  measure: [{use: a, att: 1}]\n",
       "p.yaml:5:22: a step of 'measure' has no key 'att'; did you mean 'at'?\n"},
      {least + "  measure: [{use: a, with: [1]}]\n",
       "p.yaml:5:28: 'with' is a map (key: value), got a list\n"},
      {least + "  measure: [{use: a, as: b.c}]\n",
       "p.yaml:5:26: a step's name has letters, digits and _ only, got 'b.c'\n"},
      {least + "  measure: [org.example.a]\n",
       "p.yaml:5:13: 'org.example.a' is no name for results; add a short one with 'as'\n"},
      {least + "  measure: [{use: a, as: train}]\n",
       "p.yaml:5:26: 'train' already names something else; give this step another name with "
       "'as'\n"},
      {least + "  measure: [spectrum, spectrum]\n",
       "p.yaml:5:23: another step is called 'spectrum' (at 5:13); give one of them another name "
       "with 'as'\n"},
      {least + "  measure: [{use: a, from: {q: [x]}}]\n",
       "p.yaml:5:32: 'q' takes a text, got a list\n"},
      {least + "  measure: [{use: a, from: {q: a.q}}]\n",
       "p.yaml:5:32: 'a' is not above this step; a step uses what stands above it\n"},
      {least + "  measure: [ftle, {use: b, from: {q: ftel.q}}]\n",
       "p.yaml:5:38: no step above is called 'ftel'; did you mean 'ftle'?\n"},
      {least + "  record: {g: $g, e: le.spectrum}\n",
       "p.yaml:5:15: 'sweep' has no variable 'g'\n"
       "p.yaml:5:22: no step of 'trials' is called 'le'\n"},
      {least +
           "  measure: [a]\n  record: {x: a.x}\nstudy: [{use: b, from: {p: trials.y, q: a.x}}]\n",
       "p.yaml:7:28: 'record' has no column 'y'; it has x\n"
       "p.yaml:7:41: 'a.x' belongs to one network; record it as a column and use trials.COLUMN\n"},
      {least + "  record: {a b: cell.parameters, point: cell.parameters, c: 'a + b'}\n",
       "p.yaml:5:12: a column's name has letters, digits and _ only, got 'a b'\n"
       "p.yaml:5:34: 'point' already names something else in the table; give this column another "
       "name\n"
       "p.yaml:5:61: a column is $VARIABLE, train.FIGURE or STEP.RESULT, with [every] or [0, 1, 5] "
       "behind it for several epochs; got 'a + b'\n"},
      {least + "study: [{use: a, at: every}]\n",
       "p.yaml:5:18: a step of 'study' has no key 'at'; did you mean 'as'?\n"},
  };
  for (const Refusal& refusal : cases) {
    CAPTURE(refusal.text);
    CHECK(mistakes(refusal.text) == refusal.sentence);
  }
}

TEST_CASE("what a cell may not say is refused, key by key") {
  const Refusal cases[] = {
      {"layers: 0", "'layers' must be between 1 and 1000, got 0"},
      {"layers: two", "'layers' takes an integer, got 'two'"},
      {"init: {w: [1]}", "'w' takes an initialiser such as xavier_normal, got a list"},
      {"init: {w: glorot}",
       "initialiser 'glorot': there is no 'glorot'; the known ones are zeros, ones, constant, "
       "identity, uniform, normal, xavier_uniform, xavier_normal, kaiming_uniform, "
       "kaiming_normal, orthogonal, sparse_normal, householder, henaff, cayley"},
      {"init: {w: normal(std=-1)}",
       "initialiser 'normal(std=-1)': std = -1 is outside 0 .. 1.7976931348623157e+308"},
      {"init: {w: uniform(-1, 1)}",
       "the comma before '1)' ends a value inside { }; put the initialiser in quotes"},
      {"weights: {rename: {a: b}}", "'weights' needs 'file'; add a safetensors file"},
      {"weights: x.safetensors", "'weights' is a map (key: value), got 'x.safetensors'"},
      {"weights: {file: x, renam: {}}", "'weights' has no key 'renam'; did you mean 'rename'?"},
      {"readout: {dropout: 1}", "'dropout' must be between 0 and 0.99, got 1"},
      {"readout: {bias: 2}", "'bias' takes true or false, got '2'"},
      {"lairs: 3", "'cell' has no key 'lairs'; did you mean 'layers'?"},
  };
  for (const Refusal& refusal : cases) {
    CAPTURE(refusal.text);
    try {
      parsed(std::string("lyap: 1\ntrials:\n  task: digits\n  cell: {use: lstm, ") + refusal.text +
             "}\n");
      FAIL("accepted");
    } catch (const MistakesError& error) {
      REQUIRE(error.mistakes().size() == 1);
      CHECK(error.mistakes().list()[0].sentence == refusal.sentence);
    }
  }
}

TEST_CASE("mistakes of presets and overrides are told with those of the file") {
  CHECK(
      mistakes(least + "seed: x\npresets: {desk: {trials.cell.layers: two}}\n", {"desk"},
               {"jacobian=auot", "trails.x.y=1"}) ==
      "-s trails.x.y=1: the pipeline has no 'trails'; did you mean 'trials'?\n"
      "p.yaml:5:7: 'seed' takes an integer, got 'x'\n"
      "-s jacobian=auot: 'jacobian' is one of auto, analytic, automatic, differences; got 'auot'; "
      "did you mean 'auto'?\n"
      "p.yaml:6:38: 'layers' takes an integer, got 'two'\n");
  CHECK(mistakes(least, {}, {"seeed=1"}) ==
        "-s seeed=1: the pipeline has no key 'seeed'; did you mean 'seed'?\n");
}
