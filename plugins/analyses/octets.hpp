// plugins/analyses/octets.hpp - eight neighbouring numbers in as many vectors as it takes.
#pragma once
#include <cstdint>
#include <lyap/fused.hpp>
#include <lyap/lyap.hpp>
#include <utility>

namespace lyap::analyses {

/// Lanes: doubles in a vector of the processor. Whoever uses octets is inlined into run_fused.
template <int Lanes>
struct Octet {
  typedef double Numbers __attribute__((vector_size(8 * Lanes), aligned(8), may_alias));
  typedef std::int64_t Integers __attribute__((vector_size(8 * Lanes), aligned(8), may_alias));
  static constexpr int parts = 8 / Lanes;

  Numbers part[parts];

  [[gnu::always_inline]] void load(const double* from) {
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) part[v] = *reinterpret_cast<const Numbers*>(from + v * Lanes);
  }
  [[gnu::always_inline]] void store(double* to) const {
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) *reinterpret_cast<Numbers*>(to + v * Lanes) = part[v];
  }
  [[gnu::always_inline]] void clear() {
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) part[v] = Numbers{};
  }
  [[gnu::always_inline]] void fill(double number) {
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) part[v] = Numbers{} + number;
  }
  [[gnu::always_inline]] void scale(double factor) {
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) part[v] *= factor;
  }
  /// this += factor x
  [[gnu::always_inline]] void add(double factor, const Octet& x) {
    LYAP_FUSED
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) part[v] += factor * x.part[v];
  }
  /// this -= factor x
  [[gnu::always_inline]] void subtract(double factor, const Octet& x) {
    LYAP_FUSED
    LYAP_UNROLLED
    for (int v = 0; v < parts; ++v) part[v] -= factor * x.part[v];
  }
};

namespace detail {

/// The off-diagonal halves of blocks of 2 D lanes change places between two rows.
template <int D, int Lanes, int... Lane>
[[gnu::always_inline]] inline void exchange_halves(Octet<Lanes>& a, Octet<Lanes>& b,
                                                   std::integer_sequence<int, Lane...>) {
  LYAP_UNROLLED
  for (int v = 0; v < Octet<Lanes>::parts; ++v) {
    const auto x = a.part[v], y = b.part[v];
    a.part[v] = __builtin_shufflevector(x, y, (Lane & D ? Lanes + Lane - D : Lane)...);
    b.part[v] = __builtin_shufflevector(x, y, (Lane & D ? Lanes + Lane : Lane + D)...);
  }
}
template <int D, int Lanes>
[[gnu::always_inline]] inline void exchange_halves(Octet<Lanes> (&rows)[8]) {
  LYAP_UNROLLED
  for (int i = 0; i < 8; ++i)
    if (!(i & D))
      exchange_halves<D>(rows[i], rows[i + D], std::make_integer_sequence<int, Lanes>());
}

}  // namespace detail

/// Eight rows of eight become columns.
template <int Lanes>
[[gnu::always_inline]] inline void transpose(Octet<Lanes> (&rows)[8]) {
  // Within square blocks of a vector's width, then the blocks.
  detail::exchange_halves<1>(rows);
  if constexpr (Lanes > 2) detail::exchange_halves<2>(rows);
  if constexpr (Lanes > 4) detail::exchange_halves<4>(rows);
  LYAP_UNROLLED
  for (int i = 0; i < 8; ++i) LYAP_UNROLLED
  for (int v = 0; v < Octet<Lanes>::parts; ++v)
    if (i / Lanes < v) {
      const auto above = rows[i].part[v];
      rows[i].part[v] = rows[v * Lanes + i % Lanes].part[i / Lanes];
      rows[v * Lanes + i % Lanes].part[i / Lanes] = above;
    }
}

/// Columns rounded up to whole octets.
inline Index whole_octets(Index columns) {
  return (columns + 7) / 8 * 8;
}

}  // namespace lyap::analyses
