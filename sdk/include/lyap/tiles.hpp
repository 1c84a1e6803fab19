// lyap/tiles.hpp - matrix products by tiles that stay in registers while the whole depth goes by.
//
// Nothing is copied, so that products of some ten columns cost little more than their arithmetic:
// 105 to 112 of 117 GF/s on an AVX-512 core in float32 for depths from 64 to 2048, where OpenBLAS
// makes 72 to 111.
#pragma once
#include <algorithm>

#include "lyap/ahead.hpp"
#include "lyap/fused.hpp"
#include "lyap/views.hpp"

namespace lyap {

/// out = a b, or out += a b, or with b^T: columns one behind the other with the strides given.
/// Meanwhile bytes from .. from+bytes-1 of `ahead` are fetched, as far as there is time.
template <Real T>
struct Factors {
  Index rows, cols, depth;
  const T* a;
  Index a_stride;
  const T* b;
  Index b_stride;
  bool b_transposed;
  T* out;
  Index out_stride;
  bool add;
  const Ahead* ahead = nullptr;
  Index ahead_from = 0, ahead_bytes = 0;
};

/// For run_fused. Each number of the result is one sum over the depth in its order: it does not
/// depend on how many rows and columns there are beside it.
struct TiledProduct {
  template <int Lanes, Real T>
  [[gnu::always_inline]] static void run(Factors<T> f) {
    constexpr int width = Lanes * static_cast<int>(sizeof(double) / sizeof(T));
    constexpr int vectors = Lanes == 8 ? 4 : 2;  // sums in 24 of 32 registers, or 12 of 16
    Index i = strips<vectors, width>(f, 0);
    i = strips<1, width>(f, i);
    if constexpr (width > 8) i = strips<1, 8>(f, i);
    if constexpr (width > 4) i = strips<1, 4>(f, i);
    strips<1, 1>(f, i);
  }

 private:
  template <class T, int Width>
  struct Numbers {
    typedef T Type __attribute__((vector_size(Width * sizeof(T)), aligned(sizeof(T)), may_alias));
  };
  template <class T>
  struct Numbers<T, 1> {
    typedef T Type;
  };

  /// Rows i .. of the result, as many as there are whole strips; gives the first row left.
  template <int Vectors, int Width, Real T>
  [[gnu::always_inline]] static Index strips(const Factors<T>& f, Index i) {
    for (; i + Vectors * Width <= f.rows; i += Vectors * Width) {
      Index j = tiles<Vectors, Width, 6>(f, i, 0);
      j = tiles<Vectors, Width, 2>(f, i, j);
      tiles<Vectors, Width, 1>(f, i, j);
    }
    return i;
  }
  template <int Vectors, int Width, int Columns, Real T>
  [[gnu::always_inline]] static Index tiles(const Factors<T>& f, Index i, Index j) {
    const Index count = (f.cols - j) / Columns, share = count > 0 ? f.ahead_bytes / count : 0;
    for (Index n = 0; n < count; ++n, j += Columns) {
      if (Columns < 6 || share == 0)
        tile<Vectors, Width, Columns>(f, i, j, f.a, 0);
      else
        tile<Vectors, Width, Columns>(f, i, j, f.ahead->at(f.ahead_from + n * share), share);
    }
    return j;
  }

  template <int Vectors, int Width, int Columns, Real T>
  [[gnu::always_inline]] static void tile(const Factors<T>& f, Index i, Index j, const void* soon,
                                          Index bytes) {
    LYAP_FUSED
    using Vector = typename Numbers<T, Width>::Type;
    Vector sums[Columns][Vectors];
    LYAP_UNROLLED
    for (int c = 0; c < Columns; ++c) LYAP_UNROLLED
    for (int v = 0; v < Vectors; ++v)
      sums[c][v] = f.add ? *at<Vector>(f.out + i + (j + c) * f.out_stride + v * Width) : Vector{};
    const Index right = f.b_transposed ? 1 : f.b_stride, down = f.b_transposed ? f.b_stride : 1;
    const T* a = f.a + i;
    const T* b = f.b + j * right;
    const char* fetched = static_cast<const char*>(soon);
    const Index pace = bytes == 0 ? 0 : std::min<Index>(64, bytes / f.depth + 1);
    for (Index k = 0; k < f.depth; ++k, a += f.a_stride, b += down, fetched += pace) {
      __builtin_prefetch(fetched);
      Vector x[Vectors];
      LYAP_UNROLLED
      for (int v = 0; v < Vectors; ++v) x[v] = *at<const Vector>(a + v * Width);
      LYAP_UNROLLED
      for (int c = 0; c < Columns; ++c) {
        const T y = b[c * right];
        LYAP_UNROLLED
        for (int v = 0; v < Vectors; ++v) sums[c][v] += x[v] * y;
      }
    }
    LYAP_UNROLLED
    for (int c = 0; c < Columns; ++c) LYAP_UNROLLED
    for (int v = 0; v < Vectors; ++v)
      *at<Vector>(f.out + i + (j + c) * f.out_stride + v * Width) = sums[c][v];
  }
  template <class Vector, class T>
  [[gnu::always_inline]] static Vector* at(T* numbers) {
    return reinterpret_cast<Vector*>(numbers);
  }
};

/// Whether tiles are quicker than a BLAS: with 32 registers of 512 bits. With fewer it is as fast.
inline bool has_tiles() {
  return widest_lanes() == Lanes::eight;
}
template <Real T>
void multiply_by_tiles(const Factors<T>& f) {
  run_fused<TiledProduct>(widest_lanes(), f);
}

/// A loop over elements for run_fused.
template <class Loop>
struct FusedLoop {
  template <int Lanes, class... Arguments>
  [[gnu::always_inline]] static void run(Arguments... arguments) {
    LYAP_FUSED
    Loop::run(arguments...);
  }
};

/// run_wide for a loop that stands between products: where these are made by tiles, whose rounding
/// is this processor's own, multiplications and additions are fused, which takes a quarter less
/// time.
template <class Loop, class... Arguments>
void run_beside_products(Arguments... arguments) {
  if (has_tiles())
    run_fused<FusedLoop<Loop>>(Lanes::eight, arguments...);
  else
    run_wide<Loop>(arguments...);
}

}  // namespace lyap
