// lyap/column_loops.hpp - sums and products of matrices, for run_wide: whole matrices at a time,
// with gaps between columns.
#pragma once
#include "lyap/views.hpp"
#include "lyap/wide.hpp"

namespace lyap::loops {

/// x op y, beside what stands there already.
struct Sum {
  template <Real T>
  [[gnu::always_inline]] static T of(T x, T y, T) {
    return x + y;
  }
};
struct Difference {
  template <Real T>
  [[gnu::always_inline]] static T of(T x, T y, T) {
    return x - y;
  }
};
struct Product {
  template <Real T>
  [[gnu::always_inline]] static T of(T x, T y, T) {
    return x * y;
  }
};
struct PlusProduct {
  template <Real T>
  [[gnu::always_inline]] static T of(T x, T y, T there) {
    return there + x * y;
  }
};

/// out(i, j) = x(i, j / k) op y(i, j): k columns for each of the samples. A stride of 0 is the same
/// column for all.
template <class Op>
struct Pairwise {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* x, Index x_stride, const T* y, Index y_stride,
                                         T* out, Index out_stride, Index rows, Index samples,
                                         Index k) {
    for (Index s = 0; s < samples; ++s, x += x_stride)
      for (Index j = 0; j < k; ++j, y += y_stride, out += out_stride) {
        const T* __restrict a = x, * __restrict b = y;
        T* __restrict to = out;
        for (Index i = 0; i < rows; ++i) to[i] = Op::of(a[i], b[i], to[i]);
      }
  }
};

/// out = c x, or out += c x.
template <bool Add>
struct Scaled {
  template <Real T>
  [[gnu::always_inline]] static void run(T c, const T* x, Index x_stride, T* out, Index out_stride,
                                         Index rows, Index cols) {
    for (Index j = 0; j < cols; ++j, x += x_stride, out += out_stride) {
      const T* __restrict a = x;
      T* __restrict to = out;
      for (Index i = 0; i < rows; ++i) to[i] = Add ? to[i] + c * a[i] : c * a[i];
    }
  }
};

/// out(i) += sum_j x(i, j) y(i, j), or of x alone.
template <bool Two>
struct SumOfColumns {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* x, Index x_stride, const T* y, Index y_stride,
                                         T* out, Index rows, Index cols) {
    for (Index j = 0; j < cols; ++j, x += x_stride, y += y_stride) {
      const T* __restrict a = x, * __restrict b = y;
      T* __restrict to = out;
      for (Index i = 0; i < rows; ++i) to[i] += Two ? a[i] * b[i] : a[i];
    }
  }
};

/// diag(scale) D with a scale for each sample; `order`, when there is one, says which column of D
/// stands in column j: order[j] - from, and zero outside 0 .. limit-1.
template <Real T>
struct Addend {
  const T* scale;
  Index scale_stride;
  const T* data;
  Index stride;
  const Index* order;
  Index from, limit;
};

/// out = the sum of the addends, column by column.
struct SumOfAddends {
  template <Real T>
  [[gnu::always_inline]] static void run(const Addend<T>* addends, Index count, Index rows,
                                         Index samples, Index k, T* out, Index out_stride) {
    const T *scales[4], *data[4];
    for (Index s = 0, j = 0; s < samples; ++s)
      for (Index q = 0; q < k; ++q, ++j, out += out_stride) {
        int held = 0;
        bool add = false;
        for (Index t = 0; t < count; ++t) {
          const Addend<T>& one = addends[t];
          const Index at = one.order ? one.order[j] - one.from : j;
          if (one.order && (at < 0 || at >= one.limit)) continue;
          if (held == 4) put(4, add, scales, data, out, rows), held = 0, add = true;
          scales[held] = one.scale + s * one.scale_stride,
          data[held++] = one.data + at * one.stride;
        }
        put(held, add, scales, data, out, rows);
      }
  }

 private:
  template <Real T>
  [[gnu::always_inline]] static void put(int held, bool add, const T* const* scales,
                                         const T* const* data, T* out, Index rows) {
    if (add) {
      if (held == 1) sum<1, true>(scales, data, out, rows);
      if (held == 2) sum<2, true>(scales, data, out, rows);
      if (held == 3) sum<3, true>(scales, data, out, rows);
      if (held == 4) sum<4, true>(scales, data, out, rows);
      return;
    }
    if (held == 0)
      for (Index i = 0; i < rows; ++i) out[i] = 0;
    if (held == 1) sum<1, false>(scales, data, out, rows);
    if (held == 2) sum<2, false>(scales, data, out, rows);
    if (held == 3) sum<3, false>(scales, data, out, rows);
    if (held == 4) sum<4, false>(scales, data, out, rows);
  }
  template <int Held, bool Add, Real T>
  [[gnu::always_inline]] static void sum(const T* const* scales, const T* const* data, T* out,
                                         Index rows) {
    const T* __restrict a = scales[0], * __restrict x = data[0];
    const T* __restrict b = scales[Held > 1 ? 1 : 0], * __restrict y = data[Held > 1 ? 1 : 0];
    const T* __restrict c = scales[Held > 2 ? 2 : 0], * __restrict z = data[Held > 2 ? 2 : 0];
    const T* __restrict d = scales[Held > 3 ? 3 : 0], * __restrict w = data[Held > 3 ? 3 : 0];
    T* __restrict to = out;
    for (Index i = 0; i < rows; ++i) {
      T all = a[i] * x[i];
      if (Held > 1) all += b[i] * y[i];
      if (Held > 2) all += c[i] * z[i];
      if (Held > 3) all += d[i] * w[i];
      to[i] = Add ? to[i] + all : all;
    }
  }
};

}  // namespace lyap::loops
