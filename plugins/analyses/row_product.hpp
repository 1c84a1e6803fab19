// plugins/analyses/row_product.hpp - J Z for tangent vectors kept by rows, dense or as the L of an
// LU.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

#include "aligned_lines.hpp"
#include "octets.hpp"

namespace lyap::analyses {

/// What a product may pass over: octet o of the strip above row 8 o; row i of J left of column i.
struct Zeros {
  bool above_strip = false, left_of_J = false;
};

/// One strip of columns of C = J B: registers hold a tile of C while all of J's columns go by.
struct ProductOfStrip {
  /// Widest strip in octets, and rows of a tile: 24 of 32 registers of eight, 8 of 16 others.
  template <int Lanes>
  static constexpr int most_octets = Lanes == 8 ? 3 : 1;

  /// c: m rows; J: `inner` columns of m rows with room up to a whole octet; strip: inner rows of
  /// `octets` octets.
  template <int Lanes>
  [[gnu::always_inline]] static void run(int octets, const double* J, Index J_stride,
                                         const double* strip, Index m, Index inner, Zeros zeros,
                                         double* c, Index c_stride) {
    if constexpr (most_octets<Lanes> == 3) {
      if (octets == 3) return tiles<Lanes, 3>(J, J_stride, strip, m, inner, zeros, c, c_stride);
      if (octets == 2) return tiles<Lanes, 2>(J, J_stride, strip, m, inner, zeros, c, c_stride);
    }
    tiles<Lanes, 1>(J, J_stride, strip, m, inner, zeros, c, c_stride);
  }

 private:
  template <int Lanes>
  static constexpr int rows = Lanes;

  template <int Lanes, int Octets>
  [[gnu::always_inline]] static void tiles(const double* J, Index J_stride, const double* strip,
                                           Index m, Index inner, Zeros zeros, double* c,
                                           Index c_stride) {
    constexpr int R = rows<Lanes>;
    for (Index i = 0; i < m; i += R) {
      Octet<Lanes> acc[R][Octets];
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r) LYAP_UNROLLED
      for (int o = 0; o < Octets; ++o) acc[r][o].clear();
      Index from = zeros.left_of_J ? std::min(i, inner) : 0;
      if (zeros.above_strip) {
        if constexpr (Octets > 1)
          if (from < 8) add<1>(J + i, J_stride, strip, from, 8, acc), from = 8;
        if constexpr (Octets > 2)
          if (from < 16) add<2>(J + i, J_stride, strip, from, 16, acc), from = 16;
      }
      add<Octets>(J + i, J_stride, strip, from, inner, acc);
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r)
        if (i + r < m) LYAP_UNROLLED
      for (int o = 0; o < Octets; ++o) acc[r][o].store(c + (i + r) * c_stride + 8 * o);
    }
  }

  /// acc += J(rows, q) strip(q, the first Active octets), q = from .. to-1.
  template <int Active, int Lanes, int Rows, int Octets>
  [[gnu::always_inline]] static void add(const double* J, Index J_stride, const double* strip,
                                         Index from, Index to, Octet<Lanes> (&acc)[Rows][Octets]) {
    for (Index q = from; q < to; ++q) {
      Octet<Lanes> x[Active];
      LYAP_UNROLLED
      for (int o = 0; o < Active; ++o) x[o].load(strip + 8 * (q * Octets + o));
      LYAP_UNROLLED
      for (int r = 0; r < Rows; ++r) LYAP_UNROLLED
      for (int o = 0; o < Active; ++o) acc[r][o].add(J[q * J_stride + r], x[o]);
    }
  }
};

/// How Z's lines are its rows: as they are, or as row_lu() leaves L.
struct RowsOf {
  Index n, k;                           ///< Z: n x k
  const std::int64_t* order = nullptr;  ///< null: dense
};

namespace detail {

/// Columns j .. j + width-1 of row q of Z, in its order.
inline void copy_row(const AlignedLines& Z, const RowsOf& of, Index q, Index j, Index width,
                     double* to) {
  const double* row = Z.line(of.order ? of.order[q] : q) + j;
  std::copy(row, row + width, to);
  if (!of.order) return;
  // L has ones on its diagonal and nothing behind it; there U is kept.
  const Index known = std::min(q, of.k) - j;
  for (Index i = std::max<Index>(known, 0); i < width; ++i) to[i] = 0;
  if (q < of.k && known >= 0 && known < width) to[known] = 1;
}

}  // namespace detail

/// C = J Z, both by rows, C's of m numbers beyond Z's; J's lines are its columns (m rows), in the
/// order of Z's rows. scratch: 24 n numbers, aligned.
inline void row_product(Lanes lanes, const AlignedLines& J, Index m, const AlignedLines& Z,
                        const RowsOf& of, AlignedLines& C, double* scratch) {
  const Index octets = whole_octets(of.k) / 8;
  const int most =
      lanes == Lanes::eight ? ProductOfStrip::most_octets<8> : ProductOfStrip::most_octets<4>;
  for (Index o = 0; o < octets; o += most) {
    const int wide = static_cast<int>(std::min<Index>(most, octets - o));
    const Index j = 8 * o, first = of.order ? j : 0, inner = of.n - first;
    for (Index q = first; q < of.n; ++q)
      detail::copy_row(Z, of, q, j, 8 * wide, scratch + (q - first) * 8 * wide);
    const Zeros zeros{of.order && inner >= 8 * (wide - 1), false};
    run_fused<ProductOfStrip>(lanes, wide, J.line(first), J.stride(),
                              static_cast<const double*>(scratch), m, inner, zeros, C.line(0) + j,
                              C.stride());
  }
}

/// C = L^T L, k x k, on and below the diagonal, and all of the octets that hold it; L's lines are
/// the rows of a lower trapezoidal n x k. scratch: 24 n numbers, aligned.
inline void gram_of_lower(Lanes lanes, const AlignedLines& L, Index n, Index k, AlignedLines& C,
                          double* scratch) {
  const Index octets = whole_octets(k) / 8;
  const int most =
      lanes == Lanes::eight ? ProductOfStrip::most_octets<8> : ProductOfStrip::most_octets<4>;
  for (Index o = 0; o < octets; o += most) {
    const int wide = static_cast<int>(std::min<Index>(most, octets - o));
    const Index j = 8 * o;
    for (Index q = j; q < n; ++q)
      std::copy(L.line(q) + j, L.line(q) + j + 8 * wide, scratch + (q - j) * 8 * wide);
    const Zeros zeros{n - j >= 8 * (wide - 1), true};
    run_fused<ProductOfStrip>(lanes, wide, L.line(j) + j, L.stride(),
                              static_cast<const double*>(scratch), k - j, n - j, zeros,
                              C.line(j) + j, C.stride());
  }
}

/// The rows of Z in their order, without what else is kept in them.
inline void copy_rows(const AlignedLines& Z, const RowsOf& of, AlignedLines& to) {
  for (Index q = 0; q < of.n; ++q) detail::copy_row(Z, of, q, 0, whole_octets(of.k), to.line(q));
}

}  // namespace lyap::analyses
