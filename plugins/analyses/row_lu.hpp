// plugins/analyses/row_lu.hpp - LU with row pivoting of a matrix kept by rows, which stay in place.
#pragma once
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>

#include "aligned_lines.hpp"
#include "octets.hpp"
#include "panel_lu.hpp"

namespace lyap::analyses {

/// Left-looking by panels of eight columns, so that everything but the last step of a panel is
/// rows -= L U with U of one octet: registers hold the rows while all earlier pivots are taken out.
/// Rows are reached through the list of their order and never move, which saves the exchange of
/// rows (a quarter of the time at n = 256) and suits a product that wants them in any order.
struct RowElimination {
  /// a: n rows `stride` apart, k <= n columns. `symmetric`: n = k, rows keep their order, and what
  /// is right of the octets on the diagonal is never read.
  template <int Lanes>
  [[gnu::always_inline]] static void run(double* a, Index stride, Index n, Index k,
                                         std::int64_t* order, bool symmetric, double* scratch) {
    double *const turned = scratch, *const above = scratch + 8 * height(n);
    const auto free = reinterpret_cast<std::int64_t*>(above + 8 * whole_octets(n));
    for (Index j = 0; j < k; j += 8) {
      if (symmetric)
        mirror_above<Lanes>(a, stride, n, j, above);
      else
        solve_above<Lanes>(a, stride, order, j, above);
      eliminate_below<Lanes>(a, stride, order, n, j, above);
      const Panel panel{turned, free, height(n), n - j};
      Index pivot[8];
      LargestOfColumn<Lanes> largest;
      turn_to_columns<Lanes>(a + j, stride, order + j, panel, largest);
      const Index width = std::min<Index>(8, k - j);
      PanelElimination::run<Lanes>(panel, width, !symmetric, largest, pivot);
      turn_to_rows<Lanes>(panel, a + j, stride, order + j);
      PanelElimination::bring_forward(pivot, width, order + j);
    }
  }

  /// Between columns of a panel: an odd number of cache lines.
  static Index height(Index n) { return 8 * (whole_octets(n) / 8 | 1); }

 private:
  /// Rows worked on at a time: as many as there are registers for, with latency hidden.
  template <int Lanes>
  static constexpr int rows = Lanes;

  /// acc -= L(rows, 0 .. count-1) above
  template <int Lanes, int Rows>
  [[gnu::always_inline]] static void subtract_product(const double* const (&row)[Rows],
                                                      const double* above, Index count,
                                                      Octet<Lanes> (&acc)[Rows]) {
    for (Index p = 0; p < count; ++p) {
      Octet<Lanes> u;
      u.load(above + 8 * p);
      LYAP_UNROLLED
      for (int r = 0; r < Rows; ++r) acc[r].subtract(row[r][p], u);
    }
  }

  /// U of columns j .. j+7 in the pivot rows found so far, also packed into `above`.
  template <int Lanes>
  [[gnu::always_inline]] static void solve_above(double* a, Index stride, const std::int64_t* order,
                                                 Index j, double* above) {
    constexpr int R = rows<Lanes>;
    for (Index q = 0; q < j; q += R) {
      const double* row[R];
      Octet<Lanes> acc[R];
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r) row[r] = a + order[q + r] * stride, acc[r].load(row[r] + j);
      subtract_product<Lanes, R>(row, above, q, acc);
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r) {
        LYAP_UNROLLED
        for (int s = 0; s < r; ++s) acc[r].subtract(row[r][q + s], acc[s]);
        acc[r].store(above + 8 * (q + r));
        acc[r].store(a + order[q + r] * stride + j);
      }
    }
  }

  /// The same of a symmetric matrix, U = D L^T, only into `above`.
  template <int Lanes>
  [[gnu::always_inline]] static void mirror_above(const double* a, Index stride, Index n, Index j,
                                                  double* above) {
    for (Index q = 0; q < j; q += 8) {
      Octet<Lanes> block[8];
      LYAP_UNROLLED
      for (int r = 0; r < 8; ++r) block[r].load(a + std::min(j + r, n - 1) * stride + q);
      transpose<Lanes>(block);
      LYAP_UNROLLED
      for (int c = 0; c < 8; ++c) {
        block[c].scale(a[(q + c) * stride + q + c]);
        block[c].store(above + 8 * (q + c));
      }
    }
  }

  /// Takes the pivots found so far out of columns j .. j+7 of the rows that are left.
  template <int Lanes>
  [[gnu::always_inline]] static void eliminate_below(double* a, Index stride,
                                                     const std::int64_t* order, Index n, Index j,
                                                     const double* above) {
    constexpr int R = rows<Lanes>;
    for (Index q = j; q < n; q += R) {
      double* row[R];
      Octet<Lanes> acc[R];
      // Beyond the end the last row is worked out again, which changes nothing.
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r)
        row[r] = a + order[std::min<Index>(q + r, n - 1)] * stride, acc[r].load(row[r] + j);
      subtract_product<Lanes, R>(row, above, j, acc);
      LYAP_UNROLLED
      for (int r = 0; r < R; ++r) acc[r].store(row[r] + j);
    }
  }

  template <int Lanes>
  [[gnu::always_inline]] static void turn_to_columns(const double* a, Index stride,
                                                     const std::int64_t* order, const Panel& panel,
                                                     LargestOfColumn<Lanes>& largest) {
    // Behind the last row numbers that are not finite may turn up, but never a pivot.
    std::fill(panel.free, panel.free + panel.rows, std::int64_t{-1});
    std::fill(panel.free + panel.rows, panel.free + panel.height, std::int64_t{0});
    largest.clear();
    for (Index q = 0; q < panel.rows; q += 8) {
      Octet<Lanes> block[8];
      LYAP_UNROLLED
      for (int r = 0; r < 8; ++r) {
        if (q + r < panel.rows)
          block[r].load(a + order[q + r] * stride);
        else
          block[r].clear();
      }
      transpose<Lanes>(block);
      LYAP_UNROLLED
      for (int c = 0; c < 8; ++c) block[c].store(panel.column(c) + q);
      MaskOfOctet<Lanes> free;
      free.load(panel.free + q);
      largest.see(block[0], q, free);
    }
  }
  template <int Lanes>
  [[gnu::always_inline]] static void turn_to_rows(const Panel& panel, double* a, Index stride,
                                                  const std::int64_t* order) {
    for (Index q = 0; q < panel.rows; q += 8) {
      Octet<Lanes> block[8];
      LYAP_UNROLLED
      for (int c = 0; c < 8; ++c) block[c].load(panel.column(c) + q);
      transpose<Lanes>(block);
      LYAP_UNROLLED
      for (int r = 0; r < 8; ++r)
        if (q + r < panel.rows) block[r].store(a + order[q + r] * stride);
    }
  }
};

inline Index scratch_of_lu(Index n) {
  return 9 * RowElimination::height(n) + 8 * whole_octets(n);
}

/// A = P^T L U in place: a's lines are the rows of A (n x k, k <= n). Row order[i] of A holds row i
/// of L in its entries below i, and row i of U from i on. A column without a pivot leaves a zero
/// on U's diagonal and a unit column in L. NaN and infinity go through to U's diagonal or L.
/// order: n. scratch: scratch_of_lu(n) numbers, aligned.
inline void row_lu(Lanes lanes, AlignedLines& a, Index n, Index k, std::span<std::int64_t> order,
                   double* scratch) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  run_fused<RowElimination>(lanes, a.line(0), a.stride(), n, k, order.data(), false, scratch);
}

/// A = L D L^T in place, of a symmetric n x n without exchanges: D on the diagonal, L below it, and
/// anything above. Only what gram_of_lower() gives is read. order: n numbers of room.
inline void symmetric_pivots(Lanes lanes, AlignedLines& a, Index n, std::span<std::int64_t> order,
                             double* scratch) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  run_fused<RowElimination>(lanes, a.line(0), a.stride(), n, n, order.data(), true, scratch);
}

}  // namespace lyap::analyses
