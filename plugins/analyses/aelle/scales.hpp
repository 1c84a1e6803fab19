// aelle/scales.hpp - between the table's numbers and those the network sees; learned from training
// rows.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <vector>

namespace lyap::aelle {

/// seen = (exponent - mean) / deviation, index by index.
struct InputScale {
  Vector mean, deviation;

  static InputScale raw(Index length) { return {Vector::Zero(length), Vector::Ones(length)}; }
  /// An index at which all spectra agree has no deviation: it is only moved to 0.
  static InputScale zscore(const Matrix& spectra) {
    InputScale s{spectra.rowwise().mean(), Vector()};
    const Matrix off = spectra.colwise() - s.mean;
    s.deviation = (off.cwiseAbs2().rowwise().mean()).cwiseSqrt();
    // Their mean is off by rounding, some 1e-16 of it.
    for (Index i = 0; i < s.deviation.size(); ++i)
      if (s.deviation[i] <= 1e-14 * std::abs(s.mean[i])) s.deviation[i] = 1;
    return s;
  }
  Matrix seen(const Matrix& spectra) const {
    return ((spectra.colwise() - mean).array().colwise() / deviation.array()).matrix();
  }
  Matrix back(const Matrix& seen) const {
    return ((seen.array().colwise() * deviation.array()).matrix().colwise() + mean);
  }
};

/// seen = (loss - low) / range.
struct TargetScale {
  double low = 0, range = 1;

  static TargetScale minmax(const Vector& losses) {
    const double low = losses.minCoeff(), range = losses.maxCoeff() - low;
    return {low, range > 0 ? range : 1};
  }
  Vector seen(const Vector& losses) const { return (losses.array() - low) / range; }
  double back(double seen) const { return low + seen * range; }
};

}  // namespace lyap::aelle
