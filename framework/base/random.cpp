// framework/base/random.cpp - random numbers that depend on a seed and a name and nothing else.
//
// libm's exp and log differ between processors in the last bit, so the few values that the ziggurat
// needs are computed here from + - * / alone, and this file is compiled without fused multiply-add.
#include "base/random.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/sha256.hpp"

namespace lyap::framework {
namespace {

constexpr double ln2 = 0.69314718055994530942;

// x > 0, normal.  With x = m 2^e and m in [1, 2): ln x = e ln 2 + 2 artanh((m - 1) / (m + 1)).
double logarithm(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<double>(static_cast<int>(bits >> 52) - 1023);
  const auto m = std::bit_cast<double>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  const double z = (m - 1) / (m + 1), square = z * z;
  double series = 0;
  for (int odd = 33; odd >= 1; odd -= 2) series = series * square + 1.0 / odd;  // z < 1/3
  return exponent * ln2 + 2 * z * series;
}

// exp(-x) for 0 <= x < 700.  With x = n ln 2 - y and -ln 2 < y <= 0: 2^-n times a Taylor series.
double decay(double x) {
  const auto n = static_cast<std::uint64_t>(x / ln2);
  const double y = static_cast<double>(n) * ln2 - x;
  double series = 1;
  for (int term = 18; term >= 1; --term) series = 1 + series * y / term;
  return series * std::bit_cast<double>((1023 - n) << 52);
}

double density(double x) {
  return decay(x * x / 2);
}  // without its factor 1 / sqrt(2 pi)

// 256 layers of equal area under exp(-x^2/2).  Layer i >= 1 is a box from the axis to right[i]
// between the heights of right[i] and right[i+1]; layer 0 is the box left of `tail` and the tail.
struct Ziggurat {
  static constexpr int layers = 256;
  static constexpr double tail = 3.6541528853610087716;
  static constexpr double area = 0.0049286732339746553474;

  std::array<double, layers + 1> right, height;

  Ziggurat() {
    right[0] = area / density(tail);  // as wide as a box of this area and the height at `tail`
    right[1] = tail;
    for (int i = 2; i < layers; ++i)
      right[i] = std::sqrt(-2 * logarithm(density(right[i - 1]) + area / right[i - 1]));
    right[layers] = 0;
    for (int i = 0; i <= layers; ++i) height[i] = density(right[i]);
  }
};

const Ziggurat& ziggurat() {
  static const Ziggurat table;
  return table;
}

// Beyond `tail`, by Marsaglia's exponential wedge (1964).
double normal_beyond_tail(Random& random) {
  for (;;) {
    const double x = -logarithm(1 - random.uniform()) / Ziggurat::tail;
    const double y = -logarithm(1 - random.uniform());
    if (2 * y > x * x) return Ziggurat::tail + x;
  }
}

double fraction(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

Random::State state_of(std::uint64_t seed, std::string_view name) {
  Sha256 hash;
  std::array<char, 8> seed_bytes;
  for (int i = 0; i < 8; ++i) seed_bytes[i] = static_cast<char>(seed >> 8 * i);
  hash.add({seed_bytes.data(), seed_bytes.size()});
  hash.add(name);
  const Sha256::Digest digest = hash.digest();
  Random::State state{};
  for (int i = 0; i < 32; ++i) state[i / 8] |= std::uint64_t{digest[i]} << 8 * (i % 8);
  return state;
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view name) : state_(state_of(seed, name)) {}

std::uint64_t Random::bits() {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
  const std::uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = std::rotl(s[3], 45);
  return result;
}

double Random::uniform() {
  return fraction(bits());
}

double Random::normal() {
  const Ziggurat& table = ziggurat();
  for (;;) {
    const std::uint64_t random = bits();  // 8 bits for the layer, 1 for the sign, 53 for the place
    const auto layer = static_cast<int>(random & 255);
    const double sign = random & 256 ? -1 : 1;
    const double x = fraction(random) * table.right[layer];
    if (x < table.right[layer + 1]) return sign * x;
    if (layer == 0) return sign * normal_beyond_tail(*this);
    const double low = table.height[layer], high = table.height[layer + 1];
    if (low + uniform() * (high - low) < density(x)) return sign * x;
  }
}

std::int64_t Random::below(std::int64_t count) {
  assert(count >= 1);
  // The upper half of a 128-bit product, without bias: Lemire (2019), Algorithm 5.
  __extension__ using Wide = unsigned __int128;
  const auto n = static_cast<std::uint64_t>(count);
  Wide product = Wide{bits()} * n;
  if (static_cast<std::uint64_t>(product) < n) {
    const std::uint64_t too_low = -n % n;
    while (static_cast<std::uint64_t>(product) < too_low) product = Wide{bits()} * n;
  }
  return static_cast<std::int64_t>(product >> 64);
}

std::vector<std::int64_t> Random::permutation(std::int64_t count) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::int64_t i = count - 1; i > 0; --i) std::swap(order[i], order[below(i + 1)]);
  return order;
}

void Random::fill_uniform(std::span<double> values) {
  for (double& value : values) value = uniform();
}

void Random::fill_normal(std::span<double> values) {
  for (double& value : values) value = normal();
}

}  // namespace lyap::framework
