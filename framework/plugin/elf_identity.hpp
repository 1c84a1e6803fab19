// framework/plugin/elf_identity.hpp - how a plugin library was made, read from its file before any
// of its code runs.
#pragma once
#include <lyap/abi.h>

#include <string>

#include "plugin/elf_file.hpp"

namespace lyap::framework {

/// The lyap_identity in the section `.lyap_abi_1`. Refused: the section is missing, belongs to
/// another major, or does not hold an identity.
lyap_identity read_identity(const ElfFile& file);

/// What this process can run within itself.
struct Capabilities {
  std::uint32_t isa;         ///< lyap_isa bits of the processor
  std::uint32_t family;      ///< lyap_family this kernel was built against
  std::uint32_t sanitizers;  ///< lyap_sanitizer bits this kernel was built with
};
Capabilities this_process();

/// Why a library made like that cannot be used here, as a Refused reason; empty when it can.
std::string objection(const lyap_identity& identity, const Capabilities& here = this_process());

}  // namespace lyap::framework
