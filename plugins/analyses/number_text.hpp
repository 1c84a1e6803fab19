// plugins/analyses/number_text.hpp - numbers as sentences and notes show them.
#pragma once
#include <cmath>
#include <cstdio>
#include <string>

namespace lyap::analyses {

/// Significant digits, six of them unless fewer are asked for.
inline std::string number(double x, int digits = 6) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, x);
  return text;
}

/// Megabytes (10^6 bytes): whole ones, two digits of a few.
inline std::string megabytes(double bytes) {
  const double x = bytes / 1e6;
  return x < 10 ? number(x, 2) : number(std::round(x), 15);
}

}  // namespace lyap::analyses
