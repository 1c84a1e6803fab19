// plugins/analyses/padded_spectrum.hpp - spectra of several lengths in one table.
#pragma once
#include <cmath>
#include <span>

namespace lyap::analyses {

/// Without the missing exponents that pad it at its end.
inline std::span<const double> unpadded(std::span<const double> padded) {
  std::size_t n = padded.size();
  while (n > 0 && std::isnan(padded[n - 1])) --n;
  return padded.first(n);
}

}  // namespace lyap::analyses
