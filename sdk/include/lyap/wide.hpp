// lyap/wide.hpp - runs a plain loop compiled for the widest vectors of the processor at hand.
#pragma once

#if defined(__clang__)
#define LYAP_TARGET_512 "avx512f,avx512dq,avx512vl"
#else  // g++ would use half the width
#define LYAP_TARGET_512 "avx512f,avx512dq,avx512vl,prefer-vector-width=512"
#endif

namespace lyap {

#if defined(__x86_64__)
namespace border {
template <class Loop, class... Arguments>
[[gnu::target(LYAP_TARGET_512)]] void run_512(Arguments... arguments) {
  Loop::run(arguments...);
}
template <class Loop, class... Arguments>
[[gnu::target("avx2")]] void run_256(Arguments... arguments) {
  Loop::run(arguments...);
}
}  // namespace border
#endif

/// Loop::run(arguments...); `run` is static and [[gnu::always_inline]] and made of loops that the
/// compiler turns into vectors. The numbers do not depend on the processor: none of the versions
/// fuses multiplication and addition.
template <class Loop, class... Arguments>
void run_wide(Arguments... arguments) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return border::run_512<Loop>(arguments...);
  if (__builtin_cpu_supports("avx2")) return border::run_256<Loop>(arguments...);
#endif
  Loop::run(arguments...);
}

}  // namespace lyap
