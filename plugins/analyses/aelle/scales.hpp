// aelle/scales.hpp - between the table's numbers and those the network sees; learned from training
// rows.
#pragma once
#include <algorithm>
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

/// A rising line through knots (losses[i], seen[i]): what the head learns in the place of a loss.
struct TargetScale {
  Vector losses{{0, 1}}, seen{{0, 1}};
  bool clamped = false;  ///< beyond the last knots: constant, or on along the line

  /// (loss - low) / range.
  static TargetScale minmax(const Vector& training) {
    const double low = training.minCoeff(), high = training.maxCoeff();
    return {Vector{{low, high > low ? high : low + 1}}, Vector{{0, 1}}, false};
  }
  /// The fraction of the training losses that are smaller, equal ones counting half, so that a few
  /// networks that exploded do not make all others look alike.
  static TargetScale rank(const Vector& training) {
    Vector sorted = training;
    std::sort(sorted.begin(), sorted.end());
    std::vector<double> knots, ranks;
    for (Index from = 0, to = 0; from < sorted.size(); from = to) {
      while (to < sorted.size() && sorted[to] == sorted[from]) ++to;
      knots.push_back(sorted[from]);
      ranks.push_back(0.5 * static_cast<double>(from + to - 1) /
                      static_cast<double>(std::max<Index>(sorted.size() - 1, 1)));
    }
    if (knots.size() < 2) return minmax(training);
    const auto vector = [](std::vector<double>& v) -> Vector {
      return Eigen::Map<Vector>(v.data(), std::ssize(v));
    };
    return {vector(knots), vector(ranks), true};
  }

  Vector of(const Vector& values) const {
    return values.unaryExpr([&](double loss) { return along(losses, seen, loss); });
  }
  double back(double value) const { return along(seen, losses, value); }

 private:
  double along(const Vector& from, const Vector& to, double value) const {
    if (clamped && value <= from[0]) return to[0];
    if (clamped && value >= from[from.size() - 1]) return to[to.size() - 1];
    const Index above = std::upper_bound(from.begin(), from.end(), value) - from.begin();
    const Index i = std::clamp<Index>(above, 1, from.size() - 1);
    return to[i - 1] + (value - from[i - 1]) / (from[i] - from[i - 1]) * (to[i] - to[i - 1]);
  }
};

}  // namespace lyap::aelle
