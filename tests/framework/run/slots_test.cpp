// tests/framework/run/slots_test.cpp - the memory of a trainer: kept, saved, taken back.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "run/checkpoint.hpp"

using namespace lyap::framework;

namespace {
template <class T>
T* numbers(const lyap_matrix& m) {
  return static_cast<T*>(m.data);
}
}  // namespace

TEST_CASE("slots: new ones are zero, old ones keep address and values") {
  Slots slots;
  const lyap_matrix first = slots.get("moment", 2, 3, LYAP_F32);
  for (int i = 0; i < 6; ++i) CHECK(numbers<float>(first)[i] == 0);
  numbers<float>(first)[4] = 2.5F;
  for (int i = 0; i < 100; ++i) slots.get("other " + std::to_string(i), 1, 1, LYAP_F64);
  const lyap_matrix again = slots.get("moment", 2, 3, LYAP_F32);
  CHECK(again.data == first.data);
  CHECK(numbers<float>(again)[4] == 2.5F);
  CHECK_THROWS_WITH_AS(slots.get("moment", 3, 2, LYAP_F32),
                       "the trainer's memory 'moment' has another shape in the checkpoint; it was "
                       "written with other options",
                       Error);
  CHECK_THROWS_AS(slots.get("moment", 2, 3, LYAP_F64), Error);
}

TEST_CASE("slots: a file gives back every bit, and only what is behind the prefix") {
  Slots slots;
  const lyap_matrix narrow = slots.get("narrow", 2, 3, LYAP_F32);
  const lyap_matrix wide = slots.get("wide", 1, 1, LYAP_F64);
  for (int i = 0; i < 6; ++i) numbers<float>(narrow)[i] = 0.1F * static_cast<float>(i);
  numbers<double>(wide)[0] = 1.0 / 3;
  TensorFile file;
  slots.put(file, "trainer.");
  CHECK(file.tensors.at("trainer.narrow").shape == std::vector<std::int64_t>{3, 2});
  file.tensors["weights.narrow"] = Tensor::of({1}, std::vector<double>{7});

  Slots taken;
  taken.take(file, "latest.safetensors", "trainer.");
  const lyap_matrix back = taken.get("narrow", 2, 3, LYAP_F32);
  for (int i = 0; i < 6; ++i) CHECK(numbers<float>(back)[i] == 0.1F * static_cast<float>(i));
  CHECK(numbers<double>(taken.get("wide", 1, 1, LYAP_F64))[0] == 1.0 / 3);
}

TEST_CASE("slots: what is no matrix of floats is refused") {
  TensorFile file;
  file.tensors["trainer.count"] = Tensor::of({2, 2}, std::vector<std::int64_t>{1, 2, 3, 4});
  Slots slots;
  CHECK_THROWS_WITH_AS(slots.take(file, "latest.safetensors", "trainer."),
                       "latest.safetensors: 'trainer.count' is no memory of a trainer (a matrix of "
                       "F32 or F64); start the run anew from its pipeline",
                       InputError);
}
