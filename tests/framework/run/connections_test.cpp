// tests/framework/run/connections_test.cpp - results of one measure at the ports of another.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/read_yaml.hpp"

using namespace lyap::framework;

namespace {

/// A pipeline with these measures, resolved.
Plan planned(const std::string& measures) {
  static const Catalog catalog({LYAP_PLUGIN_DIR});
  const std::string text =
      "lyap: 1\ntrials:\n  task: {use: digits, with: {train: 20, test: 6}}\n  cell: rnn\n"
      "  train: bptt\n  measure:\n" +
      measures;
  const auto source = std::make_shared<Source>(Source{"p.yaml", text, ""});
  return resolve(parse(parse_yaml(source), "p.yaml"), catalog);
}

/// The first line of what is said about it.
std::string said(const std::string& measures) {
  try {
    planned(measures);
  } catch (const InputError& e) {
    const std::string all = e.what();
    return all.substr(0, all.find('\n'));
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a port is connected to a result of a measure above that has its axes and unit") {
  const Plan plan = planned(
      "    - {use: perturbation, as: first}\n"
      "    - {use: perturbation, as: again, from: {score: first.r}}\n");
  REQUIRE(plan.measures[1].inputs.size() == 1);
  CHECK(plan.measures[1].inputs[0].port == "score");
  CHECK(plan.measures[1].inputs[0].measure == "first");
  CHECK(plan.measures[1].inputs[0].result == "r");
}

TEST_CASE("connections that cannot be made are refused, each with its reason") {
  const std::string first = "    - {use: spectrum, as: le}\n";
  CHECK(said(first + "    - {use: spectrum, as: b, from: {start: le.spectrum}}\n") ==
        "p.yaml:8:44: error: port 'start' takes state[sequence, unit], and 'le.spectrum' is "
        "exponent[index] nats/step");
  CHECK(said(first + "    - {use: spectrum, as: b, from: {start: le}}\n") ==
        "p.yaml:8:44: error: port 'start' takes a result of a measure above, written "
        "MEASURE.RESULT; got 'le'");
  CHECK(said(first + "    - {use: spectrum, as: b, from: {start: train.loss}}\n") ==
        "p.yaml:8:44: error: port 'start' takes a result of a measure above, written "
        "MEASURE.RESULT; got 'train.loss'");
  CHECK(said(first + "    - {use: spectrum, as: b, from: {stat: le.spectrum}}\n") ==
        "p.yaml:8:37: error: analysis 'spectrum' has no port 'stat'; did you mean 'start'?");
  CHECK(said("    - {use: perturbation, as: a, at: every}\n"
             "    - {use: perturbation, as: b, from: {score: a.r}}\n") ==
        "p.yaml:8:48: error: 'a' is measured at other epochs than 'b'; give both the same 'at'");
}
