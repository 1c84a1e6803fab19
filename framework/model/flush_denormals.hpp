// framework/model/flush_denormals.hpp - numbers below the normal ones are 0 while one of these
// lives.
#pragma once
#include <cstdint>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lyap::framework {

/// Of the thread that makes it, which gets back what it had. Gradients that vanish pass through
/// denormal numbers, on which many processors take a hundred times as long; training does not tell
/// them from 0. x86-64 (FTZ and DAZ) and AArch64 (FZ); elsewhere nothing changes.
class FlushDenormals {
 public:
  FlushDenormals() : before_(control()) { set_control(before_ | flush); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;
  ~FlushDenormals() { set_control(before_); }

 private:
#if defined(__x86_64__)
  static constexpr std::uint64_t flush = 0x8040;
  static std::uint64_t control() {
    return _mm_getcsr();
  }
  static void set_control(std::uint64_t word) {
    _mm_setcsr(static_cast<unsigned>(word));
  }
#elif defined(__aarch64__)
  static constexpr std::uint64_t flush = std::uint64_t{1} << 24;
  static std::uint64_t control() {
    std::uint64_t word;
    asm volatile("mrs %0, fpcr" : "=r"(word));
    return word;
  }
  static void set_control(std::uint64_t word) {
    asm volatile("msr fpcr, %0" : : "r"(word));
  }
#else
  static constexpr std::uint64_t flush = 0;
  static std::uint64_t control() {
    return 0;
  }
  static void set_control(std::uint64_t) {}
#endif

  std::uint64_t before_;
};

}  // namespace lyap::framework
