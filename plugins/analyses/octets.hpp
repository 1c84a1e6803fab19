// plugins/analyses/octets.hpp - eight neighbouring numbers in as many vectors as it takes.
#pragma once
#include <cstdint>
#include <lyap/fused.hpp>
#include <lyap/lyap.hpp>

// Arrays of vectors become registers only when every loop over them is unrolled.
#define LYAP_UNROLLED _Pragma("GCC unroll 24")

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

/// Columns rounded up to whole octets.
inline Index whole_octets(Index columns) {
  return (columns + 7) / 8 * 8;
}

}  // namespace lyap::analyses
