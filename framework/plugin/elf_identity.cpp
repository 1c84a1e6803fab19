// framework/plugin/elf_identity.cpp - how a plugin library was made, read from its file before any
// of its code runs.
#include "plugin/elf_identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <version>  // says whether this is libstdc++ or libc++

#include "base/text.hpp"
#include "plugin/refused.hpp"

// clang tells about sanitizers by a function-like macro, g++ by plain ones.
#if defined(__has_feature)
#define CLANG_HAS(feature) __has_feature(feature)
#else
#define CLANG_HAS(feature) 0
#endif

namespace lyap::framework {
namespace {

constexpr std::string_view section_of_any_major = ".lyap_abi_";

// What the tables of each minor measure. Rows are added, never changed.
struct TableSizes {
  std::uint32_t identity, plugin, cell_ops, task_ops, trainer_ops, analysis_ops;
};
constexpr std::array<TableSizes, LYAP_ABI_MINOR + 1> sizes_by_minor{{
    {168, 72, 144, 64, 32, 40},
}};
static_assert(sizes_by_minor.back().identity == sizeof(lyap_identity));
static_assert(sizes_by_minor.back().plugin == sizeof(lyap_plugin));
static_assert(sizes_by_minor.back().cell_ops == sizeof(lyap_cell_ops));
static_assert(sizes_by_minor.back().task_ops == sizeof(lyap_task_ops));
static_assert(sizes_by_minor.back().trainer_ops == sizeof(lyap_trainer_ops));
static_assert(sizes_by_minor.back().analysis_ops == sizeof(lyap_analysis_ops));

std::string objection_to_tables(const lyap_identity& identity) {
  const TableSizes& sizes = sizes_by_minor[identity.abi_minor];
  struct Row {
    const char* name;
    std::uint32_t found, expected;
  };
  const std::array<Row, 6> rows{{
      {"lyap_identity", identity.size, sizes.identity},
      {"lyap_plugin", identity.plugin_size, sizes.plugin},
      {"lyap_cell_ops", identity.cell_ops_size, sizes.cell_ops},
      {"lyap_task_ops", identity.task_ops_size, sizes.task_ops},
      {"lyap_trainer_ops", identity.trainer_ops_size, sizes.trainer_ops},
      {"lyap_analysis_ops", identity.analysis_ops_size, sizes.analysis_ops},
  }};
  for (const Row& row : rows)
    if (row.found != row.expected)
      return fmt::format(
          "its tables are not those of plugin ABI {}.{}: {} has {} bytes instead of {}; rebuild it "
          "against an unedited abi.h, without packing",
          identity.abi_major, identity.abi_minor, row.name, row.found, row.expected);
  return "";
}

struct Feature {
  std::uint32_t bit;
  const char* name;
};

std::string objection_to_processor(const lyap_identity& identity, const Capabilities& here) {
  constexpr std::array<Feature, 4> features{{{LYAP_ISA_AVX, "AVX"},
                                             {LYAP_ISA_AVX2, "AVX2"},
                                             {LYAP_ISA_FMA, "FMA"},
                                             {LYAP_ISA_AVX512F, "AVX-512F"}}};
  std::uint32_t unknown = identity.isa;
  std::vector<std::string> lacking;
  for (const Feature& feature : features) {
    unknown &= ~feature.bit;
    if (identity.isa & ~here.isa & feature.bit) lacking.emplace_back(feature.name);
  }
  if (unknown)
    return fmt::format(
        "uses instruction sets that this lyap does not know (bits {:#x}); update lyap, or rebuild "
        "the plugin without -march=native",
        unknown);
  if (!lacking.empty())
    return fmt::format(
        "uses {}, which this processor lacks; rebuild it here, or without -march=native",
        join(lacking, " and "));
  return "";
}

std::string_view family_name(std::uint32_t family) {
  return family == LYAP_LIBSTDCXX ? "libstdc++"
         : family == LYAP_LIBCXX  ? "libc++"
                                  : "an unknown one";
}

std::string objection_to_family(const lyap_identity& identity, const Capabilities& here) {
  // 0: plain C, which brings no C++ library along.
  if (identity.family == 0 || identity.family == here.family) return "";
  return fmt::format("uses the C++ library {}, and this lyap uses {}; rebuild it with {}",
                     family_name(identity.family), family_name(here.family),
                     here.family == LYAP_LIBCXX ? "-stdlib=libc++" : "-stdlib=libstdc++");
}

std::string sanitizer_names(std::uint32_t bits) {
  std::vector<std::string> names;
  if (bits & LYAP_ASAN) names.emplace_back("AddressSanitizer");
  if (bits & LYAP_TSAN) names.emplace_back("ThreadSanitizer");
  if (bits & ~std::uint32_t{LYAP_ASAN | LYAP_TSAN}) names.emplace_back("an unknown sanitizer");
  return names.empty() ? "no sanitizer" : join(names, " and ");
}

std::string objection_to_sanitizers(const lyap_identity& identity, const Capabilities& here) {
  if (identity.sanitizers == here.sanitizers) return "";
  return fmt::format("built with {}, and this lyap with {}; build both alike",
                     sanitizer_names(identity.sanitizers), sanitizer_names(here.sanitizers));
}

template <std::size_t N>
bool terminated(const char (&text)[N]) {
  return std::find(text, text + N, '\0') != text + N;
}

}  // namespace

lyap_identity read_identity(const ElfFile& file) {
  const ElfFile::Section* section = file.section(LYAP_LIBRARY_SECTION);
  if (!section) {
    for (const ElfFile::Section& other : file.sections())
      if (other.name.starts_with(section_of_any_major))
        throw Refused(file.path(),
                      fmt::format("speaks plugin ABI {}, and this lyap speaks plugin ABI {}; "
                                  "rebuild it against this lyap's SDK",
                                  other.name.substr(section_of_any_major.size()), LYAP_ABI_MAJOR));
    throw Refused(file.path(),
                  "a shared library but not a lyap plugin: it has no section " LYAP_LIBRARY_SECTION
                  "; end one of its source files with LYAP_PLUGINS(...)");
  }
  lyap_identity identity{};
  // Fields are only ever appended: an older plugin has fewer, a newer one more than we know of.
  std::memcpy(&identity, section->bytes.data(), std::min(sizeof identity, section->bytes.size()));
  const bool sound = std::memcmp(identity.magic, LYAP_LIBRARY_MAGIC, sizeof identity.magic) == 0 &&
                     identity.size <= section->bytes.size() && terminated(identity.sdk) &&
                     terminated(identity.eigen) && terminated(identity.compiler);
  if (!sound)
    throw Refused(file.path(),
                  fmt::format("its section " LYAP_LIBRARY_SECTION
                              " of {} bytes holds no lyap_identity; rebuild it against an "
                              "unedited abi.h, without packing",
                              section->bytes.size()));
  return identity;
}

Capabilities this_process() {
  Capabilities here{};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx")) here.isa |= LYAP_ISA_AVX;
  if (__builtin_cpu_supports("avx2")) here.isa |= LYAP_ISA_AVX2;
  if (__builtin_cpu_supports("fma")) here.isa |= LYAP_ISA_FMA;
  if (__builtin_cpu_supports("avx512f")) here.isa |= LYAP_ISA_AVX512F;
#endif
#if defined(_LIBCPP_VERSION)
  here.family = LYAP_LIBCXX;
#else
  here.family = LYAP_LIBSTDCXX;
#endif
#if defined(__SANITIZE_ADDRESS__) || CLANG_HAS(address_sanitizer)
  here.sanitizers |= LYAP_ASAN;
#endif
#if defined(__SANITIZE_THREAD__) || CLANG_HAS(thread_sanitizer)
  here.sanitizers |= LYAP_TSAN;
#endif
  return here;
}

std::string objection(const lyap_identity& identity, const Capabilities& here) {
  if (identity.abi_major != LYAP_ABI_MAJOR)
    return fmt::format(
        "speaks plugin ABI {}.{}, and this lyap speaks plugin ABI {}.{}; rebuild it against this "
        "lyap's SDK",
        identity.abi_major, identity.abi_minor, LYAP_ABI_MAJOR, LYAP_ABI_MINOR);
  if (identity.abi_minor > LYAP_ABI_MINOR)
    return fmt::format(
        "needs plugin ABI {}.{}, and this lyap offers {}.{}; update lyap, or rebuild the plugin "
        "against this lyap's SDK",
        identity.abi_major, identity.abi_minor, LYAP_ABI_MAJOR, LYAP_ABI_MINOR);
  for (const std::string& reason :
       {objection_to_tables(identity), objection_to_processor(identity, here),
        objection_to_family(identity, here), objection_to_sanitizers(identity, here)})
    if (!reason.empty()) return reason;
  return "";
}

}  // namespace lyap::framework
