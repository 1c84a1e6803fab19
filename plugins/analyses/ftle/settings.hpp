// ftle/settings.hpp - what a pipeline may say about finite-time exponents, and what it said.
#pragma once
#include <lyap/lyap.hpp>
#include <string>

#include "frame_settings.hpp"
#include "ftle/kept_fields.hpp"
#include "runs.hpp"

namespace lyap::ftle {

struct Settings {
  analyses::Runs runs;
  analyses::FrameSettings frames;
  Index warmup, steps, count;
  Kept keep;
  double storage;  ///< MB

  static void declare(Options& o) {
    analyses::Runs::declare(o);
    o.integer("warmup").range(0, 1e9).unit("steps").fallback("0").doc(
        "steps of state and tangent vectors before the measurement");
    o.integer("steps").range(0, 1e9).unit("steps").fallback("0").doc(
        "measured steps after the warm-up, all driven by the task's inputs (the spectrum of a "
        "network in closed loop: `spectrum`); 0 = all that remain");
    o.integer("count").range(0, 1e6).fallback("0").doc(
        "the first so many tangent vectors, the largest exponents; 0 = all; 1 needs no QR");
    analyses::FrameSettings::declare(o);
    o.texts("keep").fallback("[]").doc(
        "further results of every step: r_matrix, q, jacobian, states");
    o.real("storage").at_least(0).unit("MB").fallback("2000").doc(
        "the most that the results in `keep` may take; more is refused before it begins");
  }
  explicit Settings(const Values& v)
      : runs(v),
        frames(v),
        warmup(v.integer("warmup")),
        steps(v.integer("steps")),
        count(v.integer("count")),
        keep(v.texts("keep")),
        storage(v.real("storage")) {}

  /// How many tangent vectors of a state with `size` rows; BadOption when it has fewer than asked.
  Index tracked(Index size) const {
    if (count > size)
      throw BadOption("`count` asks for " + std::to_string(count) +
                      " exponents, but the state has " + std::to_string(size) +
                      " directions; lower it, or 0 for all");
    return count ? count : size;
  }
};

}  // namespace lyap::ftle
