// tests/framework/model/network_test.cpp - shapes, names and first values of stacked networks.
#include "model/network.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "leaky_cell.hpp"

using namespace lyap::framework;

namespace {

const lyap_cell_ops cell_ops = leaky::ops();

template <class Call>
std::string sentence(Call&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("a stack has its parts summed over layers and its tensors named by layer") {
  const lyap_value units = leaky::units(4);
  const Network network("leaky", cell_ops, {&units, 1}, 3, 2, {5, true});
  const lyap_model_shape& shape = network.shape();
  CHECK(shape.state == 16);
  CHECK(shape.hidden == 8);
  CHECK(shape.part_count == 2);
  CHECK(std::string(shape.parts[1].name) == "c");
  CHECK(shape.parts[1].rows == 8);
  CHECK(shape.outputs == 5);
  CHECK(shape.derivative == LYAP_ANALYTIC);
  REQUIRE(shape.weight_count == 10);
  CHECK(std::string(shape.weights[0].name) == "cell.weight_ih_l0");
  CHECK(shape.weights[0].cols == 3);
  CHECK(std::string(shape.weights[4].name) == "cell.weight_ih_l1");
  CHECK(shape.weights[4].cols == 4);
  CHECK(std::string(shape.weights[8].name) == "readout.weight");
  CHECK(std::string(shape.weights[8].init) == "uniform(0.5)");
  CHECK(shape.weights[9].rows == 5);
}

TEST_CASE("the state is ordered by part, then by layer") {
  const lyap_value units = leaky::units(2);
  const Network network("leaky", cell_ops, {&units, 1}, 1, 2, {});
  const std::vector<double> state{0, 1, 2, 3, 4, 5, 6, 7};  // h of 1, h of 2, c of 1, c of 2
  std::vector<double> second(4);
  network.order().gather(LYAP_FULL_STATE, 1, {state.data(), 8, 1, 8, LYAP_F64, 0},
                         {second.data(), 4, 1, 4, LYAP_F64, 0});
  CHECK(second == std::vector<double>{2, 3, 6, 7});
  network.order().gather(LYAP_HIDDEN_STATE, 1, {state.data(), 4, 1, 4, LYAP_F64, 0},
                         {second.data(), 4, 1, 4, LYAP_F64, 0});
  CHECK(second == std::vector<double>{2, 3, 0, 0});
}

TEST_CASE("the most precise initialiser wins, and every tensor has its own stream") {
  const lyap_value units = leaky::units(3);
  const Network network("leaky", cell_ops, {&units, 1}, 3, 2, {2, true});
  const Weights weights = network.initialise(
      1, {{"weight_hh", "constant(1)"}, {"weight_hh_l1", "constant(2)"}, {"readout.bias", "ones"}});
  const auto tensors = weights.tensors();
  CHECK(tensors[1].values == std::vector<double>(9, 1.0));
  CHECK(tensors[5].values == std::vector<double>(9, 2.0));
  CHECK(tensors[9].values == std::vector<double>(2, 1.0));
  CHECK(tensors[0].values != tensors[4].values);
  // What one tensor gets does not depend on the initialisers of the others.
  CHECK(network.initialise(1, {}).tensors()[0].values == tensors[0].values);
  CHECK(network.initialise(2, {}).tensors()[0].values != tensors[0].values);
}

TEST_CASE(
    "'matrices' are all of a cell's but vectors and readout, where nothing more precise is said") {
  const lyap_value units = leaky::units(3);
  const Network network("leaky", cell_ops, {&units, 1}, 3, 2, {2, true});
  const auto tensors_of = [&](const std::map<std::string, std::string>& specs) {
    return network.initialise(1, specs).tensors();
  };
  const auto all = [](const std::vector<NamedTensor>& tensors, std::size_t i, double value) {
    return tensors[i].values == std::vector<double>(tensors[i].values.size(), value);
  };
  const auto own = tensors_of({}), said = tensors_of({{"matrices", "constant(3)"}});
  for (std::size_t i = 0; i < own.size(); ++i) {
    CAPTURE(network.weight_shapes()[i].name);
    const bool of_cell = i < 8;
    if (of_cell && network.weight_shapes()[i].cols > 1)
      CHECK(all(said, i, 3));
    else
      CHECK(said[i].values == own[i].values);
  }
  const auto precise = tensors_of({{"matrices", "constant(3)"},
                                   {"weight_hh", "constant(1)"},
                                   {"weight_hh_l1", "constant(2)"},
                                   {"cell.weight_ih_l1", "constant(4)"},
                                   {"weight_ih_l1", "constant(5)"}});
  CHECK(all(precise, 0, 3));  // weight_ih_l0
  CHECK(all(precise, 1, 1));  // weight_hh_l0
  CHECK(all(precise, 4, 4));
  CHECK(all(precise, 5, 2));
}

TEST_CASE("what a network cannot be made from is said in one sentence") {
  const lyap_value none = leaky::units(0), units = leaky::units(3);
  CHECK(sentence([&] {
          Network("leaky", cell_ops, {&none, 1}, 3, 1, {});
        }) == "cell 'leaky': 'units' must be at least 1");
  CHECK(sentence([&] {
          Network("leaky", cell_ops, {&units, 1}, 3, 0, {});
        }) == "cell 'leaky': a network has at least one layer, not 0");
  const Network network("leaky", cell_ops, {&units, 1}, 3, 1, {});
  CHECK(sentence([&] {
          network.initialise(1, {{"weight_hi", "zeros"}});
        }) == "cell 'leaky' has no weight 'weight_hi'; did you mean 'weight_ih'?");
  CHECK(sentence([&] { network.readout_weight(); }) ==
        "this network has no readout, so it has no output and no loss");
}
