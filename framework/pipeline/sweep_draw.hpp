// framework/pipeline/sweep_draw.hpp - the distributions that a variable of a sweep is drawn from.
#pragma once
#include <optional>
#include <string>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

/// `{uniform: [low, high]}`, log_uniform, `{normal: [mean, std]}` or `{integer: [low, high]}`.
struct Draw {
  enum class Law { Uniform, LogUniform, Normal, Integer };
  Law law = Law::Uniform;
  double low = 0, high = 1;     ///< a normal law's mean and standard deviation
  std::optional<int> decimals;  ///< `digits`: what the value is rounded to

  /// The value below which the law has the share `quantile` of (0, 1), written out.
  std::string text(double quantile) const;
};

/// The key of `map` that names a law, or "".
std::string law_of(const Node& map);

/// The draw that a map with such a key asks for, or nothing and a mistake.
std::optional<Draw> read_draw(const Node& map, Mistakes& mistakes);

/// x with Phi(x) = quantile, for a quantile in (0, 1): Acklam's rational approximation (2003) and
/// one step of Halley's on erfc, relative error below 1e-14.
double normal_quantile(double quantile);

}  // namespace lyap::framework
