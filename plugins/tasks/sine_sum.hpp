// plugins/tasks/sine_sum.hpp - a signal made of sines, and those that papers have used.
#pragma once
#include <lyap/border.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "seeded.hpp"

namespace lyap::tasks {

/// f(t) = offset + sum_j a_j sin(2 pi q_j t / period + phase_j).
class SineSum {
 public:
  struct Sine {
    double amplitude, frequency, phase;
  };

  SineSum(double period, std::vector<Sine> sines) : period_(period), sines_(std::move(sines)) {}

  /// Sines of frequency 1, 2, ... with these amplitudes.
  static SineSum harmonics(double period, std::initializer_list<double> amplitudes) {
    std::vector<Sine> sines;
    for (const double a : amplitudes)
      sines.push_back({a, 1.0 + static_cast<double>(sines.size()), 0});
    return {period, std::move(sines)};
  }
  /// Four sines; 1/amplitude is one of 1 .. 10 and the frequency one of 1 .. 5, equally likely.
  static SineSum random(double period, Seeded random) {
    std::vector<Sine> sines;
    for (int j = 0; j < 4; ++j)
      sines.push_back({1 / static_cast<double>(1 + random.below(10)), 0, 0});
    for (Sine& sine : sines) sine.frequency = static_cast<double>(1 + random.below(5));
    return {period, std::move(sines)};
  }

  double operator()(double t) const {
    double sum = offset_;
    for (const Sine& s : sines_)
      sum += s.amplitude * std::sin(2 * std::numbers::pi * s.frequency * t / period_ + s.phase);
    return sum;
  }

  /// Scales and shifts the signal so that it spans -1 .. 1 at the times 0, dt, .. (steps-1) dt.
  void normalise(double dt, std::int64_t steps) {
    double low = (*this)(0), high = low;
    for (std::int64_t t = 1; t < steps; ++t) {
      const double value = (*this)(dt * static_cast<double>(t));
      low = std::min(low, value), high = std::max(high, value);
    }
    const double half = (high - low) / 2;
    if (!(half > 1e-12 * std::max(std::abs(high), std::abs(low))))
      throw BadOption(
          "the signal is the same at every step, so it cannot be scaled to -1 .. 1; "
          "give other `amplitudes` and `frequencies`, or `normalise: off`");
    offset_ = (offset_ - (high + low) / 2) / half;
    for (Sine& sine : sines_) sine.amplitude /= half;
  }

 private:
  double period_, offset_ = 0;
  std::vector<Sine> sines_;
};

}  // namespace lyap::tasks
