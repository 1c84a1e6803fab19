// tests/plugins/alignment/recurrent_weight_test.cpp - which matrix is meant, in every cell.
#include "alignment/recurrent_weight.hpp"

#include <doctest/doctest.h>

#include "small_pipeline.hpp"

using namespace alignment_test;
using lyap::alignment::Recurrent;
using lyap::alignment::recurrent_of;

namespace {

Recurrent of(const std::string& cell, Index layer = 1, const std::string& weight = "auto") {
  const Case small(cell, "");
  return recurrent_of(small.trial.network().shape(), layer, weight);
}

}  // namespace

TEST_CASE("auto finds the matrix from hidden to hidden in every cell that has one") {
  struct Cell {
    const char *cell, *weight;
    Index gates;
  };
  for (const Cell& c :
       {Cell{"rnn, with: {units: 6}", "weight_hh", 1},
        Cell{"lstm, with: {units: 6}", "weight_hh", 4},
        Cell{"gru, with: {units: 6}", "weight_hh", 3},
        Cell{"asrnn, with: {units: 6}", "weight_W", 1},
        Cell{"asrnn, with: {units: 6, variant: gated}", "weight_W", 1},
        Cell{"cornn, with: {units: 6}", "weight_y", 1},
        Cell{"lem, with: {units: 6}", "hid2hid.weight", 3},
        Cell{"ornn, with: {units: 6, param: init}", "weight_hh", 1},
        Cell{"ornn, with: {units: 6}", "", 1},
        Cell{"ornn, with: {units: 6, param: factorized}", "", 1},
        Cell{"nnrnn, with: {units: 6}", "", 1}, Cell{"rank1, with: {units: 6}", "", 1},
        Cell{"lipschitz, with: {units: 6}", "", 1}, Cell{"noisy, with: {units: 6}", "", 1}}) {
    CAPTURE(std::string(c.cell));
    for (const Index layer : {1, 2}) {
      // 7 inputs in the first layer, 6 in the second: there the input weights are square too.
      const Recurrent r = of(std::string("{use: ") + c.cell + ", layers: 2}", layer);
      const std::string suffix = "_l" + std::to_string(layer - 1);
      CHECK(r.name == (*c.weight ? "cell." + std::string(c.weight) + suffix : "state"));
      CHECK(r.weight.has_value() == (*c.weight != 0));
      CHECK(r.chosen);
      CHECK(r.gates == c.gates);
      CHECK(r.units == 6);
      CHECK(r.row == 6 * (layer - 1));
    }
  }
}

TEST_CASE("auto takes no input weight, though it has as many columns as there are units") {
  CHECK(of("{use: lstm, with: {units: 7}}").name == "cell.weight_hh_l0");
  CHECK(of("{use: cornn, with: {units: 7}}").name == "cell.weight_y_l0");
  CHECK(of("{use: rank1, with: {units: 7}}").name == "state");
}

TEST_CASE("a weight is named with or without the cell and the layer") {
  const std::string cell = "{use: lipschitz, with: {units: 6}, layers: 2}";
  for (const char* name : {"C", "cell.C_l1", "C_l1"}) {
    const Recurrent r = of(cell, 2, name);
    CHECK(r.name == "cell.C_l1");
    CHECK_FALSE(r.chosen);
  }
  CHECK(of(cell, 2, "state").name == "state");
  CHECK(of("{use: rank1, with: {units: 6}}", 1, "M").name == "cell.M_l0");
}

TEST_CASE("weights and layers that are not there are refused with what is there") {
  const auto sentence = [](const std::string& weight, Index layer = 1) {
    return refusal([&] { of("{use: lstm, with: {units: 6}, layers: 2}", layer, weight); });
  };
  CHECK(sentence("weight_h") ==
        "there is no weight 'weight_h' in layer 1; `weight` takes weight_hh, state or auto");
  CHECK(sentence("weight_h", 2) ==
        "there is no weight 'weight_h' in layer 2; `weight` takes weight_ih, weight_hh, state or "
        "auto");
  CHECK(sentence("weight_ih") ==
        "weight 'weight_ih' is 24 x 7, but a matrix applied to the hidden part of layer 1 has 6 "
        "columns and a multiple of 6 rows");
  CHECK(sentence("weight_hh_l1") ==
        "weight 'weight_hh_l1' is none of layer 1, whose hidden part is looked at; choose another "
        "`layer`");
  CHECK(sentence("readout.weight") ==
        "weight 'readout.weight' is none of layer 1, whose hidden part is looked at; choose "
        "another `layer`");
  CHECK(sentence("auto", 3) == "`layer` is 3, but the network has 2 layers");
}
