// plugins/analyses/panel_lu.hpp - LU with row pivoting of eight columns, turned so that a vector
// holds one column.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "octets.hpp"

namespace lyap::analyses {

/// The largest number in a column of octets, and where it stands.
template <int Lanes>
struct LargestOfColumn {
  using Numbers = typename Octet<Lanes>::Numbers;
  using Integers = typename Octet<Lanes>::Integers;
  Octet<Lanes> size;
  Integers octet[Octet<Lanes>::parts];

  [[gnu::always_inline]] void clear() {
    size.clear();
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) octet[v] = Integers{} + nowhere;
  }
  /// Rows at .. at+7.
  [[gnu::always_inline]] void see(const Octet<Lanes>& x, Index at) {
    constexpr std::int64_t all_but_sign = std::numeric_limits<std::int64_t>::max();
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) {
      const Numbers a =
          reinterpret_cast<Numbers>(reinterpret_cast<Integers>(x.part[v]) & all_but_sign);
      const Integers larger = a > size.part[v];
      size.part[v] = larger ? a : size.part[v];
      octet[v] = larger ? Integers{} + at : octet[v];
    }
  }
  /// Its row, the first of equals; negative: there is none but zeros.
  [[gnu::always_inline]] Index row() const {
    alignas(64) double sizes[8];
    alignas(64) std::int64_t rows[8];
    size.store(sizes);
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      *reinterpret_cast<Integers*>(rows + v * Lanes) = octet[v];
    for (int i = 0; i < 8; ++i) rows[i] += i;
    LYAP_UNROLLED
    for (int half = 4; half > 0; half /= 2) LYAP_UNROLLED
    for (int i = 0; i < half; ++i) {
      const double other = sizes[i + half];
      const bool larger = (other > sizes[i]) | ((other == sizes[i]) & (rows[i + half] < rows[i]));
      sizes[i] = larger ? other : sizes[i];
      rows[i] = larger ? rows[i + half] : rows[i];
    }
    return rows[0] < nowhere ? rows[0] : -1;
  }

 private:
  static constexpr std::int64_t nowhere = std::int64_t{1} << 62;
};

/// Eight columns of `rows` numbers, `height` apart, which is a whole number of octets; zeros behind
/// the last row.
struct Panel {
  double* numbers;
  Index height, rows;
  double* column(Index c) const { return numbers + c * height; }
};

/// All ones in some places of an octet, zeros in the others.
template <int Lanes>
struct MaskOfOctet {
  using Integers = typename Octet<Lanes>::Integers;
  Integers part[Octet<Lanes>::parts];

  [[gnu::always_inline]] void set_at(Index place) {
    static constexpr std::int64_t ones[15] = {0, 0, 0, 0, 0, 0, 0, -1};
    load(ones + 7 - place);
  }
  [[gnu::always_inline]] void set_behind(Index place) {
    static constexpr std::int64_t ones[16] = {0,  0,  0,  0,  0,  0,  0,  0,
                                              -1, -1, -1, -1, -1, -1, -1, -1};
    load(ones + 7 - place);
  }
  /// to = from in those places.
  [[gnu::always_inline]] void copy(const Octet<Lanes>& from, Octet<Lanes>& to) const {
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v) to.part[v] = part[v] ? from.part[v] : to.part[v];
  }

 private:
  [[gnu::always_inline]] void load(const std::int64_t* from) {
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      part[v] = *reinterpret_cast<const Integers*>(from + v * Lanes);
  }
};

/// Right-looking; `order` is that of the panel's rows and changes with them.
struct PanelElimination {
  /// Pivots of the first `width` columns, of which the first has been searched.
  template <int Lanes>
  [[gnu::always_inline]] static void run(const Panel& panel, Index width, std::int64_t* order,
                                         bool pivoting, LargestOfColumn<Lanes>& largest) {
    for (Index c = 0; c < width; ++c) {
      if (pivoting) exchange<Lanes>(panel, order, c, largest.row());
      largest.clear();
      eliminate<Lanes>(panel, c, largest);
    }
  }

 private:
  /// Of two rows. Whole octets are written: a vector that is read soon after one of its numbers was
  /// written alone would have to wait until it is in the cache.
  template <int Lanes>
  [[gnu::always_inline]] static void exchange(const Panel& panel, std::int64_t* order, Index row,
                                              Index with) {
    if (with <= row) return;
    std::swap(order[row], order[with]);
    for (int c = 0; c < 8; ++c) {
      double* column = panel.column(c);
      const double a = column[row], b = column[with];
      put<Lanes>(b, column, row);
      put<Lanes>(a, column, with);
    }
  }
  template <int Lanes>
  [[gnu::always_inline]] static void put(double number, double* column, Index row) {
    Octet<Lanes> x, same;
    MaskOfOctet<Lanes> here;
    here.set_at(row % 8);
    x.load(column + row / 8 * 8);
    same.fill(number);
    here.copy(same, x);
    x.store(column + row / 8 * 8);
  }

  /// Takes pivot c out of the columns behind it: column c becomes L; looks for the next pivot.
  template <int Lanes>
  [[gnu::always_inline]] static void eliminate(const Panel& panel, Index c,
                                               LargestOfColumn<Lanes>& largest) {
    const double value = panel.column(c)[c];
    // The reciprocal of a smaller number may be infinite.
    const bool reciprocal = std::fabs(value) > std::numeric_limits<double>::min();
    const double inverse = 1 / value;
    double u[8];
    for (Index t = c + 1; t < 8; ++t) u[t] = panel.column(t)[c];
    Octet<Lanes> l;
    for (Index q = 0; q < panel.rows; q += 8) {
      if (value != 0) {  // else all of L is zero already
        divide<Lanes>(panel.column(c) + q, value, reciprocal, inverse, q == 0 ? c : -1, l);
        for (Index t = c + 1; t < 8; ++t) {
          Octet<Lanes> x;
          x.load(panel.column(t) + q);
          x.subtract(u[t], l);
          x.store(panel.column(t) + q);
        }
      }
      if (c < 7) see<Lanes>(panel.column(c + 1) + q, q, q == 0 ? c : -1, largest);
    }
  }

  /// l = x / value, also in x's place; zero, and x as it was, up to row `done`: pivot rows.
  template <int Lanes>
  [[gnu::always_inline]] static void divide(double* at, double value, bool reciprocal,
                                            double inverse, Index done, Octet<Lanes>& l) {
    Octet<Lanes> x;
    x.load(at);
    LYAP_UNROLLED
    for (int v = 0; v < Octet<Lanes>::parts; ++v)
      l.part[v] = reciprocal ? x.part[v] * inverse : x.part[v] / value;
    if (done < 0) return l.store(at);
    MaskOfOctet<Lanes> below;
    below.set_behind(done);
    below.copy(l, x);
    x.store(at);
    x = l;
    l.clear();
    below.copy(x, l);
  }

  template <int Lanes>
  [[gnu::always_inline]] static void see(const double* at, Index q, Index done,
                                         LargestOfColumn<Lanes>& largest) {
    Octet<Lanes> x;
    x.load(at);
    if (done >= 0) {
      Octet<Lanes> all = x;
      MaskOfOctet<Lanes> below;
      below.set_behind(done);
      x.clear();
      below.copy(all, x);
    }
    largest.see(x, q);
  }
};

}  // namespace lyap::analyses
