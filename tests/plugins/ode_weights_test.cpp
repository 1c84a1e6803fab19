// tests/plugins/ode_weights_test.cpp - tensors of the ode cells: names, shapes, first values.
#include <doctest/doctest.h>

#include "ode_cells.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

/// "name rows x cols init", one a tensor, of a cell of four units with three inputs.
template <class C>
std::vector<std::string> tensors(Given with = {}) {
  with["units"] = "4";
  const Options options = options_of<C>();
  const Chosen chosen(options, with);
  const C cell(Values(chosen.values().data(), static_cast<std::uint32_t>(chosen.values().size())),
               3);
  std::vector<std::string> all;
  for (const lyap_weight& w : cell.layout.weights())
    all.push_back(std::string(w.name) + " " + std::to_string(w.rows) + " x " +
                  std::to_string(w.cols) + " " + w.init);
  return all;
}

using Lines = std::vector<std::string>;
const std::string by_inputs = cells::linear_init(3);

}  // namespace

TEST_CASE("initialisers are spelt with all digits of their numbers") {
  CHECK(cells::linear_init(64) == "uniform(-0.125, 0.125)");
  CHECK(cells::linear_init(3) == "uniform(-0.5773502691896258, 0.5773502691896258)");
  CHECK(cells::normal_init(0.025) == "normal(0, 0.025)");
}

TEST_CASE("asrnn: variances 1/N and 1/I, biases zero, the gate open, and no tensor without a use") {
  const std::string input = " 4 x 3 normal(0, 0.5773502691896258)";
  CHECK(tensors<cells::Asrnn>() ==
        Lines{"weight_W 4 x 4 normal(0, 0.5)", "weight_ih" + input, "bias 4 x 1 zeros"});
  CHECK(tensors<cells::Asrnn>({{"variant", "gated"}, {"bias", "one"}}) ==
        Lines{"weight_W 4 x 4 normal(0, 0.5)", "weight_ih" + input, "bias 4 x 1 zeros",
              "weight_iz" + input, "bias_z 4 x 1 ones"});
  CHECK(tensors<cells::Asrnn>({{"variant", "gated"}, {"bias", "none"}}) ==
        Lines{"weight_W 4 x 4 normal(0, 0.5)", "weight_ih" + input, "weight_iz" + input});
}

TEST_CASE("cornn: PyTorch's linear layer of (x, z, y), in parts") {
  const std::string init = cells::linear_init(3 + 4 + 4);
  CHECK(tensors<cells::Cornn>() == Lines{"weight_ih 4 x 3 " + init, "weight_z 4 x 4 " + init,
                                         "weight_y 4 x 4 " + init, "bias 4 x 1 " + init});
}

TEST_CASE("lipschitz and noisy: standard deviation 0.1 / N, input maps as linear layers") {
  const Lines shared{"B 4 x 4 normal(0, 0.025)", "C 4 x 4 normal(0, 0.025)",
                     "E_in 4 x 3 " + by_inputs, "b_in 4 x 1 " + by_inputs};
  const auto with = [&](const Lines& more) {
    Lines all = shared;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  CHECK(tensors<cells::Lipschitz>() == shared);
  CHECK(tensors<cells::Lipschitz>(Given{{"gated", "true"}}) ==
        with({"E_g 4 x 3 " + by_inputs, "b_g 4 x 1 " + by_inputs}));
  CHECK(tensors<cells::Noisy>() == shared);
  CHECK(tensors<cells::Noisy>({{"noise", "repository"}, {"epsilon", "0.05"}}) ==
        with({"d 4 x 1 constant(0.05)"}));
}

TEST_CASE("lem: the three linear layers of the authors' code, all U(-1/sqrt(N), 1/sqrt(N))") {
  const std::string init = " uniform(-0.5, 0.5)";
  CHECK(tensors<cells::Lem>() == Lines{"inp2hid.weight 16 x 3" + init, "inp2hid.bias 16 x 1" + init,
                                       "hid2hid.weight 12 x 4" + init, "hid2hid.bias 12 x 1" + init,
                                       "transform_z.weight 4 x 4" + init,
                                       "transform_z.bias 4 x 1" + init});
}
