// plugins/analyses/row_lu.hpp - LU with row pivoting of a matrix kept by rows, which stay in place.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "aligned_lines.hpp"
#include "octets.hpp"

namespace lyap::analyses {

/// The largest number seen in each column of an octet, and in which place of the order.
template <int Lanes>
struct LargestOfOctet {
  using Integers = typename Octet<Lanes>::Integers;
  Octet<Lanes> size;
  Integers place[Octet<Lanes>::parts];

  [[gnu::always_inline]] void clear() {
    size.clear();
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) place[v] = Integers{} - 1;
  }
  [[gnu::always_inline]] void store(double* sizes, std::int64_t* places) const {
    size.store(sizes);
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      *reinterpret_cast<Integers*>(places + v * Lanes) = place[v];
  }
  [[gnu::always_inline]] void see(const Octet<Lanes>& row, Index at) {
    constexpr std::int64_t all_but_sign = std::numeric_limits<std::int64_t>::max();
    using Numbers = typename Octet<Lanes>::Numbers;
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) {
      const Numbers a =
          reinterpret_cast<Numbers>(reinterpret_cast<Integers>(row.part[v]) & all_but_sign);
      const Integers larger = a > size.part[v];
      size.part[v] = larger ? a : size.part[v];
      place[v] = larger ? Integers{} + at : place[v];
    }
  }
};

/// Left-looking by panels of eight columns, so that everything but the last step of a panel is
/// rows -= L U with U of one octet: registers hold the rows while all earlier pivots are taken out.
/// Rows are reached through the list of their order and never move, which saves the exchange of
/// rows (a quarter of the time at n = 256) and suits a product that wants them in any order.
struct RowElimination {
  /// a: n rows `stride` apart, k <= n columns; above: 8 k numbers of scratch.
  template <int Lanes>
  [[gnu::always_inline]] static void run(double* a, Index stride, Index n, Index k,
                                         std::int64_t* order, bool pivoting, double* above) {
    for (Index j = 0; j < k; j += 8) {
      Search<Lanes> search;
      solve_above<Lanes>(a, stride, order, j, above);
      eliminate_below<Lanes>(a, stride, order, n, j, above, search);
      const Index width = std::min<Index>(8, k - j);
      for (Index c = 0; c < width; ++c) {
        if (pivoting) exchange(order, j + c, search.place(c));
        search.clear();
        pivot<Lanes>(a, stride, order, n, j, c, search);
      }
    }
  }

 private:
  /// Rows worked on at a time: as many as there are registers for, with latency hidden.
  template <int Lanes>
  static constexpr int rows = Lanes;

  /// A search in four parts, which do not wait for each other.
  template <int Lanes>
  struct Search {
    LargestOfOctet<Lanes> part[4];

    [[gnu::always_inline]] Search() { clear(); }
    [[gnu::always_inline]] void clear() {
      LYAP_UNROLLED
      for (int i = 0; i < 4; ++i) part[i].clear();
    }
    /// Of column c; the first of equals; -1: all are zero.
    [[gnu::always_inline]] std::int64_t place(Index c) const {
      alignas(64) double size[4][8];
      alignas(64) std::int64_t at[4][8];
      LYAP_UNROLLED
      for (int i = 0; i < 4; ++i) part[i].store(size[i], at[i]);
      int most = 0;
      for (int i = 1; i < 4; ++i)
        if (size[i][c] > size[most][c] ||
            (size[i][c] == size[most][c] && at[i][c] < at[most][c] && at[i][c] >= 0))
          most = i;
      return at[most][c];
    }
  };

  static void exchange(std::int64_t* order, Index at, std::int64_t with) {
    if (with >= 0) std::swap(order[at], order[with]);
  }

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

  /// Takes the pivots found so far out of columns j .. j+7 of the rows that are left.
  template <int Lanes>
  [[gnu::always_inline]] static void eliminate_below(double* a, Index stride,
                                                     const std::int64_t* order, Index n, Index j,
                                                     const double* above, Search<Lanes>& search) {
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
      for (int r = 0; r < R; ++r) {
        acc[r].store(row[r] + j);
        search.part[r % 4].see(acc[r], std::min<Index>(q + r, n - 1));
      }
    }
  }

  /// Takes pivot j + c out of columns j + c .. j + 7 of the rows below it: column c becomes L.
  template <int Lanes>
  [[gnu::always_inline]] static void pivot(double* a, Index stride, const std::int64_t* order,
                                           Index n, Index j, Index c, Search<Lanes>& search) {
    using Numbers = typename Octet<Lanes>::Numbers;
    using Integers = typename Octet<Lanes>::Integers;
    constexpr int parts = Octet<Lanes>::parts;
    // Read from 7 - c on: -1 in place c, and in all places behind c.
    static constexpr std::int64_t here[15] = {0, 0, 0, 0, 0, 0, 0, -1};
    static constexpr std::int64_t behind[16] = {0,  0,  0,  0,  0,  0,  0,  0,
                                                -1, -1, -1, -1, -1, -1, -1, -1};
    const double* pivot_row = a + order[j + c] * stride + j;
    const double value = pivot_row[c];
    // The reciprocal of a smaller number may be infinite.
    const bool reciprocal = std::fabs(value) > std::numeric_limits<double>::min() || value == 0;
    const double inverse = value == 0 ? 0 : 1 / value;
    Octet<Lanes> u;
    u.load(pivot_row);
    Integers of_L[parts];
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) {
      of_L[v] = *reinterpret_cast<const Integers*>(here + 7 - c + v * Lanes);
      u.part[v] =
          reinterpret_cast<Numbers>(reinterpret_cast<Integers>(u.part[v]) &
                                    *reinterpret_cast<const Integers*>(behind + 7 - c + v * Lanes));
    }
    for (Index q = j + c + 1; q < n; q += 4) {
      LYAP_UNROLLED
      for (int i = 0; i < 4; ++i) {
        if (q + i >= n) break;
        double* row = a + order[q + i] * stride + j;
        const double l = reciprocal ? row[c] * inverse : row[c] / value;
        Octet<Lanes> x;
        x.load(row);
        x.subtract(l, u);
        LYAP_UNROLLED
        for (int v = 0; v < parts; ++v) x.part[v] = of_L[v] ? Numbers{} + l : x.part[v];
        x.store(row);
        search.part[i].see(x, q + i);
      }
    }
  }
};

/// A = P^T L U in place: a's lines are the rows of A (n x k, k <= n). Row order[i] of A holds row i
/// of L in its entries below i, and row i of U from i on. A column without a pivot leaves a zero
/// on U's diagonal and a unit column in L. NaN and infinity go through to U's diagonal or L.
/// order: n. scratch: 8 k numbers, aligned. Without `pivoting` the order is that of the rows.
inline void row_lu(Lanes lanes, AlignedLines& a, Index n, Index k, std::span<std::int64_t> order,
                   double* scratch, bool pivoting = true) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  run_fused<RowElimination>(lanes, a.line(0), a.stride(), n, k, order.data(), pivoting, scratch);
}

}  // namespace lyap::analyses
