// evolve/change.hpp - how far a spectrum moves from checkpoint to checkpoint.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <span>
#include <vector>

#include "finite_means.hpp"
#include "fitted_line.hpp"
#include "grid.hpp"
#include "padded_spectrum.hpp"

namespace lyap::evolve {

/// Missing when it is empty or an exponent of it is not finite.
inline double mean_exponent(std::span<const double> spectrum) {
  double sum = 0;
  for (const double exponent : spectrum) sum += exponent;
  const double mean = sum / static_cast<double>(spectrum.size());
  return std::isfinite(mean) ? mean : analyses::missing;
}

/// mean_i (a_i - b_i)^2; missing when lengths differ or an exponent is not finite.
inline double squared_change(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size() || a.empty()) return analyses::missing;
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::isfinite(sum) ? sum / static_cast<double>(a.size()) : analyses::missing;
}

/// Of all networks, [network, checkpoint].
struct Evolution {
  analyses::Grid change;    ///< D, since the checkpoint before; missing at the first
  analyses::Grid relative;  ///< D over that of the network's first pair
  analyses::Grid mean;      ///< M
  analyses::Grid distance;  ///< M at the network's last checkpoint with a finite spectrum, less M

  explicit Evolution(const analyses::Grid& spectra)
      : change({spectra.shape[0], spectra.shape[1]}),
        relative(change),
        mean(change),
        distance(change) {
    const Index checkpoints = spectra.shape[1];
    for (Index i = 0; i < spectra.shape[0]; ++i) {
      const auto spectrum = [&](Index c) { return analyses::unpadded(spectra.row(i, c)); };
      double last = analyses::missing;
      for (Index c = 0; c < checkpoints; ++c) {
        mean(i, c) = mean_exponent(spectrum(c));
        if (std::isfinite(mean(i, c))) last = mean(i, c);
        if (c > 0) change(i, c) = squared_change(spectrum(c), spectrum(c - 1));
      }
      for (Index c = 0; c < checkpoints; ++c) {
        distance(i, c) = last - mean(i, c);
        const double first = checkpoints > 1 ? change(i, 1) : analyses::missing;
        if (first > 0) relative(i, c) = change(i, c) / first;
      }
    }
  }
};

/// The exponent a of D ~ e^a, by least squares of ln D over ln e where e >= 1 and D > 0.
inline analyses::FittedLine power_law(std::span<const double> epochs,
                                      std::span<const double> changes) {
  std::vector<double> x, y;
  for (std::size_t c = 0; c < epochs.size(); ++c) {
    if (epochs[c] < 1 || !(changes[c] > 0)) continue;
    x.push_back(std::log(epochs[c]));
    y.push_back(std::log(changes[c]));
  }
  return analyses::fitted_line(x, y);
}

}  // namespace lyap::evolve
