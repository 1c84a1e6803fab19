// framework/data/tensor.hpp - numbers of any stored type with a shape, kept as they are stored.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// Bytes per element of a dtype that Tensor knows.
std::optional<std::int64_t> width_of_dtype(std::string_view dtype);

/// One tensor as it is stored: little-endian elements, last index fastest.
struct Tensor {
  std::string dtype;  ///< F64 F32 F16 BF16 I64 I32 U8 BOOL
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;

  static Tensor of(std::vector<std::int64_t> shape, std::span<const double> values);
  static Tensor of(std::vector<std::int64_t> shape, std::span<const float> values);
  static Tensor of(std::vector<std::int64_t> shape, std::span<const std::int64_t> values);

  /// Product of the shape; 1 for a single number.
  std::int64_t count() const;
  /// Element `index` in storage order; integers beyond 2^53 are rounded.
  double at(std::int64_t index) const;
  std::vector<double> to_doubles() const;
  /// Error when the elements are not integers (I64, I32, U8, BOOL).
  std::vector<std::int64_t> to_integers() const;
};

}  // namespace lyap::framework
