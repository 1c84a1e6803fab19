// interpolate/spectra.hpp - the spectra of a table of networks: which are good, how long they are.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <map>
#include <string>
#include <vector>

#include "grid.hpp"
#include "padded_spectrum.hpp"

namespace lyap::interpolate {

/// Of [network, checkpoint, index], padded with missing exponents.
class Spectra {
 public:
  explicit Spectra(analyses::Grid padded) : padded_(std::move(padded)) {
    for (Index i = 0; i < networks(); ++i)
      for (Index c = 0; c < checkpoints(); ++c) {
        const auto spectrum = of(i, c);
        good_.push_back(!spectrum.empty() &&
                        std::all_of(spectrum.begin(), spectrum.end(),
                                    [](double x) { return std::isfinite(x); }));
        empty_ += spectrum.empty();
        if (good_.back()) ++lengths_[static_cast<Index>(spectrum.size())];
      }
  }

  Index networks() const { return padded_.shape[0]; }
  Index checkpoints() const { return padded_.shape[1]; }
  std::span<const double> of(Index network, Index checkpoint) const {
    return analyses::unpadded(padded_.row(network, checkpoint));
  }
  bool good(Index network, Index checkpoint) const {
    return good_[static_cast<std::size_t>(network * checkpoints() + checkpoint)];
  }
  bool good(Index network) const {
    for (Index c = 0; c < checkpoints(); ++c)
      if (!good(network, c)) return false;
    return true;
  }
  bool any_good(Index network) const {
    for (Index c = 0; c < checkpoints(); ++c)
      if (good(network, c)) return true;
    return false;
  }

  std::size_t empty() const { return empty_; }  ///< spectra without a number
  std::size_t broken() const {                  ///< with one that is not finite
    return static_cast<std::size_t>(std::count(good_.begin(), good_.end(), false)) - empty_;
  }
  const std::map<Index, std::size_t>& lengths() const { return lengths_; }  ///< of good ones
  Index longest() const { return lengths_.empty() ? 0 : lengths_.rbegin()->first; }

 private:
  analyses::Grid padded_;
  std::vector<bool> good_;
  std::size_t empty_ = 0;
  std::map<Index, std::size_t> lengths_;
};

}  // namespace lyap::interpolate
