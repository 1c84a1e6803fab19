// tests/framework/model/weights_test.cpp - named tensors: precision, order of storage, checks.
#include "model/weights.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "base/error.hpp"

using namespace lyap::framework;

namespace {

std::vector<WeightShape> shapes() {
  return {{"cell.weight_hh_l0", "zeros", 2, 3}, {"readout.bias", "zeros", 2, 1}};
}

template <class Call>
std::string sentence(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing thrown";
}

const std::vector<NamedTensor> values = {
    {"cell.weight_hh_l0", LYAP_F64, {2, 3}, {1, 2, 3, 4, 5, 6}},
    {"readout.bias", LYAP_F64, {2}, {7, 0.1}}};

}  // namespace

TEST_CASE("tensors come row by row and are kept column by column") {
  Weights weights(shapes(), LYAP_F64);
  weights.assign(values, "x.safetensors");
  const double* data = static_cast<const double*>(weights[0].data);
  CHECK(std::vector<double>(data, data + 6) == std::vector<double>{1, 4, 2, 5, 3, 6});
  const std::vector<NamedTensor> back = weights.tensors();
  CHECK(back[0].values == values[0].values);
  CHECK(back[0].shape == values[0].shape);
  CHECK(back[1].shape == values[1].shape);
}

TEST_CASE("float32 and back rounds once, float64 does not round") {
  Weights weights(shapes(), LYAP_F64);
  weights.assign(values, "x");
  const Weights single = weights.as(LYAP_F32);
  CHECK(single.tensors()[1].values[1] == static_cast<double>(0.1f));
  CHECK(single.as(LYAP_F64).as(LYAP_F32).tensors()[1].values == single.tensors()[1].values);
  const Weights copied = weights;
  CHECK(copied.tensors()[1].values[1] == 0.1);
}

TEST_CASE("tensors that do not fit the network are refused with their names") {
  Weights weights(shapes(), LYAP_F32);
  auto tensors = values;
  tensors[1].name = "readout.bais";
  CHECK(sentence([&] { weights.assign(tensors, "net.safetensors"); }) ==
        "net.safetensors: the network has no tensor 'readout.bais'; did you mean 'readout.bias'?");
  tensors = {values[0]};
  CHECK(sentence([&] { weights.assign(tensors, "net.safetensors"); }) ==
        "net.safetensors: the tensor 'readout.bias' is missing");
  tensors = values;
  tensors[0].shape = {3, 2};
  CHECK(sentence([&] { weights.assign(tensors, "net.safetensors"); }) ==
        "net.safetensors: 'cell.weight_hh_l0' has the shape [3, 2], the network needs [2, 3]");
  tensors = values;
  tensors[0].values[4] = std::numeric_limits<double>::quiet_NaN();
  CHECK(sentence([&] { weights.assign(tensors, "net.safetensors"); }) ==
        "net.safetensors: 'cell.weight_hh_l0' holds a number that is not finite, at index 4");
}

TEST_CASE("weights that went bad are found by name") {
  Weights weights(shapes(), LYAP_F32);
  weights.require_finite("training");
  static_cast<float*>(weights[0].data)[3] = std::numeric_limits<float>::infinity();
  CHECK(sentence([&] { weights.require_finite("training"); }) ==
        "training: 'cell.weight_hh_l0' holds a number that is not finite in column 1");
}
