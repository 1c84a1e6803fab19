// plugins/tasks/seeded.hpp - random numbers that an option fixes, whatever the seed of the run.
#pragma once
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace lyap::tasks {

/// A stream of random numbers for what belongs to the data and not to the run: which pixels a
/// permutation exchanges must not change with the seed of the weights, or no two networks of an
/// ensemble would have the same task. SplitMix64 (Steele, Lea and Flood 2014), the same everywhere.
class Seeded {
 public:
  /// Streams of different (seed, number) are unrelated.
  explicit Seeded(std::uint64_t seed, std::uint64_t number = 0)
      : state_(mix(mix(seed) + number * gamma)) {}

  std::uint64_t bits() { return mix(state_ += gamma); }
  /// In [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Mean 0, variance 1, never beyond 3.47: the sum of four uniform numbers, free of libm.
  double bell() {
    const double sum = uniform() + uniform() + uniform() + uniform();
    return (sum - 2) * std::sqrt(3.0);
  }
  /// One of 0 .. count-1, all equally likely.
  std::int64_t below(std::int64_t count) {
    const auto n = static_cast<std::uint64_t>(count);
    const std::uint64_t unfair =
        -n % n;  // 2^64 mod n: as many low values would come once too often
    std::uint64_t drawn = bits();
    while (drawn < unfair) drawn = bits();
    return static_cast<std::int64_t>(drawn % n);
  }
  /// 0 .. count-1 in random order (Fisher and Yates).
  std::vector<std::int64_t> permutation(std::int64_t count) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    for (std::int64_t i = count - 1; i > 0; --i) std::swap(order[i], order[below(i + 1)]);
    return order;
  }

 private:
  static constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15;
  static std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

}  // namespace lyap::tasks
