// correlate/settings.hpp - what a pipeline may say about spectra beside losses.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "number_text.hpp"

namespace lyap::correlate {

/// Indices of a spectrum, counted from 1, both ends included.
struct Window {
  Index first, last;
};

struct Settings {
  std::vector<Window> windows;
  double level, area_level, confidence;
  Index draws;

  static void declare(Options& o) {
    o.reals("slopes")
        .range(1, 1e6)
        .unit("index")
        .fallback("[50, 100, 200, 300]")
        .doc(
            "first and last index, from 1, of each window in which the slope of the spectrum is "
            "fitted: first, last, first, last, ..; missing where the spectrum is shorter");
    o.real("level")
        .unit("nats/step")
        .fallback("-2.0794415416798357")
        .doc("exponents above it are counted; -3 ln 2 is -3 in the published code's base 2");
    o.real("area_level")
        .unit("nats/step")
        .fallback("-1")
        .doc("the area between the spectrum and this level, where the spectrum lies above it");
    o.integer("draws").range(0, 1e6).fallback("2000").doc(
        "bootstrap samples of networks behind each interval; 0: no intervals");
    o.real("confidence")
        .range(0.5, 0.999)
        .fallback("0.95")
        .doc("of the intervals, from percentiles of the bootstrap samples");
  }
  explicit Settings(const Values& v)
      : windows(pairs(v.reals("slopes"))),
        level(v.real("level")),
        area_level(v.real("area_level")),
        confidence(v.real("confidence")),
        draws(v.integer("draws")) {}

 private:
  static std::vector<Window> pairs(std::span<const double> given) {
    if (given.size() % 2 != 0)
      throw BadOption("`slopes` are pairs of first and last index, but there are " +
                      std::to_string(given.size()) + " numbers; add or remove one");
    std::vector<Window> windows;
    for (std::size_t i = 0; i < given.size(); i += 2) {
      const double first = given[i], last = given[i + 1];
      if (first != std::floor(first) || last != std::floor(last) || last <= first)
        throw BadOption("`slopes` are pairs of whole numbers, the first below the last, and " +
                        analyses::number(first) + ", " + analyses::number(last) + " are not");
      windows.push_back({static_cast<Index>(first), static_cast<Index>(last)});
    }
    return windows;
  }
};

}  // namespace lyap::correlate
