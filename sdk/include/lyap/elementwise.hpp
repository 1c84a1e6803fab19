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

/// y >= 0 or NaN; beyond `furthest` it stays what it is there (1e-38 or 1e-308).
template <Real T>
[[gnu::always_inline]] inline Decay<T> decay(T y) {
  using B = Bits<T>;
  using Integer = typename B::Integer;
  const T x = y > B::furthest ? -B::furthest : -y;
  const T shifted = x * T(1.4426950408889634) + B::round;
  const T k = shifted - B::round;
  const T r = (x - k * B::ln2_high) - k * B::ln2_low;
  T p;  // e^r - 1 by its series
  if constexpr (std::is_same_v<T, double>) {
    p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
  } else {
    p = 1.0f / 5040;
  }
  p = p * r + T(1.0 / 720);
  p = p * r + T(1.0 / 120);
  p = p * r + T(1.0 / 24);
  p = p * r + T(1.0 / 6);
  p = p * r + T(0.5);
  p = r + r * r * p;
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

/// The same for a matrix with gaps between columns.
template <class Loop>
struct EachColumn {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* a, Index a_stride, T* out, Index out_stride,
                                         Index rows, Index cols) {
    for (Index j = 0; j < cols; ++j) Loop::run(a + j * a_stride, out + j * out_stride, rows);
  }
};

/// out = f(a): apply<Tanh>(a, out). The two may be the same.
template <class Loop, Real T>
void apply(const ConstViewOf<T>& a, ViewOf<T> out) {
  run_wide<EachColumn<Loop>>(a.data(), a.outerStride(), out.data(), out.outerStride(), a.rows(),
                             a.cols());
}

}  // namespace lyap::elementwise
