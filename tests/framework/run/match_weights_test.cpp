// tests/framework/run/match_weights_test.cpp - which tensor of somebody's file is which weight.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "run/import_weights.hpp"

using namespace lyap::framework;

namespace {

WeightShape weight(const std::string& name, std::int64_t rows, std::int64_t cols) {
  WeightShape shape;
  shape.name = name;
  shape.rows = rows;
  shape.cols = cols;
  return shape;
}

/// A cell of three units with two inputs and a readout to five classes.
const std::vector<WeightShape> wanted{
    weight("cell.weight_ih_l0", 3, 2), weight("cell.weight_hh_l0", 3, 3),
    weight("cell.bias_l0", 3, 1), weight("readout.weight", 5, 3), weight("readout.bias", 5, 1)};

void add(TensorFile& file, const std::string& name, std::vector<std::int64_t> shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  file.tensors[name] =
      Tensor::of(std::move(shape), std::vector<double>(static_cast<std::size_t>(count)));
}

TensorFile network(const std::string& prefix, const std::string& layer = "_l0") {
  TensorFile file;
  add(file, prefix + "weight_ih" + layer, {3, 2});
  add(file, prefix + "weight_hh" + layer, {3, 3});
  add(file, prefix + "bias" + layer, {3});
  add(file, "fc.weight", {5, 3});
  add(file, "fc.bias", {5});
  return file;
}

}  // namespace

TEST_CASE("match weights: any prefix, with or without the layer, and the readout by its shape") {
  for (const std::string prefix : {"", "rnn.", "module.encoder.lstm."})
    for (const std::string layer : {"_l0", ""}) {
      CAPTURE(prefix + layer);
      const Matched matched = match_weights(wanted, network(prefix, layer), {});
      CHECK(matched.missing.empty());
      CHECK(matched.ignored.empty());
      CHECK(matched.theirs.at("cell.weight_hh_l0") == prefix + "weight_hh" + layer);
      CHECK(matched.theirs.at("readout.weight") == "fc.weight");
      CHECK(matched.theirs.at("readout.bias") == "fc.bias");
    }
}

TEST_CASE("match weights: strangers are ignored by name, the first missing weight is told") {
  TensorFile file = network("rnn.");
  add(file, "norm.mean", {4});
  CHECK(match_weights(wanted, file, {}).ignored == std::vector<std::string>{"norm.mean"});
  file.tensors.erase("rnn.bias_l0");
  CHECK(match_weights(wanted, file, {}).missing == "cell.bias_l0");
}

TEST_CASE("match weights: two matrices of the readout's shape are not guessed between") {
  TensorFile file = network("rnn.");
  add(file, "head.weight", {5, 3});
  CHECK(match_weights(wanted, file, {}).missing == "readout.weight");
  CHECK(match_weights(wanted, file, {{"head.", "readout."}}).theirs.at("readout.weight") ==
        "head.weight");
}

TEST_CASE("match weights: several networks in one file are told, and a rename chooses") {
  TensorFile file = network("encoder.");
  for (const auto& [name, tensor] : network("decoder.").tensors) file.tensors[name] = tensor;
  const Matched both = match_weights(wanted, file, {});
  CHECK(both.prefixes == std::vector<std::string>{"decoder.", "encoder."});
  CHECK_THROWS_WITH_AS(require_one_network(both, "two.safetensors"),
                       "two.safetensors: it holds several networks of this shape, behind "
                       "'decoder.', 'encoder.'; choose one in a pipeline with `weights: {file, "
                       "rename: {encoder.: cell.}}`",
                       InputError);
  const Matched one = match_weights(wanted, file, {{"encoder.", "cell."}});
  CHECK(one.prefixes.empty());
  CHECK(one.theirs.at("cell.weight_ih_l0") == "encoder.weight_ih_l0");
  CHECK_NOTHROW(require_one_network(one, "two.safetensors"));
}
