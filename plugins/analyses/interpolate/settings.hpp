// interpolate/settings.hpp - what a pipeline may say about spectra of a common length.
#pragma once
#include <charconv>
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::interpolate {

struct Settings {
  Index length;  ///< 0: of the longest
  bool sort, resample;

  static void declare(Options& o) {
    static constexpr const char* policies[] = {"drop", "resample", nullptr};
    o.text("length").fallback("max").doc(
        "how many exponents every spectrum gets: max, as many as the longest has, or a number");
    o.flag("sort").fallback("off").doc("sort each spectrum, largest first, before it is resized");
    o.choice("non_finite", policies)
        .fallback("drop")
        .doc(
            "a spectrum that is missing or holds a number that is not finite: drop: it is missing; "
            "resample: the network becomes a copy of a random good one with its target, as in the "
            "published code, which may put the same network into training and test parts");
  }
  explicit Settings(const Values& v)
      : length(length_from(v.text("length"))),
        sort(v.flag("sort")),
        resample(v.is("non_finite", "resample")) {}

 private:
  static Index length_from(const std::string& text) {
    if (text == "max") return 0;
    Index length = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, length);
    constexpr Index most = 1'000'000;
    if (error != std::errc() || stop != end || length < 1 || length > most)
      throw BadOption("`length` is max or a whole number from 1 to " + std::to_string(most) +
                      ", not '" + text + "'");
    return length;
  }
};

}  // namespace lyap::interpolate
