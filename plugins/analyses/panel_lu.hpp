// plugins/analyses/panel_lu.hpp - LU with row pivoting of eight columns, turned so that a vector
// holds one column.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "octets.hpp"

namespace lyap::analyses {

/// Some places of an octet: all ones there, zeros elsewhere.
template <int Lanes>
struct MaskOfOctet {
  using Numbers = typename Octet<Lanes>::Numbers;
  using Integers = typename Octet<Lanes>::Integers;
  Integers part[Octet<Lanes>::parts];

  [[gnu::always_inline]] void load(const std::int64_t* from) {
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      part[v] = *reinterpret_cast<const Integers*>(from + v * Lanes);
  }
  /// x there, zeros elsewhere.
  [[gnu::always_inline]] Octet<Lanes> of(const Octet<Lanes>& x) const {
    Octet<Lanes> kept;
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      kept.part[v] = reinterpret_cast<Numbers>(reinterpret_cast<Integers>(x.part[v]) & part[v]);
    return kept;
  }
  /// x there, y elsewhere; x is zero elsewhere.
  [[gnu::always_inline]] Octet<Lanes> or_else(const Octet<Lanes>& x, const Octet<Lanes>& y) const {
    Octet<Lanes> both;
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      both.part[v] = reinterpret_cast<Numbers>(reinterpret_cast<Integers>(x.part[v]) |
                                               (reinterpret_cast<Integers>(y.part[v]) & ~part[v]));
    return both;
  }
};

/// The row of the largest number of a column, up to a relative 2^-32: one comparison of integers
/// that begin with the number's bits and end with the row's, so that the first of equals wins.
/// A NaN counts as larger than infinity.
template <int Lanes>
class LargestOfColumn {
 public:
  using Integers = typename Octet<Lanes>::Integers;

  [[gnu::always_inline]] void clear() {
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) key_[v] = Integers{};
  }
  /// Rows at .. at+7, those of them that are free.
  [[gnu::always_inline]] void see(const Octet<Lanes>& x, Index at, const MaskOfOctet<Lanes>& free) {
    alignas(64) static constexpr std::int64_t countdown[8] = {
        row_bits,     row_bits - 1, row_bits - 2, row_bits - 3,
        row_bits - 4, row_bits - 5, row_bits - 6, row_bits - 7};
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) {
      const Integers rows = *reinterpret_cast<const Integers*>(countdown + v * Lanes) - at;
      const Integers bits = reinterpret_cast<Integers>(x.part[v]) & number_bits;
      raise(key_[v], (bits | rows) & free.part[v]);
    }
  }
  [[gnu::always_inline]] Index row() const {
    Integers key = key_[0];
    LYAP_UNROLLED
    for (int v = 1; v < Octet<Lanes>::parts; ++v) raise(key, key_[v]);
    if constexpr (Lanes > 4) raise_by_neighbour<4>(key, all_lanes);
    if constexpr (Lanes > 2) raise_by_neighbour<2>(key, all_lanes);
    raise_by_neighbour<1>(key, all_lanes);
    return row_bits - (key[0] & row_bits);
  }

 private:
  static constexpr std::int64_t row_bits = (1 << 20) - 1;
  static constexpr std::int64_t number_bits =
      std::numeric_limits<std::int64_t>::max() & ~row_bits;  // without the sign
  static constexpr std::make_integer_sequence<int, Lanes> all_lanes{};

  [[gnu::always_inline]] static void raise(Integers& a, const Integers& b) { a = a > b ? a : b; }
  /// Each lane to the larger of itself and the one D lanes away.
  template <int D, int... Lane>
  [[gnu::always_inline]] static void raise_by_neighbour(Integers& a,
                                                        std::integer_sequence<int, Lane...>) {
    raise(a, __builtin_shufflevector(a, a, (Lane ^ D)...));
  }

  Integers key_[Octet<Lanes>::parts];
};

/// Eight columns of `rows` numbers, `height` apart, which is a whole number of octets; zeros behind
/// the last row.
struct Panel {
  double* numbers;
  std::int64_t* free;  ///< height: all ones in rows that are no pivots yet, else zero
  Index height, rows;
  double* column(Index c) const { return numbers + c * height; }
};

/// Right-looking. Rows do not move: those that have become pivots are passed over.
struct PanelElimination {
  /// Pivots of the first `width` columns, of which the first has been searched; pivot[c] is the row
  /// of column c's.
  template <int Lanes>
  [[gnu::always_inline]] static void run(const Panel& panel, Index width, bool pivoting,
                                         LargestOfColumn<Lanes>& largest, Index (&pivot)[8]) {
    for (Index c = 0; c < width; ++c) {
      pivot[c] = pivoting ? largest.row() : c;
      panel.free[pivot[c]] = 0;
      largest.clear();
      eliminate<Lanes>(panel, c, pivot[c], largest);
    }
  }

  /// The rows in an order in which the pivots come first.
  static void bring_forward(const Index (&pivot)[8], Index width, std::int64_t* order) {
    Index exchanged[8];
    for (Index c = 0; c < width; ++c) {
      Index at = pivot[c];
      while (at < c) at = exchanged[at];  // it made room for an earlier pivot
      exchanged[c] = at;
      std::swap(order[c], order[at]);
    }
  }

 private:
  /// Takes column c's pivot out of the columns behind it: column c becomes L; looks for the next
  /// pivot.
  template <int Lanes>
  [[gnu::always_inline]] static void eliminate(const Panel& panel, Index c, Index pivot,
                                               LargestOfColumn<Lanes>& largest) {
    const double value = panel.column(c)[pivot];
    // The reciprocal of a smaller number may be infinite.
    const bool reciprocal = std::fabs(value) > std::numeric_limits<double>::min();
    const double inverse = 1 / value;
    double u[8];
    for (Index t = c + 1; t < 8; ++t) u[t] = panel.column(t)[pivot];
    for (Index q = 0; q < panel.rows; q += 8) {
      MaskOfOctet<Lanes> free;
      free.load(panel.free + q);
      if (value != 0) {  // else all of L is zero already
        const Octet<Lanes> l = divide<Lanes>(panel.column(c) + q, value, reciprocal, inverse, free);
        for (Index t = c + 1; t < 8; ++t) {
          Octet<Lanes> x;
          x.load(panel.column(t) + q);
          x.subtract(u[t], l);
          x.store(panel.column(t) + q);
        }
      }
      if (c == 7) continue;
      Octet<Lanes> next;
      next.load(panel.column(c + 1) + q);
      largest.see(next, q, free);
    }
  }

  /// x / value in the place of x where rows are free, elsewhere zero and x as it was.
  template <int Lanes>
  [[gnu::always_inline]] static Octet<Lanes> divide(double* at, double value, bool reciprocal,
                                                    double inverse,
                                                    const MaskOfOctet<Lanes>& free) {
    Octet<Lanes> x, l;
    x.load(at);
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      l.part[v] = reciprocal ? x.part[v] * inverse : x.part[v] / value;
    l = free.of(l);
    free.or_else(l, x).store(at);
    return l;
  }
};

}  // namespace lyap::analyses
