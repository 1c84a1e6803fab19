// tests/parity/compare.cpp - ours against the reference, one line a quantity.
#include "compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace lyap::parity {

void Comparison::check(const std::string& quantity, const Reference& reference,
                       std::span<const double> ours,
                       const std::function<double(std::size_t)>& tolerance) {
  ++checked_;
  double worst = 0, error_there = 0, tolerance_there = tolerance(0);
  bool bad = ours.size() != reference.values.size();
  double smallest = std::numeric_limits<double>::infinity();
  for (const double value : reference.values)
    if (std::isfinite(value)) smallest = std::min(smallest, value);
  for (std::size_t i = 0; !bad && i < ours.size(); ++i) {
    const double wanted = reference.values[i];
    if (std::isnan(wanted)) continue;
    if (std::isinf(wanted)) {
      bad = !(ours[i] < smallest);
      continue;
    }
    const double error = std::abs(ours[i] - wanted), ratio = error / tolerance(i);
    // A NaN of ours is out of tolerance too: hence not `ratio > worst`.
    if (!(ratio <= worst)) worst = ratio, error_there = error, tolerance_there = tolerance(i);
    if (std::isnan(ratio)) break;
  }
  const bool passed = !bad && worst <= 1;
  if (!passed) ++failed_;
  std::puts(fmt::format("{:<10} {:<34} max error {:8.2e}  tolerance {:8.2e}  {}", name_, quantity,
                        error_there, tolerance_there,
                        passed ? "ok"
                        : ours.size() != reference.values.size()
                            ? fmt::format("FAILED: {} numbers instead of {}", ours.size(),
                                          reference.values.size())
                            : "FAILED")
                .c_str());
}

void Comparison::check_scaled(const std::string& quantity, const Reference& reference,
                              std::span<const double> ours, double relative) {
  double scale = 0;
  for (const double value : reference.values) scale = std::max(scale, std::abs(value));
  check(quantity, reference, ours, relative * scale);
}

}  // namespace lyap::parity
