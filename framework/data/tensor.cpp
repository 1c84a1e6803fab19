// framework/data/tensor.cpp - numbers of any stored type with a shape, kept as they are stored.
#include "data/tensor.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/error.hpp"
#include "data/half.hpp"

namespace lyap::framework {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they are stored");

struct Dtype {
  std::string_view name;
  std::int64_t width;  // bytes
};
constexpr std::array<Dtype, 8> dtypes = {{{"F64", 8},
                                          {"F32", 4},
                                          {"F16", 2},
                                          {"BF16", 2},
                                          {"I64", 8},
                                          {"I32", 4},
                                          {"U8", 1},
                                          {"BOOL", 1}}};

template <class Number>
Number element(const Tensor& tensor, std::int64_t index) {
  Number number;
  std::memcpy(&number, tensor.bytes.data() + index * std::int64_t{sizeof number}, sizeof number);
  return number;
}

// Calls visit(i, element) with every element in its own type; half floats come as float.
template <class Visit>
void for_each_element(const Tensor& tensor, std::int64_t from, std::int64_t to, Visit visit) {
  const auto all = [&]<class Number>(Number, auto convert) {
    for (std::int64_t i = from; i < to; ++i) visit(i, convert(element<Number>(tensor, i)));
  };
  const auto as_it_is = [](auto number) { return number; };
  if (tensor.dtype == "F64") all(double{}, as_it_is);
  if (tensor.dtype == "F32") all(float{}, as_it_is);
  if (tensor.dtype == "F16") all(std::uint16_t{}, float_of_half);
  if (tensor.dtype == "BF16") all(std::uint16_t{}, float_of_bfloat);
  if (tensor.dtype == "I64") all(std::int64_t{}, as_it_is);
  if (tensor.dtype == "I32") all(std::int32_t{}, as_it_is);
  if (tensor.dtype == "U8" || tensor.dtype == "BOOL") all(std::uint8_t{}, as_it_is);
}

template <class Number>
Tensor stored(std::string_view dtype, std::vector<std::int64_t> shape,
              std::span<const Number> values) {
  Tensor tensor{std::string(dtype), std::move(shape), {}};
  assert(tensor.count() == std::ssize(values));
  const auto bytes = std::as_bytes(values);
  tensor.bytes.assign(bytes.begin(), bytes.end());
  return tensor;
}

}  // namespace

std::optional<std::int64_t> width_of_dtype(std::string_view dtype) {
  for (const Dtype& known : dtypes)
    if (known.name == dtype) return known.width;
  return std::nullopt;
}

Tensor Tensor::of(std::vector<std::int64_t> shape, std::span<const double> values) {
  return stored("F64", std::move(shape), values);
}

Tensor Tensor::of(std::vector<std::int64_t> shape, std::span<const float> values) {
  return stored("F32", std::move(shape), values);
}

Tensor Tensor::of(std::vector<std::int64_t> shape, std::span<const std::int64_t> values) {
  return stored("I64", std::move(shape), values);
}

std::int64_t Tensor::count() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : shape) product *= extent;
  return product;
}

double Tensor::at(std::int64_t index) const {
  assert(index >= 0 && index < count());
  double value = 0;
  for_each_element(*this, index, index + 1,
                   [&](std::int64_t, auto number) { value = static_cast<double>(number); });
  return value;
}

std::vector<double> Tensor::to_doubles() const {
  std::vector<double> values(static_cast<std::size_t>(count()));
  for_each_element(*this, 0, count(),
                   [&](std::int64_t i, auto number) { values[i] = static_cast<double>(number); });
  return values;
}

std::vector<std::int64_t> Tensor::to_integers() const {
  if (dtype.front() == 'F' || dtype == "BF16")
    throw Error(fmt::format("a tensor of dtype {} does not hold integers", dtype));
  std::vector<std::int64_t> values(static_cast<std::size_t>(count()));
  for_each_element(*this, 0, count(), [&](std::int64_t i, auto number) {
    values[i] = static_cast<std::int64_t>(number);
  });
  return values;
}

}  // namespace lyap::framework
