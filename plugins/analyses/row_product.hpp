// plugins/analyses/row_product.hpp - J Z for tangent vectors kept by rows, dense or as the L of an
// LU.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "aligned_lines.hpp"
#include "octets.hpp"
#include "sparse_columns.hpp"

namespace lyap::analyses {

/// What a product may pass over: of the strip's rows, the first `one` have zeros behind their first
/// octet and the first `two` behind their second; row i of J left of column i.
struct Zeros {
  Index one = 0, two = 0;
  bool left_of_J = false;
};

/// One strip of columns of C = J B: registers hold a tile of C while all of J's columns go by.
struct ProductOfStrip {
  /// Widest strip in octets, and rows of a tile: 24 of 32 registers of eight, 8 of 16 others.
  template <int Lanes>
  static constexpr int most_octets = Lanes == 8 ? 3 : 1;

  /// c: m rows; J: `inner` columns of m rows with room up to a whole octet; strip: inner rows of
  /// `octets` octets.
  template <int Lanes>
  [[gnu::always_inline]] static void run(int octets, const double* const* J, const double* strip,
                                         Index m, Index inner, Zeros zeros, double* c,
                                         Index c_stride) {
    if constexpr (most_octets<Lanes> == 3) {
      if (octets == 3) return tiles<Lanes, 3>(J, strip, m, inner, zeros, c, c_stride);
      if (octets == 2) return tiles<Lanes, 2>(J, strip, m, inner, zeros, c, c_stride);
    }
    tiles<Lanes, 1>(J, strip, m, inner, zeros, c, c_stride);
  }

 private:
  template <int Lanes>
  static constexpr int rows = Lanes;

  template <int Lanes, int Octets>
  [[gnu::always_inline]] static void tiles(const double* const* J, const double* strip, Index m,
                                           Index inner, Zeros zeros, double* c, Index c_stride) {
    constexpr int R = rows<Lanes>;
    for (Index i = 0; i < m; i += R) {
      Octet<Lanes> acc[R][Octets];
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r) LYAP_UNROLLED
      for (int o = 0; o < Octets; ++o) acc[r][o].clear();
      Index from = zeros.left_of_J ? std::min(i, inner) : 0;
      if constexpr (Octets > 1)
        if (from < zeros.one) add<1>(J, i, strip, from, zeros.one, acc), from = zeros.one;
      if constexpr (Octets > 2)
        if (from < zeros.two) add<2>(J, i, strip, from, zeros.two, acc), from = zeros.two;
      add<Octets>(J, i, strip, from, inner, acc);
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r)
        if (i + r < m) LYAP_UNROLLED
      for (int o = 0; o < Octets; ++o) acc[r][o].store(c + (i + r) * c_stride + 8 * o);
    }
  }

  /// acc += J(i .., q) strip(q, the first Active octets), q = from .. to-1.
  template <int Active, int Lanes, int Rows, int Octets>
  [[gnu::always_inline]] static void add(const double* const* J, Index i, const double* strip,
                                         Index from, Index to, Octet<Lanes> (&acc)[Rows][Octets]) {
    for (Index q = from; q < to; ++q) {
      const double* column = J[q] + i;
      __builtin_prefetch(column + Rows, 0, 2);  // a page away from the next column at n = 512
      Octet<Lanes> x[Active];
      LYAP_UNROLLED
      for (int o = 0; o < Active; ++o) x[o].load(strip + 8 * (q * Octets + o));
      LYAP_UNROLLED
      for (int r = 0; r < Rows; ++r) LYAP_UNROLLED
      for (int o = 0; o < Active; ++o) acc[r][o].add(column[r], x[o]);
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

/// For run_wide: C += the sparse columns of J times Z.
struct AddEntries {
  [[gnu::always_inline]] static void run(const SparseColumns::Entry* entries, Index count,
                                         const double* Z, Index Z_stride, RowsOf of, double* C,
                                         Index C_stride) {
    for (Index e = 0; e < count; ++e) {
      const auto [row, q, number] = entries[e];
      const double* __restrict z = Z + (of.order ? of.order[q] : q) * Z_stride;
      double* __restrict c = C + row * C_stride;
      const Index known = of.order ? std::min<Index>(q, of.k) : of.k;
      for (Index j = 0; j < known; ++j) c[j] += number * z[j];
      if (known < of.k) c[known] += number;  // L's diagonal
    }
  }
};

}  // namespace detail

/// Products with tangent vectors kept by rows. [one thread per object]
class RowProduct {
 public:
  /// For up to n rows of Z.
  RowProduct(Lanes lanes, Index n)
      : lanes_(lanes),
        most_(lanes == Lanes::eight ? ProductOfStrip::most_octets<8>
                                    : ProductOfStrip::most_octets<4>),
        strip_(1, 24 * n),
        columns_(static_cast<std::size_t>(n)),
        sparse_(n) {}

  /// C = J Z, both by rows, C's of m numbers beyond Z's; J's lines are its columns (m rows), in the
  /// order of Z's rows. Sparse columns of J cost next to nothing.
  void multiply(const AlignedLines& J, Index m, const AlignedLines& Z, const RowsOf& of,
                AlignedLines& C) {
    sparse_.look(J, m, of.n);
    const auto dense = sparse_.dense();
    // How many of the dense columns stand before column q of J.
    const auto before = [&](Index q) {
      return std::lower_bound(dense.begin(), dense.end(), q) - dense.begin();
    };
    for_strips(of.k, [&](Index j, int wide) {
      const Index first = of.order ? before(j) : 0;
      const Index inner = static_cast<Index>(dense.size()) - first;
      for (Index p = 0; p < inner; ++p) {
        const Index q = dense[static_cast<std::size_t>(first + p)];
        detail::copy_row(Z, of, q, j, 8 * wide, strip_.line(0) + p * 8 * wide);
        columns_[static_cast<std::size_t>(p)] = J.line(q);
      }
      Zeros zeros;
      if (of.order) zeros = {before(j + 8) - first, before(j + 16) - first};
      run(wide, m, inner, zeros, C.line(0) + j, C.stride());
    });
    const auto entries = sparse_.entries();
    run_wide<detail::AddEntries>(entries.data(), static_cast<Index>(entries.size()), Z.line(0),
                                 Z.stride(), of, C.line(0), C.stride());
  }

  /// C = L^T L, k x k, on and below the diagonal, and all of the octets that hold it; L's lines are
  /// the rows of a lower trapezoidal n x k.
  void gram_of_lower(const AlignedLines& L, Index n, Index k, AlignedLines& C) {
    for_strips(k, [&](Index j, int wide) {
      const Index inner = n - j;
      for (Index p = 0; p < inner; ++p) {
        const double* row = L.line(j + p) + j;
        std::copy(row, row + 8 * wide, strip_.line(0) + p * 8 * wide);
        columns_[static_cast<std::size_t>(p)] = row;
      }
      const Zeros zeros{std::min<Index>(8, inner), std::min<Index>(16, inner), true};
      run(wide, k - j, inner, zeros, C.line(j) + j, C.stride());
    });
  }

 private:
  /// body(first column, width in octets)
  template <class Body>
  void for_strips(Index k, Body&& body) const {
    const Index octets = whole_octets(k) / 8;
    for (Index o = 0; o < octets; o += most_)
      body(8 * o, static_cast<int>(std::min<Index>(most_, octets - o)));
  }
  void run(int wide, Index m, Index inner, Zeros zeros, double* c, Index c_stride) const {
    run_fused<ProductOfStrip>(lanes_, wide, static_cast<const double* const*>(columns_.data()),
                              strip_.line(0), m, inner, zeros, c, c_stride);
  }

  Lanes lanes_;
  int most_;
  AlignedLines strip_;
  std::vector<const double*> columns_;  // of J, by rows of the strip
  SparseColumns sparse_;
};

/// The rows of Z in their order, without what else is kept in them.
inline void copy_rows(const AlignedLines& Z, const RowsOf& of, AlignedLines& to) {
  for (Index q = 0; q < of.n; ++q) detail::copy_row(Z, of, q, 0, whole_octets(of.k), to.line(q));
}

}  // namespace lyap::analyses
