// tests/framework/sweep/configuration_test.cpp - what networks depend on, and how two sweeps
// differ.
#include "sweep/configuration.hpp"

#include <doctest/doctest.h>

#include "../pipeline/said.hpp"

using namespace lyap::framework;

namespace {

using Configuration = std::map<std::string, std::string>;

Configuration configuration(const std::string& text) {
  return configuration_of(yaml(text));
}

}  // namespace

TEST_CASE("configuration: every value of a network by its path, as overrides name it") {
  CHECK(
      configuration("lyap: 1\n"
                    "name: n\nabout: a\nreport: []\npresets: {desk: {seed: 3}}\n"
                    "study: [{use: split}]\n"
                    "seed: 2\n"
                    "trials:\n"
                    "  cell: {use: lstm, with: {units: 64, bias: ~}}\n"
                    "  measure: [{use: spectrum, as: le, at: [0, 5]}, ftle, {use: gradient}]\n") ==
      Configuration{{"lyap", "1"},
                    {"seed", "2"},
                    {"trials.cell.use", "lstm"},
                    {"trials.cell.with.bias", "nothing"},
                    {"trials.cell.with.units", "64"},
                    {"trials.measure.1", "ftle"},
                    {"trials.measure.gradient.use", "gradient"},
                    {"trials.measure.le.as", "le"},
                    {"trials.measure.le.at.0", "0"},
                    {"trials.measure.le.at.1", "5"},
                    {"trials.measure.le.use", "spectrum"}});
}

TEST_CASE("configuration: what can be said in two ways is the same, whatever the order") {
  CHECK(configuration("seed: 1\ntrials: {task: a, cell: {use: b, layers: 2}}\n") ==
        configuration("trials:\n  cell:\n    layers: \"2\"\n    use: b\n  task: 'a'\nseed: 1\n"));
  CHECK(configuration("trials: {task: a}\n") != configuration("trials: {task: b}\n"));
}

TEST_CASE("configuration: differences are told a line each, also where one side says nothing") {
  const Configuration there =
                          configuration("seed: 1\ntrials: {task: a, cell: {with: {units: 64}}}\n"),
                      here = configuration(
                          "trials: {task: a, cell: {with: {units: 128}}}\n"
                          "jacobian: auto\n");
  CHECK(differences(there, here) ==
        "\n  jacobian: not given there, auto here"
        "\n  seed: 1 there, not given here"
        "\n  trials.cell.with.units: 64 there, 128 here");
  CHECK(differences(there, there) == "");
}
