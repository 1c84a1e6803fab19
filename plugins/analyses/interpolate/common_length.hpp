// interpolate/common_length.hpp - a spectrum of n exponents as one of another length.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

namespace lyap::interpolate {

/// out[j] is the broken line through (i, from[i]) at j n / length, continued beyond n - 1 as its
/// last segment runs: for length = n 2^m what m repeated doublings give,
///   new[2i] = l_i, new[2i+1] = (l_i + l_{i+1}) / 2, last new = l_n + (l_n - l_{n-1}) / 2.
/// One exponent makes a constant.
inline void to_length(std::span<const double> from, std::span<double> out) {
  const std::size_t n = from.size(), length = out.size();
  for (std::size_t j = 0; j < length; ++j) {
    // Whole numbers until here, so that an exponent is met exactly.
    const std::size_t i = j * n / length, rest = j * n % length;
    const double along = static_cast<double>(rest) / static_cast<double>(length);
    const std::size_t last = n < 2 ? 0 : n - 2;
    const std::size_t segment = std::min(i, last);
    const double rise = n < 2 ? 0 : from[segment + 1] - from[segment];
    out[j] = rest == 0 ? from[i] : from[i] + along * rise;
  }
}

}  // namespace lyap::interpolate
