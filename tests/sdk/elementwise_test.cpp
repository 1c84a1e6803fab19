// tests/sdk/elementwise_test.cpp - accuracy of tanh, the logistic function and their slopes.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <lyap/elementwise.hpp>
#include <random>
#include <vector>

using namespace lyap;

namespace {

/// Difference from the true value in units of the last place.
template <Real T>
double units(T found, long double truth) {
  const T nearest = static_cast<T>(truth);
  const T unit =
      std::nextafter(std::fabs(nearest), std::numeric_limits<T>::infinity()) - std::fabs(nearest);
  return static_cast<double>(std::fabs((static_cast<long double>(found) - truth) / unit));
}
template <class Loop, Real T>
std::vector<T> wide(const std::vector<T>& a) {
  std::vector<T> out(a.size());
  run_wide<Loop>(a.data(), out.data(), static_cast<Index>(a.size()));
  return out;
}
/// Both signs, every order of magnitude from 1e-9 to `furthest`.
template <Real T>
std::vector<T> arguments(double furthest) {
  std::mt19937_64 source(3);
  std::uniform_real_distribution<double> order(std::log(1e-9), std::log(furthest));
  std::vector<T> a(200001);
  for (std::size_t i = 0; i < a.size(); ++i)
    a[i] = static_cast<T>(std::exp(order(source)) * (i % 2 ? 1 : -1));
  return a;
}

}  // namespace

TEST_CASE_TEMPLATE("tanh, sigmoid and their slopes are within their units in the last place", T,
                   float, double) {
  const auto a = arguments<T>(std::is_same_v<T, double> ? 350 : 43);
  const auto tanh = wide<elementwise::Tanh>(a), tanh_slope = wide<elementwise::TanhSlope>(a);
  const auto sigmoid = wide<elementwise::Sigmoid>(a);
  const auto sigmoid_slope = wide<elementwise::SigmoidSlope>(a);
  double worst[4] = {};
  for (std::size_t i = 0; i < a.size(); ++i) {
    const long double x = a[i], e = std::exp(-std::fabs(x)), q = e * e;
    const double off[] = {units(tanh[i], std::tanh(x)),
                          units(tanh_slope[i], 4 * q / ((1 + q) * (1 + q))),
                          units(sigmoid[i], 1 / (1 + std::exp(-x))),
                          units(sigmoid_slope[i], e / ((1 + e) * (1 + e)))};
    for (int k = 0; k < 4; ++k) worst[k] = std::max(worst[k], off[k]);
  }
  CHECK(worst[0] < 3);
  CHECK(worst[1] < 5);
  CHECK(worst[2] < 3);
  CHECK(worst[3] < 5);
}

TEST_CASE_TEMPLATE("infinities saturate, NaN stays NaN, zero keeps its sign", T, float, double) {
  constexpr T inf = std::numeric_limits<T>::infinity();
  const std::vector<T> a{inf,     -inf,    std::numeric_limits<T>::quiet_NaN(),
                         T(-0.0), T(1000), T(-1000)};
  const auto tanh = wide<elementwise::Tanh>(a), sigmoid = wide<elementwise::Sigmoid>(a);
  const auto slope = wide<elementwise::TanhSlope>(a);
  CHECK(tanh[0] == 1);
  CHECK(tanh[1] == -1);
  CHECK(std::isnan(tanh[2]));
  CHECK(std::signbit(tanh[3]));
  CHECK(sigmoid[0] == 1);
  CHECK(sigmoid[1] == 0);
  CHECK(std::isnan(sigmoid[2]));
  CHECK(sigmoid[5] == 0);
  CHECK(slope[0] == 0);
  CHECK(std::isnan(slope[2]));
  CHECK(slope[3] == 1);
  CHECK(slope[4] == 0);
}

TEST_CASE_TEMPLATE("every width of vectors gives the same bits", T, float, double) {
  const auto a = arguments<T>(30);
  const auto widest = wide<elementwise::Tanh>(a);
  std::vector<T> plain(a.size());
  elementwise::Tanh::run(a.data(), plain.data(), static_cast<Index>(a.size()));
  CHECK(widest == plain);
}
