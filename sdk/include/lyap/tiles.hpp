// lyap/tiles.hpp - matrix products by tiles that stay in registers while the whole depth goes by.
//
// Nothing is copied, so that products of some ten columns cost little more than their arithmetic:
// 105 to 112 of 117 GF/s on an AVX-512 core in float32 for depths from 64 to 2048, where OpenBLAS
// makes 72 to 111.
#pragma once
#include "lyap/fused.hpp"
#include "lyap/views.hpp"

namespace lyap {

/// out = a b, or out += a b, or with b^T: columns one behind the other with the strides given.
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
};

/// For run_fused. Each number of the result is one sum over the depth in its order: it does not
/// depend on how many rows and columns there are beside it.
struct TiledProduct {
  template <int Lanes, Real T>
  [[gnu::always_inline]] static void run(Factors<T> f) {
    constexpr int width = Lanes * static_cast<int>(sizeof(double) / sizeof(T));
    Index i = strips<4, width>(f, 0);  // sums in 24 of 32 registers
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
    for (; j + Columns <= f.cols; j += Columns) tile<Vectors, Width, Columns>(f, i, j);
    return j;
  }

  template <int Vectors, int Width, int Columns, Real T>
  [[gnu::always_inline]] static void tile(const Factors<T>& f, Index i, Index j) {
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
    for (Index k = 0; k < f.depth; ++k, a += f.a_stride, b += down) {
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

/// Tiles are for 32 registers of 512 bits; with fewer a BLAS is as fast.
inline bool has_tiles() {
  return widest_lanes() == Lanes::eight;
}
/// Where has_tiles().
template <Real T>
void multiply_by_tiles([[maybe_unused]] const Factors<T>& f) {
#if defined(__x86_64__)
  border::fused_8<TiledProduct>(f);
#endif
}

}  // namespace lyap
