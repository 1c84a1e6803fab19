// framework/base/random.hpp - random numbers that depend on a seed and a name and nothing else.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// One stream of random numbers, the same on every machine and with every compiler: xoshiro256++
/// (Blackman and Vigna 2021) whose four words are SHA-256(seed as 8 little-endian bytes, name).
/// Streams of different names are independent, so that drawing more from one changes no other.
class Random {
 public:
  using State = std::array<std::uint64_t, 4>;

  /// The stream called `name`, e.g. "weights/lstm/weight_ih_l0", of this seed.
  Random(std::uint64_t seed, std::string_view name);
  /// Goes on where the stream with that state() stood.
  explicit Random(const State& state) : state_(state) {}
  const State& state() const { return state_; }

  std::uint64_t bits();
  /// In [0, 1): a multiple of 2^-53.
  double uniform();
  /// Mean 0, variance 1, by a ziggurat of 256 layers (Marsaglia and Tsang 2000; Doornik 2005).
  double normal();
  /// One of 0 .. count-1, all equally likely; count >= 1.
  std::int64_t below(std::int64_t count);
  /// 0 .. count-1 in random order (Fisher and Yates).
  std::vector<std::int64_t> permutation(std::int64_t count);

  /// The values of as many calls of uniform() or normal(), in order.
  void fill_uniform(std::span<double> values);
  void fill_normal(std::span<double> values);

 private:
  State state_;
};

}  // namespace lyap::framework
