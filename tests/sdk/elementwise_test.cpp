// tests/sdk/elementwise_test.cpp - accuracy of tanh, the logistic function and their slopes.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <lyap/elementwise.hpp>
#include <lyap/fused.hpp>
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
/// The slopes of a loop that makes them beside the values.
template <class Loop>
struct SlopesOf {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* a, T* slope, Index n) {
    std::vector<T> value(static_cast<std::size_t>(n));
    Loop::run(a, value.data(), slope, n);
  }
};
/// The same with multiplications and additions fused.
template <class Loop>
struct Fused {
  template <int Lanes, Real T>
  [[gnu::always_inline]] static void run(const T* a, T* out, Index n) {
    LYAP_FUSED
    Loop::run(a, out, n);
  }
  template <Real T>
  static void run(const T* a, T* out, Index n) {
    run_fused<Fused>(widest_lanes(), a, out, n);
  }
};
template <class Loop, Real T>
std::vector<T> wide(const std::vector<T>& a) {
  std::vector<T> out(a.size());
  run_wide<Loop>(a.data(), out.data(), static_cast<Index>(a.size()));
  return out;
}

/// Positive and negative numbers in turn, from the smallest normal one to `furthest`: in float
/// every 499th there is, in double as many, evenly by their bits and so by their order of
/// magnitude.
template <Real T>
std::vector<T> arguments(double furthest) {
  using Bits = typename elementwise::Bits<T>::Integer;
  const Bits from = std::bit_cast<Bits>(std::numeric_limits<T>::min());
  const Bits to = std::bit_cast<Bits>(static_cast<T>(furthest));
  const Bits step = std::is_same_v<T, float> ? 499 : (to - from) / 2000003;
  std::vector<T> a;
  for (Bits bits = from; bits <= to; bits += step)
    a.push_back(a.size() % 2 ? -std::bit_cast<T>(bits) : std::bit_cast<T>(bits));
  return a;
}
/// Largest difference of f from the truth, in units of the last place.
template <class Loop, Real T, class Truth>
double worst(double furthest, Truth&& truth) {
  const std::vector<T> a = arguments<T>(furthest), found = wide<Loop>(a);
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    most = std::max(most, units(found[i], truth(static_cast<long double>(a[i]))));
  return most;
}

}  // namespace

TEST_CASE_TEMPLATE("tanh, sigmoid and their slopes are within their units in the last place", T,
                   float, double) {
  // Beyond these the true value is no normal number.
  const double range = std::is_same_v<T, double> ? 708 : 87;
  const auto e = [](long double x) { return std::exp(-std::fabs(x)); };
  const double tanh =
      worst<elementwise::Tanh, T>(range, [](long double x) -> long double { return std::tanh(x); });
  const double tanh_slope = worst<elementwise::TanhSlope, T>(
      range / 2, [&](long double x) { return 4 * e(2 * x) / ((1 + e(2 * x)) * (1 + e(2 * x))); });
  const double sigmoid = worst<elementwise::Sigmoid, T>(
      range, [](long double x) -> long double { return 1 / (1 + std::exp(-x)); });
  const double sigmoid_slope = worst<elementwise::SigmoidSlope, T>(
      range, [&](long double x) { return e(x) / ((1 + e(x)) * (1 + e(x))); });
  const double tanh_slope_beside = worst<SlopesOf<elementwise::TanhWithSlope>, T>(
      range / 2, [&](long double x) { return 4 * e(2 * x) / ((1 + e(2 * x)) * (1 + e(2 * x))); });
  const double sigmoid_slope_beside = worst<SlopesOf<elementwise::SigmoidWithSlope>, T>(
      range, [&](long double x) { return e(x) / ((1 + e(x)) * (1 + e(x))); });
  MESSAGE("units in the last place: tanh "
          << tanh << ", its slope " << tanh_slope << " or " << tanh_slope_beside << ", sigmoid "
          << sigmoid << ", its slope " << sigmoid_slope << " or " << sigmoid_slope_beside);
  CHECK(tanh < 3);
  CHECK(tanh_slope < 5);
  CHECK(sigmoid < 3);
  CHECK(sigmoid_slope < 5);
  CHECK(tanh_slope_beside < 5);
  CHECK(sigmoid_slope_beside < 5);
}

TEST_CASE_TEMPLATE("fused multiplication and addition leave them within the same units", T, float,
                   double) {
  const double range = std::is_same_v<T, double> ? 708 : 87;
  const double tanh = worst<Fused<elementwise::Tanh>, T>(
      range, [](long double x) -> long double { return std::tanh(x); });
  const double sigmoid = worst<Fused<elementwise::Sigmoid>, T>(
      range, [](long double x) -> long double { return 1 / (1 + std::exp(-x)); });
  const double slope = worst<Fused<elementwise::TanhSlope>, T>(range / 2, [](long double x) {
    const long double e = std::exp(-2 * std::fabs(x));
    return 4 * e / ((1 + e) * (1 + e));
  });
  MESSAGE("units in the last place: tanh " << tanh << ", its slope " << slope << ", sigmoid "
                                           << sigmoid);
  CHECK(tanh < 3);
  CHECK(sigmoid < 3);
  CHECK(slope < 5);
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
  const auto n = static_cast<Index>(a.size());
  const auto widest = wide<elementwise::Tanh>(a);
  std::vector<T> plain(a.size());
  elementwise::Tanh::run(a.data(), plain.data(), n);
  CHECK(widest == plain);
  const auto slopes = wide<SlopesOf<elementwise::SigmoidWithSlope>>(a);
  SlopesOf<elementwise::SigmoidWithSlope>::run(a.data(), plain.data(), n);
  CHECK(slopes == plain);
}

TEST_CASE_TEMPLATE("a value beside its slope has the bits of that alone, also in its place", T,
                   float, double) {
  auto a = arguments<T>(100);
  a.insert(a.end(), {T(0), T(-0.0), T(1000), T(-1000)});
  const auto n = static_cast<Index>(a.size());
  std::vector<T> value(a.size()), slope(a.size());
  elementwise::TanhWithSlope::run(a.data(), value.data(), slope.data(), n);
  CHECK(value == wide<elementwise::Tanh>(a));
  CHECK(slope.back() == 0);
  elementwise::SigmoidWithSlope::run(a.data(), value.data(), slope.data(), n);
  CHECK(value == wide<elementwise::Sigmoid>(a));
  CHECK(slope.back() == 0);
  elementwise::SigmoidWithSlope::run(a.data(), value.data(), n);
  CHECK(a == slope);
}
