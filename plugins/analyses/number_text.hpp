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

/// Whole megabytes (10^6 bytes), rounded up.
inline std::string megabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", std::ceil(bytes / 1e6));
  return text;
}

}  // namespace lyap::analyses
