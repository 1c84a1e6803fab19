// aelle/draws.hpp - dropout masks and orders of rows, drawn fast enough for training.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

namespace lyap::aelle {

/// xoshiro256++ (Blackman and Vigna 2021), begun by one number of a stream of the kernel. Masks
/// take 2.5 million numbers an epoch for 1600 spectra of 1024: four of them out of each draw.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {  // SplitMix64
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }
  static Draws from(const Host& host, const std::string& stream) {
    Vector first(1);
    host.uniform(stream, first);
    return Draws(static_cast<std::uint64_t>(std::ldexp(first[0], 53)));
  }

  std::uint64_t bits() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// Zero with this probability, taken to the nearest 1/65536; otherwise what keeps the mean at 1.
  template <Real S>
  void mask(double dropout, S* values, Index count) {
    const auto cut = static_cast<std::uint64_t>(std::lround(dropout * 65536));
    const auto kept = static_cast<S>(65536.0 / static_cast<double>(65536 - cut));
    Index i = 0;
    for (; i + 4 <= count; i += 4) {
      const std::uint64_t four = bits();
      for (int j = 0; j < 4; ++j) values[i + j] = (four >> (16 * j) & 0xffff) < cut ? S(0) : kept;
    }
    for (std::uint64_t four = bits(); i < count; ++i, four >>= 16)
      values[i] = (four & 0xffff) < cut ? S(0) : kept;
  }

  /// Puts the numbers in random order (Fisher and Yates).
  void shuffle(std::vector<Index>& order) {
    for (std::size_t i = order.size(); i > 1; --i) {
      // High bits times i: favours some places by less than i / 2^32.
      const std::uint64_t place = ((bits() >> 32) * i) >> 32;
      std::swap(order[i - 1], order[place]);
    }
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace lyap::aelle
