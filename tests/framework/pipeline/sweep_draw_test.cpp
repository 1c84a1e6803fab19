// tests/framework/pipeline/sweep_draw_test.cpp - drawn values follow their laws.
#include "pipeline/sweep_draw.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "pipeline/sweep_number.hpp"
#include "swept.hpp"

using namespace lyap::framework;

namespace {

/// The largest distance between the shares of the values below x and what the law says.
template <class Cumulative>
double kolmogorov(std::vector<double> values, const Cumulative& cumulative) {
  std::sort(values.begin(), values.end());
  double distance = 0;
  const auto n = static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share = cumulative(values[i]);
    distance = std::max({distance, std::abs(share - static_cast<double>(i) / n),
                         std::abs(share - static_cast<double>(i + 1) / n)});
  }
  return distance;
}

double phi(double x) {
  return std::erfc(-x / std::sqrt(2.0)) / 2;
}

/// The discrepancy of points in the unit square from even, root mean square over the boxes at the
/// origin: Warnock (1972).
double discrepancy(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double single = 0, pairs = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    single += (1 - x[i] * x[i]) * (1 - y[i] * y[i]);
    for (std::size_t j = 0; j < x.size(); ++j)
      pairs += (1 - std::max(x[i], x[j])) * (1 - std::max(y[i], y[j]));
  }
  return std::sqrt(1.0 / 9 - single / (2 * n) + pairs / (n * n));
}

double square_discrepancy(const std::string& sampling, std::uint64_t seed) {
  const Sweep sweep =
      swept("i: {count: 256}\nx: {uniform: [0, 1]}\ny: {uniform: [0, 1]}\n", sampling, seed);
  return discrepancy(numbers_of(sweep, "x"), numbers_of(sweep, "y"));
}

}  // namespace

TEST_CASE("the normal quantile is the inverse of the normal distribution") {
  // To 16 digits from tables; the tail to 1e-10.
  CHECK(normal_quantile(0.5) == doctest::Approx(0).epsilon(1e-15));
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-14));
  CHECK(normal_quantile(0.025) == doctest::Approx(-1.959963984540054).epsilon(1e-14));
  CHECK(normal_quantile(0.01) == doctest::Approx(-2.326347874040841).epsilon(1e-14));
  CHECK(normal_quantile(1e-10) == doctest::Approx(-6.361340902404056).epsilon(1e-14));
  for (double q = 1e-15; q < 0.5; q *= 1.7) {
    CHECK(phi(normal_quantile(q)) == doctest::Approx(q).epsilon(1e-13));
    CHECK(normal_quantile(1 - q) == doctest::Approx(-normal_quantile(q)).epsilon(0.05));
  }
}

// The distance of n values of the law is above 1.95 / sqrt(n) once in a thousand.
TEST_CASE("drawn values have the distribution that they are said to have") {
  for (const char* draws : {"draws: random", "draws: sobol"}) {
    CAPTURE(draws);
    const Sweep sweep = swept(
        "i: {count: 4000}\nu: {uniform: [2, 5]}\nl: {log_uniform: [1e-4, 0.1]}\n"
        "n: {normal: [1, 2]}\nk: {integer: [-1, 3]}\n",
        draws);
    const double limit = 1.95 / std::sqrt(4000);
    CHECK(kolmogorov(numbers_of(sweep, "u"), [](double x) { return (x - 2) / 3; }) < limit);
    CHECK(kolmogorov(numbers_of(sweep, "l"), [](double x) { return std::log10(x / 1e-4) / 3; }) <
          limit);
    CHECK(kolmogorov(numbers_of(sweep, "n"), [](double x) { return phi((x - 1) / 2); }) < limit);
    std::map<std::string, int> integers;
    for (const std::string& k : values_of(sweep, "k")) ++integers[k];
    CHECK(integers.size() == 5);
    // 800 each, four standard deviations of 25.3.
    for (const char* k : {"-1", "0", "1", "2", "3"}) CHECK(std::abs(integers[k] - 800) < 102);
  }
}

TEST_CASE("variables are drawn independently of each other") {
  const Sweep sweep = swept("i: {count: 4000}\na: {normal: [0, 1]}\nb: {normal: [0, 1]}\n");
  const std::vector<double> a = numbers_of(sweep, "a"), b = numbers_of(sweep, "b");
  double product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) product += a[i] * b[i] / 4000;
  CHECK(std::abs(product) < 4 / std::sqrt(4000));
}

TEST_CASE("Sobol points lie more evenly than random ones, whatever the seed") {
  double largest = 0, mean = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    largest = std::max(largest, square_discrepancy("draws: sobol", seed));
    mean += square_discrepancy("draws: random", seed) / 10;
  }
  CHECK(largest < mean / 3);
}

TEST_CASE("a Sobol draw is never an end of its range and differs from seed to seed") {
  const std::string variables = "i: {count: 1000}\nx: {uniform: [0, 1]}\nn: {normal: [0, 1]}\n";
  const auto one = numbers_of(swept(variables, "draws: sobol", 1), "x");
  const auto other = numbers_of(swept(variables, "draws: sobol", 2), "x");
  CHECK(one != other);
  CHECK(*std::min_element(one.begin(), one.end()) > 0);
  CHECK(*std::max_element(one.begin(), one.end()) < 1);
}

TEST_CASE("digits round a drawn value, and stay in its range") {
  const Sweep sweep = swept(
      "i: {count: 2000}\np: {uniform: [0.04, 0.4], digits: 2}\nn: {normal: [0, 1], digits: 0}\n"
      "u: {log_uniform: [10, 1000], digits: 0}\n");
  std::map<std::string, int> p;
  for (const std::string& text : values_of(sweep, "p")) ++p[text];
  CHECK(p.size() == 37);  // 0.04, 0.05, ... 0.4
  CHECK(p.contains("0.04"));
  CHECK(p.contains("0.1"));
  CHECK(p.contains("0.4"));
  for (const std::string& text : values_of(sweep, "n")) {
    CHECK(text.find('.') == text.npos);
    CHECK(text != "-0");
  }
  for (const double u : numbers_of(sweep, "u")) CHECK(u == std::floor(u));
}

TEST_CASE("a number of a sweep is the shortest text, an integer without exponent") {
  CHECK(number_text(100000) == "100000");
  CHECK(number_text(1e15) == "1e15");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(1e-5) == "1e-5");
  CHECK(number_text(-2.5e-10) == "-2.5e-10");
  CHECK(number_text(1e200) == "1e200");
  CHECK(number_text(1.0 / 3) == "0.3333333333333333");
  CHECK(without_noise(1.2000000000000002) == 1.2);
  CHECK(to_decimals(0.12345, 3) == 0.123);
}
