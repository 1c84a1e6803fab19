// tests/framework/plugin/library_test.cpp - a broken plugin library is a sentence, never a crash.
#include "plugin/library.hpp"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "plugin/elf_identity.hpp"
#include "plugin/refused.hpp"

using namespace lyap::framework;

namespace {

std::filesystem::path broken(const std::string& name) {
  return std::filesystem::path(LYAP_BROKEN_DIR) / (name + ".lyap.so");
}

std::string reason_to_refuse(const std::filesystem::path& file) {
  try {
    Library library(file);
    return "accepted";
  } catch (const Refused& refused) {
    CHECK(refused.what() == file.string() + ": " + refused.reason());
    return refused.reason();
  }
}

// A plugin whose bytes have been changed behind its back.
template <class Change>
std::string reason_after(Change change) {
  std::string bytes = read_file(broken("plain"));
  change(bytes);
  const TemporaryFolder folder;
  return reason_to_refuse(folder.file("changed.lyap.so", bytes));
}

Elf64_Ehdr& header_of(std::string& bytes) {
  return *reinterpret_cast<Elf64_Ehdr*>(bytes.data());
}

// Bytes of the section headers, with which every linker ends the file.
std::size_t section_headers_of(const std::string& bytes) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof header);
  return std::size_t{header.e_shnum} * header.e_shentsize;
}

}  // namespace

TEST_CASE("a plugin in plain C is loaded and says what it is") {
  const Library library(broken("plain"));
  CHECK(library.file() == broken("plain"));
  CHECK(library.sha256() == sha256_of_file(broken("plain")));
  CHECK(library.identity().abi_major == 1);
  CHECK(std::string(library.identity().compiler) == "cc");
  REQUIRE(library.plugins().size() == 1);
  const Plugin& plugin = library.plugins().front();
  CHECK(plugin.title() == "cell 'plain'");
  CHECK(plugin.version() == "1.0.0");
  CHECK(plugin.summary() == "A cell in plain C");
  CHECK(plugin.option_names() == std::vector<std::string>{"units"});
  REQUIRE(plugin.option("units"));
  CHECK(plugin.option("units")->high == 8);
  CHECK(plugin.option("unit") == nullptr);
  CHECK(plugin.ports().size() == 1);
  CHECK(plugin.cell().size == sizeof(lyap_cell_ops));
  CHECK(&plugin.library() == &library);
}

TEST_CASE("a library keeps its code after its object has gone") {
  const lyap_cell_ops* operations = nullptr;
  {
    const Library library(broken("plain"));
    operations = &library.plugins().front().cell();
  }
  CHECK(operations->shape(nullptr) == nullptr);
}

TEST_CASE("packed structs are the same structs, as none of the border has a hole") {
  CHECK(reason_to_refuse(broken("packed")) == "accepted");
}

TEST_CASE("a library of another ABI is refused before its code runs") {
  CHECK(reason_to_refuse(broken("wrong_major")) ==
        "speaks plugin ABI 2, and this lyap speaks plugin ABI 1; rebuild it against this lyap's "
        "SDK");
  CHECK(reason_to_refuse(broken("wrong_major_inside")) ==
        "speaks plugin ABI 7.0, and this lyap speaks plugin ABI 1.0; rebuild it against this "
        "lyap's SDK");
  CHECK(reason_to_refuse(broken("newer_minor")) ==
        "needs plugin ABI 1.9, and this lyap offers 1.0; update lyap, or rebuild the plugin "
        "against this lyap's SDK");
  CHECK(reason_to_refuse(broken("edited_table")) ==
        "its tables are not those of plugin ABI 1.0: lyap_plugin has 80 bytes instead of 72; "
        "rebuild it against an unedited abi.h, without packing");
  CHECK(reason_to_refuse(broken("garbled")) ==
        "its section .lyap_abi_1 of 168 bytes holds no lyap_identity; rebuild it against an "
        "unedited abi.h, without packing");
}

TEST_CASE("a library that this process cannot run beside itself is refused before its code runs") {
  CHECK(reason_to_refuse(broken("unknown_isa")) ==
        "uses instruction sets that this lyap does not know (bits 0x100); update lyap, or rebuild "
        "the plugin without -march=native");
  CHECK(reason_to_refuse(broken("other_family")) ==
        "uses the C++ library libc++, and this lyap uses libstdc++; rebuild it with "
        "-stdlib=libstdc++");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(reason_to_refuse(broken("sanitized")) ==
        "built with ThreadSanitizer, and this lyap with no sanitizer; build both alike");
#endif
}

TEST_CASE("an instruction set is refused exactly where the processor lacks it") {
  lyap_identity identity = read_identity(ElfFile(broken("plain")));
  identity.isa = LYAP_ISA_AVX2 | LYAP_ISA_FMA | LYAP_ISA_AVX512F;
  Capabilities here = this_process();
  here.isa = LYAP_ISA_AVX | LYAP_ISA_AVX2 | LYAP_ISA_FMA;
  CHECK(objection(identity, here) ==
        "uses AVX-512F, which this processor lacks; rebuild it here, or without -march=native");
  here.isa = 0;
  CHECK(objection(identity, here) ==
        "uses AVX2 and FMA and AVX-512F, which this processor lacks; rebuild it here, or without "
        "-march=native");
  here.isa = identity.isa;
  CHECK(objection(identity, here).empty());
}

TEST_CASE("a file that is no plugin library is refused with the reason") {
  const TemporaryFolder folder;
  CHECK(reason_to_refuse(folder / "absent.lyap.so") == "there is no such file");
  CHECK(reason_to_refuse(folder.path()) == "a directory; a plugin library is a file");
  CHECK(reason_to_refuse("/dev/null") == "a device or pipe; a plugin library is a file");
  CHECK(reason_to_refuse(folder.file("empty.lyap.so", "")) ==
        "the file is empty; build or copy it again");
  CHECK(reason_to_refuse(folder.file("text.lyap.so", "#!/bin/sh\n")) ==
        "not a shared library: it does not begin as an ELF file does; give one built with "
        "lyap_add_plugin()");
  CHECK(reason_to_refuse(broken("not_a_plugin")) ==
        "a shared library but not a lyap plugin: it has no section .lyap_abi_1; end one of its "
        "source files with LYAP_PLUGINS(...)");
}

TEST_CASE("a library for another processor or of another ELF type is refused with both numbers") {
  CHECK(reason_after([](std::string& bytes) { header_of(bytes).e_machine = EM_S390; }) ==
        "built for another processor (64-bit, little-endian, ELF machine 22), and this lyap runs "
        "on x86-64 (64-bit, little-endian, ELF machine 62); rebuild it here");
  CHECK(reason_after([](std::string& bytes) {
          header_of(bytes).e_ident[EI_CLASS] = ELFCLASS32;
          header_of(bytes).e_ident[EI_DATA] = ELFDATA2MSB;
        }) ==
        "built for another processor (32-bit, big-endian, ELF machine 62), and this lyap runs on "
        "x86-64 (64-bit, little-endian, ELF machine 62); rebuild it here");
  CHECK(reason_after([](std::string& bytes) { header_of(bytes).e_type = ET_REL; }) ==
        "an ELF file of type 1, and a shared library has type 3; link it with lyap_add_plugin()");
}

TEST_CASE("a library cut short anywhere is refused and never opened") {
  const std::string whole = read_file(broken("plain"));
  CHECK(reason_after([](std::string& bytes) { bytes.resize(20); }) ==
        "cut short: an ELF header has 64 bytes and the file has 20; build or copy it again");
  CHECK(reason_after([](std::string& bytes) { bytes.pop_back(); }) ==
        "cut short: its section headers (" + std::to_string(section_headers_of(whole)) +
            " bytes from byte " + std::to_string(whole.size() - section_headers_of(whole)) +
            " on) would end behind the file's " + std::to_string(whole.size() - 1) +
            " bytes; build or copy it again");
  const TemporaryFolder folder;
  for (std::size_t length = 1; length < whole.size(); length += 97) {
    CAPTURE(length);
    const std::string reason =
        reason_to_refuse(folder.file("cut.lyap.so", whole.substr(0, length)));
    CHECK(reason.find("build or copy it again") + reason.find("lyap_add_plugin") !=
          2 * std::string::npos);
    CHECK(reason != "accepted");
  }
}

TEST_CASE("headers that point beyond the end of the file are refused") {
  CHECK(reason_after([](std::string& bytes) {
          header_of(bytes).e_phoff = ~std::uint64_t{7};
        }).starts_with("cut short: its program headers"));
  CHECK(reason_after([](std::string& bytes) { header_of(bytes).e_phnum = 0; }) ==
        "damaged: it has no readable program headers; build or copy it again");
  CHECK(reason_after([](std::string& bytes) {
          header_of(bytes).e_shoff = bytes.size() - 3;
        }).starts_with("cut short: its section headers"));
  CHECK(reason_after([](std::string& bytes) {
          auto& segment = *reinterpret_cast<Elf64_Phdr*>(&bytes[header_of(bytes).e_phoff]);
          segment.p_filesz = ~std::uint64_t{0};
        }).starts_with("cut short: a segment of it"));
  CHECK(reason_after([](std::string& bytes) { header_of(bytes).e_shstrndx = 60000; }) ==
        "a shared library but not a lyap plugin: it has no section .lyap_abi_1; end one of its "
        "source files with LYAP_PLUGINS(...)");
}

TEST_CASE("a library that cannot be linked into the process is refused with the loader's words") {
  CHECK(reason_to_refuse(broken("undefined_symbol")) ==
        "cannot be loaded: undefined symbol: lyap_test_missing_function; link it with "
        "lyap_add_plugin() and install the libraries it needs");
  CHECK(reason_to_refuse(broken("no_symbol")) ==
        "exports no symbol lyap_library_v1; end one of its source files with LYAP_PLUGINS(...)");
  CHECK(reason_to_refuse(broken("two_stories")) ==
        "its exported table and its section .lyap_abi_1 say different things; rebuild it against "
        "an unedited abi.h");
}

TEST_CASE("a table that does not hold what abi.h asks for is refused with the plugin's name") {
  const std::pair<const char*, const char*> cases[] = {
      {"no_plugins", "holds no plugins; name them in LYAP_PLUGINS(...)"},
      {"null_plugin", "announces 2 plugins and has no number 1"},
      {"one_id_twice", "holds two plugins called 'plain'"},
      {"bad_id",
       "its plugin number 0 is called 'My Cell'; an id is a snake_case word or a reverse domain "
       "name such as 'org.example.my_cell'"},
      {"unknown_kind", "its plugin 'plain' is of the unknown kind 9"},
      {"no_summary", "its plugin 'plain' has no summary; say in one line what it is"},
      {"undescribed_option",
       "its plugin 'plain' has an option 'units' that has no doc; say in one sentence what it "
       "does"},
      {"default_out_of_range",
       "its plugin 'plain' has an option 'units' that cannot take its own default: option 'units' "
       "is 64, and its range is 1..8"},
      {"bad_quantity",
       "its plugin 'plain' has a port 'spectrum' that carries no quantity: a quantity is written "
       "'name[axis, axis] unit', not 'the exponents[': the bracket is not closed"},
      {"missing_operation", "its plugin 'plain' is a cell without the operation 'step'"},
      {"half_an_output",
       "its plugin 'plain' has some of output, output_push and output_pull; give all three or "
       "none"},
  };
  for (const auto& [name, reason] : cases) {
    const std::string shown(name);
    CAPTURE(shown);
    CHECK(reason_to_refuse(broken(name)) == reason);
  }
}
