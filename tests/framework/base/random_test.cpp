// tests/framework/base/random_test.cpp - the streams have the stated values and moments.
#include "base/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

using namespace lyap::framework;

namespace {

struct Moments {
  double mean, variance, skewness, kurtosis;
};

Moments moments_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0, second = 0, third = 0, fourth = 0;
  for (const double value : values) mean += value / count;
  for (const double value : values) {
    const double d = value - mean;
    second += d * d / count;
    third += d * d * d / count;
    fourth += d * d * d * d / count;
  }
  return {mean, second, third / std::pow(second, 1.5), fourth / (second * second)};
}

}  // namespace

TEST_CASE("the first bits of a stream are those of hashlib and xoshiro256++ in Python") {
  Random weights(1, "weights/lstm/weight_ih_l0");
  CHECK(weights.bits() == 0x51f8b8890f41c1c2);
  CHECK(weights.bits() == 0x35cecf3b3d40f5c7);
  CHECK(weights.bits() == 0xafec706eca2ea518);
  CHECK(weights.bits() == 0x4ef090e7265b8502);
  Random unnamed(0, "");
  CHECK(unnamed.bits() == 0xbb4cd3263fab7a64);
  CHECK(unnamed.bits() == 0x82287cb87c05f51d);
  Random largest_seed(~std::uint64_t{0}, "z");
  CHECK(largest_seed.uniform() == 0.6676854262473122);
  CHECK(largest_seed.uniform() == 0.6777024828686166);
  CHECK(largest_seed.uniform() == 0.19546047080442164);
}

TEST_CASE("the normals are those of a ziggurat computed with 40 digits in Python") {
  Random noise(1, "noise");
  std::vector<double> values(20'000);
  noise.fill_normal(values);
  // The tables carry the rounding of a double, a few units in the last place.
  const auto is = [](double expected) { return doctest::Approx(expected).epsilon(1e-15 * 8); };
  CHECK(values[0] == is(0.5261282802459791));
  CHECK(values[1] == is(0.3826205837625967));
  CHECK(values[2] == is(-0.7832298773117327));
  CHECK(values[5] == is(0.3369147901878975));
  CHECK(values[9999] == is(-0.22419122301186348));
  CHECK(values[12743] == is(4.407665522956164));  // out of the tail
  CHECK(values[19999] == is(-0.24974219253040392));
  CHECK(noise.bits() == 0x9415c7a6c0f0a718);  // every acceptance so far was the same
}

TEST_CASE(
    "uniform numbers are at least 0 and below 1, with the moments of the uniform distribution") {
  Random random(7, "uniform");
  std::vector<double> values(1'000'000);
  random.fill_uniform(values);
  CHECK(*std::min_element(values.begin(), values.end()) >= 0);
  CHECK(*std::max_element(values.begin(), values.end()) < 1);
  const Moments moments = moments_of(values);  // tolerances: five standard errors
  CHECK(std::abs(moments.mean - 0.5) < 5 * std::sqrt(1.0 / 12 / 1e6));
  CHECK(std::abs(moments.variance - 1.0 / 12) < 5 * std::sqrt(1.0 / 180 / 1e6));
  CHECK(std::abs(moments.skewness) < 0.01);
  CHECK(std::abs(moments.kurtosis - 1.8) < 0.01);
}

TEST_CASE("normal numbers have the moments and the distribution function of the normal law") {
  Random random(7, "normal");
  std::vector<double> values(1'000'000);
  random.fill_normal(values);
  const Moments moments = moments_of(values);  // tolerances: five standard errors
  CHECK(std::abs(moments.mean) < 5 * std::sqrt(1.0 / 1e6));
  CHECK(std::abs(moments.variance - 1) < 5 * std::sqrt(2.0 / 1e6));
  CHECK(std::abs(moments.skewness) < 5 * std::sqrt(6.0 / 1e6));
  CHECK(std::abs(moments.kurtosis - 3) < 5 * std::sqrt(24.0 / 1e6));

  // Kolmogorov and Smirnov: sqrt(n) D exceeds 1.95 once in a thousand streams; this one is fixed.
  std::sort(values.begin(), values.end());
  double largest_gap = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double below = 0.5 * std::erfc(-values[i] / std::sqrt(2.0));
    largest_gap = std::max({largest_gap, std::abs(below - static_cast<double>(i) / 1e6),
                            std::abs(below - static_cast<double>(i + 1) / 1e6)});
  }
  CHECK(largest_gap * std::sqrt(1e6) < 1.95);
}

TEST_CASE("normal numbers reach the tail beyond the ziggurat as often as they should") {
  Random random(3, "tail");
  constexpr int count = 10'000'000;
  int beyond = 0, far_beyond = 0;
  for (int i = 0; i < count; ++i) {
    const double size = std::abs(random.normal());
    beyond += size > 3.6541528853610088;
    far_beyond += size > 4.5;
  }
  const double expected = count * std::erfc(3.6541528853610088 / std::sqrt(2.0));  // 2580
  const double expected_far = count * std::erfc(4.5 / std::sqrt(2.0));             // 68
  CHECK(std::abs(beyond - expected) < 4 * std::sqrt(expected));
  CHECK(std::abs(far_beyond - expected_far) < 4 * std::sqrt(expected_far));
}

TEST_CASE("streams of different names or seeds are uncorrelated, also when the names are alike") {
  const std::vector<std::pair<std::uint64_t, std::string>> streams = {
      {0, "noise"}, {1, "noise"}, {0, "noise/0"}, {0, "noise/1"}, {256, "noise"}, {0, "noisf"}};
  constexpr int count = 100'000;
  std::vector<std::vector<double>> values;
  for (const auto& [seed, name] : streams) {
    Random(seed, name).fill_normal(values.emplace_back(count));
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const double correlation =
          std::inner_product(values[i].begin(), values[i].end(), values[j].begin(), 0.0) / count;
      CHECK(std::abs(correlation) < 4.5 / std::sqrt(count));
    }
}

TEST_CASE("the same seed and name give the same stream, however much was drawn elsewhere") {
  Random first(5, "batches");
  Random other(5, "noise");
  for (int i = 0; i < 1000; ++i) other.bits();
  Random second(5, "batches");
  for (int i = 0; i < 1000; ++i) CHECK(first.bits() == second.bits());
}

TEST_CASE("a stream goes on from its saved state") {
  Random random(5, "resume");
  for (int i = 0; i < 1000; ++i) random.normal();
  Random resumed(random.state());
  for (int i = 0; i < 1000; ++i) CHECK(random.normal() == resumed.normal());
}

TEST_CASE("integers below n are all equally likely") {
  Random random(11, "below");
  for (const int n : {1, 2, 3, 10, 1000}) {
    std::vector<int> times(n);
    const int count = 1000 * n;
    for (int i = 0; i < count; ++i) {
      const auto drawn = random.below(n);
      REQUIRE(drawn >= 0);
      REQUIRE(drawn < n);
      ++times[drawn];
    }
    double chi_squared = 0;
    for (const int seen : times) chi_squared += (seen - 1000.0) * (seen - 1000.0) / 1000;
    CHECK(chi_squared < n - 1 + 4 * std::sqrt(2.0 * n) + 8);
  }
}

TEST_CASE("integers below three quarters of the largest range are unbiased") {
  // Without the correction numbers below 2^62 would be drawn half as often again as the others.
  Random random(11, "below a large number");
  const std::int64_t n = 3LL << 61;  // 0.75 * 2^63
  int low = 0;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i) low += random.below(n) < n / 3;
  CHECK(std::abs(low - count / 3.0) < 4 * std::sqrt(count * 2.0 / 9));
}

TEST_CASE("a permutation has every number once") {
  Random random(13, "permutation");
  for (const int count : {0, 1, 2, 5, 784}) {
    std::vector<std::int64_t> order = random.permutation(count), sorted(count);
    std::iota(sorted.begin(), sorted.end(), 0);
    std::sort(order.begin(), order.end());
    CHECK(order == sorted);
  }
}

TEST_CASE("all six permutations of three are equally likely") {
  Random random(13, "six");
  std::vector<int> times(27);
  constexpr int count = 60'000;
  for (int i = 0; i < count; ++i) {
    const auto order = random.permutation(3);
    ++times[9 * order[0] + 3 * order[1] + order[2]];
  }
  CHECK(std::count(times.begin(), times.end(), 0) == 21);
  double chi_squared = 0;  // five degrees of freedom: above 20.5 once in a thousand streams
  for (const int seen : times)
    if (seen > 0) chi_squared += (seen - 1e4) * (seen - 1e4) / 1e4;
  CHECK(chi_squared < 20.5);
}
