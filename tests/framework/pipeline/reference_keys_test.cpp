// tests/framework/pipeline/reference_keys_test.cpp - the reference page tells the keys that are
// read.
#include "pipeline/reference_keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/mistakes.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/sweep.hpp"
#include "swept.hpp"

using namespace lyap::framework;

namespace {

/// A file with a key that means nothing in every map.
constexpr const char* strange_keys = R"(
lyap: 1
zzzzzz: 0
precision: {zzzzzz: 0}
trials:
  zzzzzz: 0
  sampling: {zzzzzz: 0}
  task: {use: digits, zzzzzz: 0}
  cell: {use: lstm, zzzzzz: 0, weights: {file: w, zzzzzz: 0}, readout: {zzzzzz: 0}}
  train: {use: bptt, zzzzzz: 0}
  measure: [{use: spectrum, zzzzzz: 0}]
study: [{use: embed, zzzzzz: 0}]
)";

/// What the reader says about them: "'cell' has no key 'zzzzzz'; it takes use, with, ...".
std::vector<std::string> sentences() {
  Mistakes mistakes;
  const Node tree = yaml(strange_keys);
  const Pipeline pipeline = read_pipeline(tree, "p.yaml", mistakes);
  Sweep::read(pipeline.trials.sweep, pipeline.trials.sampling, 1, mistakes);
  std::vector<std::string> all;
  for (const Mistake& mistake : mistakes.list()) all.push_back(mistake.sentence);
  return all;
}

}  // namespace

TEST_CASE("the reference page tells exactly the keys that a pipeline file may have") {
  const std::vector<std::string> said = sentences();
  CHECK(said.size() == reference_maps().size());
  for (const ReferenceMap& map : reference_maps()) {
    std::vector<std::string> keys;
    for (const ReferenceKey& key : map.keys) keys.emplace_back(key.key);
    std::string sentence = std::string(map.map) + " has no key 'zzzzzz'; it takes " + join(keys);
    if (std::find(keys.begin(), keys.end(), "with") != keys.end())
      sentence += ", and options of the plugin under 'with'";
    CAPTURE(sentence);
    CHECK(std::find(said.begin(), said.end(), sentence) != said.end());
  }
}
