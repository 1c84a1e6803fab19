// lyap/identity.hpp - how a library was made, in a form that is read without running it.
#pragma once
#include <Eigen/Core>

#include "lyap/abi.h"

#define LYAP_SDK_VERSION "0.1.0"

namespace lyap::border {

constexpr std::uint32_t instruction_sets() {
  std::uint32_t bits = 0;
#ifdef __AVX__
  bits |= LYAP_ISA_AVX;
#endif
#ifdef __AVX2__
  bits |= LYAP_ISA_AVX2;
#endif
#ifdef __FMA__
  bits |= LYAP_ISA_FMA;
#endif
#ifdef __AVX512F__
  bits |= LYAP_ISA_AVX512F;
#endif
  return bits;
}

constexpr std::uint32_t library_family() {
#ifdef _LIBCPP_VERSION
  return LYAP_LIBCXX;
#else
  return LYAP_LIBSTDCXX;
#endif
}

constexpr std::uint32_t sanitizers() {
  std::uint32_t bits = 0;
#if defined(__SANITIZE_ADDRESS__)
  bits |= LYAP_ASAN;
#endif
#if defined(__SANITIZE_THREAD__)
  bits |= LYAP_TSAN;
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  bits |= LYAP_ASAN;
#endif
#if __has_feature(thread_sanitizer)
  bits |= LYAP_TSAN;
#endif
#endif
  return bits;
}

/// Copies a literal into a fixed array, cut at its length.
template <std::size_t N>
constexpr void spell(char (&to)[N], const char* from) {
  for (std::size_t i = 0; i + 1 < N && from[i]; ++i) to[i] = from[i];
}

#define LYAP_SPELL_(x) #x
#define LYAP_SPELL(x) LYAP_SPELL_(x)

constexpr lyap_identity identity() {
  lyap_identity id{};
  spell(id.magic, LYAP_LIBRARY_MAGIC);
  id.size = sizeof(lyap_identity);
  id.abi_major = LYAP_ABI_MAJOR;
  id.abi_minor = LYAP_ABI_MINOR;
  id.plugin_size = sizeof(lyap_plugin);
  id.cell_ops_size = sizeof(lyap_cell_ops);
  id.task_ops_size = sizeof(lyap_task_ops);
  id.trainer_ops_size = sizeof(lyap_trainer_ops);
  id.analysis_ops_size = sizeof(lyap_analysis_ops);
  id.isa = instruction_sets();
  id.family = library_family();
  id.sanitizers = sanitizers();
  id.eigen_alignment = EIGEN_MAX_ALIGN_BYTES;
  spell(id.sdk, LYAP_SDK_VERSION);
  spell(id.eigen, LYAP_SPELL(EIGEN_WORLD_VERSION) "." LYAP_SPELL(
                      EIGEN_MAJOR_VERSION) "." LYAP_SPELL(EIGEN_MINOR_VERSION));
#ifdef __clang__
  spell(id.compiler, __VERSION__);
#else
  spell(id.compiler, "g++ " __VERSION__);
#endif
  return id;
}

}  // namespace lyap::border
