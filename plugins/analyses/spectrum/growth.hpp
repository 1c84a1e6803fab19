// spectrum/growth.hpp - sums of logarithms of many factors, kept as products.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <lyap/lyap.hpp>

namespace lyap::spectrum {

/// ln |x_1 x_2 ..| with the product kept as 2^exponent significand: one rounding a factor, and no
/// logarithm until it is asked for.
class Growth {
 public:
  void multiply(double factor) {
    const double size = std::fabs(factor);
    if (!(size > 0x1p-1000 && size < 0x1p1000)) {  // no room left for exponents, or no number
      rest_ += std::log(size);
      return;
    }
    const auto bits = std::bit_cast<std::uint64_t>(significand_ * size);
    constexpr std::uint64_t of_one = std::bit_cast<std::uint64_t>(1.0);
    exponent_ += static_cast<std::int64_t>(bits >> 52) - static_cast<std::int64_t>(of_one >> 52);
    significand_ = std::bit_cast<double>((bits & ((std::uint64_t{1} << 52) - 1)) | of_one);
  }
  void multiply_by_power_of_two(int exponent) { exponent_ += exponent; }
  void die() { rest_ = -std::numeric_limits<double>::infinity(); }

  /// Nats.
  double value() const {
    return static_cast<double>(exponent_) * 0.69314718055994530942 + std::log(significand_) + rest_;
  }

 private:
  double significand_ = 1;  ///< in [1, 2)
  std::int64_t exponent_ = 0;
  double rest_ = 0;  ///< nats
};

}  // namespace lyap::spectrum
