// framework/data/half.hpp - the two 16-bit floating-point formats, widened exactly.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace lyap::framework {

/// IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits.
inline float float_of_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float size;
  if (exponent == 31)
    size = fraction == 0 ? std::numeric_limits<float>::infinity()
                         : std::numeric_limits<float>::quiet_NaN();
  else if (exponent == 0)
    size = std::ldexp(static_cast<float>(fraction), -24);
  else
    size = std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  return bits & 0x8000 ? -size : size;
}

/// bfloat16: the upper half of a binary32.
inline float float_of_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

}  // namespace lyap::framework
