// plugins/analyses/fitted_line.hpp - the straight line through points by least squares.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>

#include "finite_means.hpp"

namespace lyap::analyses {

struct FittedLine {
  double slope = missing;  ///< missing below two different x
  double error = missing;  ///< standard error of the slope, sqrt(RSS / (n-2) / Sxx); below three
};

inline FittedLine fitted_line(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, rest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mean_x += x[i] / n, mean_y += y[i] / n;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (xx == 0) return {};
  FittedLine line{xy / xx, missing};
  if (x.size() < 3) return line;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double off = y[i] - mean_y - line.slope * (x[i] - mean_x);
    rest += off * off;
  }
  line.error = std::sqrt(rest / (n - 2) / xx);
  return line;
}

}  // namespace lyap::analyses
