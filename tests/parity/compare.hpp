// tests/parity/compare.hpp - ours against the reference, one line a quantity.
#pragma once
#include <functional>
#include <span>
#include <string>

#include "fixture.hpp"

namespace lyap::parity {

/// Compares quantities of one case and counts what is out of tolerance. Where the reference is NaN
/// it is undefined and not compared. Where it is minus infinity (a direction that died exactly)
/// ours must be minus infinity, or, where rounding hides the exact zero (Householder, blocks of
/// several steps), below every finite exponent of the reference; never NaN.
class Comparison {
 public:
  explicit Comparison(std::string name) : name_(std::move(name)) {}

  /// |ours - reference| <= tolerance(i) for every element i.
  void check(const std::string& quantity, const Reference& reference, std::span<const double> ours,
             const std::function<double(std::size_t)>& tolerance);
  void check(const std::string& quantity, const Reference& reference, std::span<const double> ours,
             double tolerance) {
    check(quantity, reference, ours, [=](std::size_t) { return tolerance; });
  }
  /// max |ours - reference| <= relative * max |reference|.
  void check_scaled(const std::string& quantity, const Reference& reference,
                    std::span<const double> ours, double relative);

  int checked() const { return checked_; }
  int failed() const { return failed_; }

 private:
  std::string name_;
  int checked_ = 0, failed_ = 0;
};

}  // namespace lyap::parity
