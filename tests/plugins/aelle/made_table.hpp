// tests/plugins/aelle/made_table.hpp - tables of networks whose spectra are known functions.
#pragma once
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "model/border.hpp"

#include "../studied.hpp"
#include "aelle/draws.hpp"

namespace made_table {

using lyap::Index;
using studied::array;
using studied::MeasuredArray;
using studied::Measurement;

/// Spectra of `length` exponents that fall as their index to a power that the hidden variable u
/// sets, and to a depth that nothing but a nuisance v sets, which varies far more; loss = 1 + u^2.
struct Table {
  Index networks, length;
  std::vector<double> spectra, losses, parts, hidden;

  explicit Table(Index networks, Index length = 32, std::uint64_t seed = 1)
      : networks(networks), length(length) {
    lyap::aelle::Draws draws(seed);
    const auto number = [&] { return static_cast<double>(draws.bits() >> 11) * 0x1p-53; };
    for (Index i = 0; i < networks; ++i) {
      const double u = number(), v = number();
      hidden.push_back(u);
      losses.push_back(1 + u * u);
      parts.push_back(i % 5 < 3 ? 0 : i % 5 == 3 ? 1 : 2);
      for (Index k = 0; k < length; ++k) {
        const double x = static_cast<double>(k + 1) / static_cast<double>(length);
        spectra.push_back(-(1 + 3 * v) * std::pow(x, 0.5 + 1.5 * u));
      }
    }
  }
  std::map<std::string, MeasuredArray> inputs() const {
    return {{"spectra", array("exponent[network, checkpoint, index] nats/step",
                              {networks, 1, length}, spectra)},
            {"target", array("loss[network]", {networks}, losses)},
            {"part", array("part[network]", {networks}, parts)}};
  }
};

/// A small network that is trained fast; `epochs` in each of its four phases.
inline std::string fast(int epochs, const std::string& more = "") {
  return "latent: 4, learning_rate: 0.003, epochs: " + std::to_string(epochs) +
         (more.empty() ? "" : ", " + more);
}
inline const std::string two_seeds = "seeds: 2, batch: 32, dropout: 0";

/// F1 of the rule "above the boundary" (times the sign) for "below the median loss".
inline double f1(const std::vector<double>& scores, double boundary, double sign,
                 const std::vector<double>& losses, double median) {
  double tp = 0, fp = 0, fn = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool said = sign * (scores[i] - boundary) > 0, is = losses[i] < median;
    tp += said && is;
    fp += said && !is;
    fn += !said && is;
  }
  return 2 * tp / (2 * tp + fp + fn);
}

}  // namespace made_table
