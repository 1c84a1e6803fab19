// lyap/fused.hpp - runs a kernel written for vectors of any width on the widest of the processor at
// hand, with multiplication and addition in one operation.
#pragma once
#include "lyap/wide.hpp"

// Whether a * b + c is one operation is decided for each function: by g++ where a kernel ends up
// after inlining, by clang where it is written.
#if defined(__clang__)
#define LYAP_FUSED_CALLER
#define LYAP_FUSED _Pragma("clang fp contract(fast)")
#else
#define LYAP_FUSED_CALLER [[gnu::optimize("fp-contract=fast")]]
#define LYAP_FUSED
#endif

// Arrays of vectors become registers only when every loop over them is unrolled.
#define LYAP_UNROLLED _Pragma("GCC unroll 24")

namespace lyap {

/// Doubles in a vector of the processor.
enum class Lanes { two = 2, four = 4, eight = 8 };

/// The widest vectors there are here; `two` is whatever the compiler builds for without being told.
inline Lanes widest_lanes() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("fma")) return Lanes::two;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return Lanes::eight;
  if (__builtin_cpu_supports("avx2")) return Lanes::four;
#endif
  return Lanes::two;
}

namespace border {
#if defined(__x86_64__)
template <class Kernel, class... Arguments>
[[gnu::target(LYAP_TARGET_512 ",fma")]] LYAP_FUSED_CALLER void fused_8(Arguments... arguments) {
  Kernel::template run<8>(arguments...);
}
template <class Kernel, class... Arguments>
[[gnu::target("avx2,fma")]] LYAP_FUSED_CALLER void fused_4(Arguments... arguments) {
  Kernel::template run<4>(arguments...);
}
#endif
template <class Kernel, class... Arguments>
LYAP_FUSED_CALLER void fused_2(Arguments... arguments) {
  Kernel::template run<2>(arguments...);
}
}  // namespace border

/// Kernel::run<N>(arguments...) for vectors of N doubles, N <= widest_lanes(); `run` and all it
/// calls are static and [[gnu::always_inline]], and begin with LYAP_FUSED. Numbers of different
/// widths differ by rounding.
template <class Kernel, class... Arguments>
void run_fused([[maybe_unused]] Lanes lanes, Arguments... arguments) {
#if defined(__x86_64__)
  if (lanes == Lanes::eight) return border::fused_8<Kernel>(arguments...);
  if (lanes == Lanes::four) return border::fused_4<Kernel>(arguments...);
#endif
  border::fused_2<Kernel>(arguments...);
}

}  // namespace lyap
