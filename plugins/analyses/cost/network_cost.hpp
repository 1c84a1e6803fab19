// cost/network_cost.hpp - what the exponents of one network cost beside its training.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <span>
#include <vector>

#include "finite_means.hpp"

namespace lyap::cost {

enum class Reason { None, NoEpochs, NoSpectrum, NoBestEpoch, BestBeyondEpochs };

struct NetworkCost {
  double to_best = analyses::missing;   ///< epochs until the best validation loss
  double spectrum = analyses::missing;  ///< time of its exponents, in mean epochs
  double ratio = analyses::missing;     ///< over the time of the epochs until the best one
  double epoch_seconds = analyses::missing;
  Reason left_out = Reason::None;
};

/// epoch_seconds: of epochs 1, 2, ..; missing entries, such as that of epoch 0 or after an early
/// end, are skipped.
inline NetworkCost cost_of(std::span<const double> epoch_seconds, double spectrum_seconds,
                           double best_epoch) {
  std::vector<double> epochs;
  for (const double s : epoch_seconds)
    if (std::isfinite(s) && s > 0) epochs.push_back(s);
  NetworkCost cost;
  const auto left_out = [&](Reason reason) {
    cost.left_out = reason;
    return cost;
  };
  if (epochs.empty()) return left_out(Reason::NoEpochs);
  if (!std::isfinite(spectrum_seconds)) return left_out(Reason::NoSpectrum);
  // Where the first weights are the best, training has cost nothing and the ratio has no value.
  if (!(best_epoch >= 1)) return left_out(Reason::NoBestEpoch);
  if (best_epoch > static_cast<double>(epochs.size())) return left_out(Reason::BestBeyondEpochs);
  const auto best = static_cast<std::size_t>(std::llround(best_epoch));
  double until_best = 0;
  for (std::size_t e = 0; e < best; ++e) until_best += epochs[e];
  cost.epoch_seconds = analyses::mean_of(epochs);
  cost.to_best = static_cast<double>(best);
  cost.spectrum = spectrum_seconds / cost.epoch_seconds;
  cost.ratio = spectrum_seconds / until_best;
  return cost;
}

}  // namespace lyap::cost
