// lyap/elementwise.hpp - tanh, the logistic function and their slopes, in loops that vectorise.
//
// All four come from one exponential, e^-y for y >= 0, kept as 2^k (1 + p) with p = e^-r - 1 and
// |r| <= ln2 / 2: so tanh is exact to a few units in the last place near 0 and the slopes keep
// their relative accuracy far into saturation, where 1 - tanh^2 has none left.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

#include "lyap/tiles.hpp"
#include "lyap/views.hpp"
#include "lyap/wide.hpp"

#ifdef __FAST_MATH__
#error "lyap plugins are built without -ffast-math: rounding, NaN and infinity must mean something"
#endif

namespace lyap::elementwise {

template <Real T>
struct Bits;
template <>
struct Bits<double> {
  using Integer = std::uint64_t;
  static constexpr int mantissa = 52;
  // Adding this rounds to an integer, which is then found in the lowest bits.
  static constexpr double round = 0x1.8p52;
  static constexpr double ln2_high = 0x1.62e42fefa0000p-1, ln2_low = 0x1.cf79abc9e3b3ap-40;
  static constexpr double furthest = 708;  // e^-708 is still a normal number
};
template <>
struct Bits<float> {
  using Integer = std::uint32_t;
  static constexpr int mantissa = 23;
  static constexpr float round = 0x1.8p23f;
  static constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  static constexpr float furthest = 87;
};

/// e^-y = scale (1 + p).
template <Real T>
struct Decay {
  T scale, p;
  T value() const { return scale + scale * p; }
};

/// e^r - 1 = r + r^2 q(r) for |r| <= ln2 / 2: q by its series.
[[gnu::always_inline]] inline double exp_less_one(double r) {
  double q = 1.0 / 6227020800;
  q = q * r + 1.0 / 479001600;
  q = q * r + 1.0 / 39916800;
  q = q * r + 1.0 / 3628800;
  q = q * r + 1.0 / 362880;
  q = q * r + 1.0 / 40320;
  q = q * r + 1.0 / 5040;
  q = q * r + 1.0 / 720;
  q = q * r + 1.0 / 120;
  q = q * r + 1.0 / 24;
  q = q * r + 1.0 / 6;
  q = q * r + 0.5;
  return r + r * r * q;
}
/// q by the quartic that leaves the least relative error, a ninth of a unit in the last place.
/// Even and odd powers apart: a loop over gates waits for this sum more than for anything else.
[[gnu::always_inline]] inline float exp_less_one(float r) {
  const float square = r * r;
  const float low = 0.49999998154f + 0.166665436203f * r;
  const float high = (0.04166719986f + 0.00836652068f * r) + 0.001388252168f * square;
  return r + square * (low + square * high);
}

/// y >= 0 or NaN; beyond `furthest` it stays what it is there (1e-38 or 1e-308).
template <Real T>
[[gnu::always_inline]] inline Decay<T> decay(T y) {
  using B = Bits<T>;
  using Integer = typename B::Integer;
  const T x = y > B::furthest ? -B::furthest : -y;
  const T shifted = x * T(1.4426950408889634) + B::round;
  const T k = shifted - B::round;
  const T r = (x - k * B::ln2_high) - k * B::ln2_low;
  const T p = exp_less_one(r);
  const Integer exponent = std::bit_cast<Integer>(shifted) << B::mantissa;
  return {std::bit_cast<T>(std::bit_cast<Integer>(T(1)) + exponent), p};
}

/// Within 3 units in the last place in both precisions; +-1 beyond, NaN stays NaN, -0 stays -0.
template <Real T>
[[gnu::always_inline]] inline T tanh(T a) {
  const Decay<T> e = decay(2 * std::fabs(a));
  const T less_one = (e.scale - 1) + e.scale * e.p;  // e^-2|a| - 1
  return std::copysign(-less_one / (2 + less_one), a);
}

/// 1 - tanh(a)^2 = 4 e^-2|a| / (1 + e^-2|a|)^2, within 4 units in the last place up to |a| = 354
/// (double) and 43 (float), 0 beyond.
template <Real T>
[[gnu::always_inline]] inline T tanh_slope(T a) {
  const T y = 2 * std::fabs(a), e = y > Bits<T>::furthest ? T(0) : decay(y).value();
  return 4 * e / ((1 + e) * (1 + e));
}

/// 1 / (1 + e^-a) within 3 units in the last place, also far to the left, where it is e^a.
template <Real T>
[[gnu::always_inline]] inline T sigmoid(T a) {
  const T y = std::fabs(a), e = y > Bits<T>::furthest ? T(0) : decay(y).value();
  return (a < 0 ? e : T(1)) / (1 + e);
}

/// sigmoid(a) (1 - sigmoid(a)) = e^-|a| / (1 + e^-|a|)^2, within 4 units in the last place.
template <Real T>
[[gnu::always_inline]] inline T sigmoid_slope(T a) {
  const T y = std::fabs(a), e = y > Bits<T>::furthest ? T(0) : decay(y).value();
  return e / ((1 + e) * (1 + e));
}

/// A function and its slope at the same place, from one exponential and one division. The value
/// has the same bits as that alone; the slope is within 4.5 units in the last place.
template <Real T>
struct WithSlope {
  T value, slope;
};
/// e^-y times a factor, without rounding e^-y first.
template <Real T>
[[gnu::always_inline]] inline T times(const Decay<T>& e, T factor) {
  return e.scale * (factor + e.p * factor);
}
/// The slope is e^-2|a| (1 + |tanh a|)^2.
template <Real T>
[[gnu::always_inline]] inline WithSlope<T> tanh_with_slope(T a) {
  const T y = 2 * std::fabs(a);
  Decay<T> e = decay(y);
  e.scale = y > Bits<T>::furthest ? T(0) : e.scale;
  const T less_one = (e.scale - 1) + e.scale * e.p;
  const T value = -less_one / (2 + less_one), more = 1 + value;
  return {std::copysign(value, a), times(e, more * more)};
}
/// The slope is s (1 - s), and e^-a s^2 where 1 - s has lost digits.
template <Real T>
[[gnu::always_inline]] inline WithSlope<T> sigmoid_with_slope(T a) {
  const T y = std::fabs(a);
  Decay<T> e = decay(y);
  e.scale = y > Bits<T>::furthest ? T(0) : e.scale;
  const T by = e.value(), value = (a < 0 ? by : T(1)) / (1 + by);
  return {value, value > T(0.7) ? times(e, value * value) : value * (1 - value)};
}

/// Loops for run_wide: out[i] = f(a[i]), i < n; `a` may be `out`.
#define LYAP_ELEMENTWISE(Name, function)                                  \
  struct Name {                                                           \
    template <Real T>                                                     \
    [[gnu::always_inline]] static void run(const T* a, T* out, Index n) { \
      for (Index i = 0; i < n; ++i) out[i] = function(a[i]);              \
    }                                                                     \
  };
LYAP_ELEMENTWISE(Tanh, tanh)
LYAP_ELEMENTWISE(TanhSlope, tanh_slope)
LYAP_ELEMENTWISE(Sigmoid, sigmoid)
LYAP_ELEMENTWISE(SigmoidSlope, sigmoid_slope)
#undef LYAP_ELEMENTWISE

/// The same with slopes: value[i] = f(a[i]) and the slope at slope[i], or in the place of a[i].
#define LYAP_ELEMENTWISE(Name, function)                                                    \
  struct Name {                                                                             \
    template <Real T>                                                                       \
    [[gnu::always_inline]] static void run(const T* __restrict a, T* __restrict value,      \
                                           T* __restrict slope, Index n) {                  \
      for (Index i = 0; i < n; ++i) {                                                       \
        const WithSlope<T> f = function(a[i]);                                              \
        value[i] = f.value, slope[i] = f.slope;                                             \
      }                                                                                     \
    }                                                                                       \
    template <Real T>                                                                       \
    [[gnu::always_inline]] static void run(T* __restrict a, T* __restrict value, Index n) { \
      for (Index i = 0; i < n; ++i) {                                                       \
        const WithSlope<T> f = function(a[i]);                                              \
        value[i] = f.value, a[i] = f.slope;                                                 \
      }                                                                                     \
    }                                                                                       \
  };
LYAP_ELEMENTWISE(TanhWithSlope, tanh_with_slope)
LYAP_ELEMENTWISE(SigmoidWithSlope, sigmoid_with_slope)
#undef LYAP_ELEMENTWISE

/// The same for a matrix with gaps between columns.
template <class Loop>
struct EachColumn {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* a, Index a_stride, T* out, Index out_stride,
                                         Index rows, Index cols) {
    for (Index j = 0; j < cols; ++j) Loop::run(a + j * a_stride, out + j * out_stride, rows);
  }
};

/// For loops with slopes.
template <class Loop>
struct EachColumnWithSlope {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* a, Index a_stride, T* value, Index value_stride,
                                         T* slope, Index slope_stride, Index rows, Index cols) {
    for (Index j = 0; j < cols; ++j)
      if (a == slope)
        Loop::run(slope + j * slope_stride, value + j * value_stride, rows);
      else
        Loop::run(a + j * a_stride, value + j * value_stride, slope + j * slope_stride, rows);
  }
};
/// value = f(a), slope = f'(a), which may stand where `a` did: apply<TanhWithSlope>.
template <class Loop, Real T>
void apply(const ConstViewOf<T>& a, ViewOf<T> value, ViewOf<T> slope) {
  run_beside_products<EachColumnWithSlope<Loop>>(a.data(), a.outerStride(), value.data(),
                                                 value.outerStride(), slope.data(),
                                                 slope.outerStride(), a.rows(), a.cols());
}

/// out = f(a): apply<Tanh>(a, out). The two may be the same.
template <class Loop, Real T>
void apply(const ConstViewOf<T>& a, ViewOf<T> out) {
  run_wide<EachColumn<Loop>>(a.data(), a.outerStride(), out.data(), out.outerStride(), a.rows(),
                             a.cols());
}

}  // namespace lyap::elementwise
