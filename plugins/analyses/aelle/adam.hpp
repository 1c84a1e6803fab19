// aelle/adam.hpp - Adam as PyTorch has it, without weight decay.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>

namespace lyap::aelle {

/// m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2,
/// w -= rate m / (1-b1^t) / (sqrt(v / (1-b2^t)) + eps).  Kingma and Ba (2015), Algorithm 1.
template <Real S>
class Adam {
 public:
  Adam(Index parameters, double rate)
      : rate_(rate), m_(VectorOf<S>::Zero(parameters)), v_(VectorOf<S>::Zero(parameters)) {}

  void step(VectorOf<S>& w, const VectorOf<S>& g) {
    ++steps_;
    const auto t = static_cast<double>(steps_);
    const auto rate = static_cast<S>(rate_ / (1 - std::pow(beta1, t)));
    const auto scale = static_cast<S>(1 / std::sqrt(1 - std::pow(beta2, t)));
    constexpr S b1 = S(beta1), b2 = S(beta2), eps = S(1e-8);
    // Piece by piece, so that the three lines find what they read in the nearest cache.
    constexpr Index piece = 2048;
    for (Index from = 0; from < w.size(); from += piece) {
      const Index count = std::min(piece, w.size() - from);
      auto m = m_.segment(from, count).array(), v = v_.segment(from, count).array();
      const auto slope = g.segment(from, count).array();
      m = b1 * m + (1 - b1) * slope;
      v = b2 * v + (1 - b2) * slope.square();
      w.segment(from, count).array() -= rate * m / (scale * v.sqrt() + eps);
    }
  }

 private:
  static constexpr double beta1 = 0.9, beta2 = 0.999;
  double rate_;
  VectorOf<S> m_, v_;
  std::int64_t steps_ = 0;
};

}  // namespace lyap::aelle
