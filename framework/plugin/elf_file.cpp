// framework/plugin/elf_file.cpp - a shared library as bytes: its sections and the names it exports.
#include "plugin/elf_file.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/file.hpp"
#include "plugin/refused.hpp"

namespace lyap::framework {
namespace {

#if defined(__x86_64__)
constexpr unsigned our_machine = EM_X86_64;
constexpr const char* our_machine_name = "x86-64";
#elif defined(__aarch64__)
constexpr unsigned our_machine = EM_AARCH64;
constexpr const char* our_machine_name = "AArch64";
#else
#error "elf_file.cpp: name this processor's ELF machine number here"
#endif

// Copied out: nothing in a file is aligned.
template <class Record>
Record record_at(std::string_view bytes, std::uint64_t index = 0) {
  Record record;
  std::memcpy(&record, bytes.data() + index * sizeof(Record), sizeof(Record));
  return record;
}

// The word that starts at `offset` of a string table; empty when it starts or ends outside.
std::string_view word_at(std::string_view table, std::uint64_t offset) {
  if (offset >= table.size()) return {};
  const std::string_view rest = table.substr(offset);
  const std::size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

std::string contents(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw Refused(path, "a directory; a plugin library is a file");
  if (!std::filesystem::exists(path, ignored)) throw Refused(path, "there is no such file");
  if (!std::filesystem::is_regular_file(path, ignored))
    throw Refused(path, "a device or pipe; a plugin library is a file");
  return read_file(path);
}

}  // namespace

ElfFile::ElfFile(const std::filesystem::path& path) : path_(path), bytes_(contents(path)) {
  check_header();
  header_ = record_at<Elf64_Ehdr>(bytes_);
  check_segments();
  read_sections();
}

const ElfFile::Section* ElfFile::section(std::string_view name) const {
  for (const Section& section : sections_)
    if (section.name == name) return &section;
  return nullptr;
}

std::vector<std::string> ElfFile::exported_symbols() const {
  std::vector<std::string> names;
  for (const Section& symbols : sections_) {
    if (symbols.header.sh_type != SHT_DYNSYM) continue;
    if (symbols.header.sh_link >= sections_.size()) continue;
    const std::string_view words = sections_[symbols.header.sh_link].bytes;
    for (std::uint64_t i = 0; i < symbols.bytes.size() / sizeof(Elf64_Sym); ++i) {
      const auto symbol = record_at<Elf64_Sym>(symbols.bytes, i);
      const bool local = ELF64_ST_BIND(symbol.st_info) == STB_LOCAL;
      if (symbol.st_shndx != SHN_UNDEF && !local)
        names.emplace_back(word_at(words, symbol.st_name));
    }
  }
  return names;
}

void ElfFile::check_header() const {
  if (bytes_.empty()) throw Refused(path_, "the file is empty; build or copy it again");
  if (bytes_.compare(0, SELFMAG, ELFMAG) != 0)
    throw Refused(path_,
                  "not a shared library: it does not begin as an ELF file does; give one built "
                  "with lyap_add_plugin()");
  if (bytes_.size() < sizeof(Elf64_Ehdr))
    throw Refused(path_, fmt::format("cut short: an ELF header has {} bytes and the file has {}; "
                                     "build or copy it again",
                                     sizeof(Elf64_Ehdr), bytes_.size()));
  const auto header = record_at<Elf64_Ehdr>(bytes_);
  const bool wide = header.e_ident[EI_CLASS] == ELFCLASS64;
  const bool little = header.e_ident[EI_DATA] == ELFDATA2LSB;
  if (!wide || !little || header.e_machine != our_machine)
    throw Refused(path_, fmt::format("built for another processor ({}-bit, {}-endian, ELF machine "
                                     "{}), and this lyap runs on {} (64-bit, little-endian, ELF "
                                     "machine {}); rebuild it here",
                                     wide ? 64 : 32, little ? "little" : "big", header.e_machine,
                                     our_machine_name, our_machine));
  if (header.e_type != ET_DYN)
    throw Refused(path_, fmt::format("an ELF file of type {}, and a shared library has type {}; "
                                     "link it with lyap_add_plugin()",
                                     header.e_type, ET_DYN));
}

void ElfFile::check_segments() const {
  if (header_.e_phnum == 0 || header_.e_phentsize != sizeof(Elf64_Phdr))
    throw Refused(path_, "damaged: it has no readable program headers; build or copy it again");
  const std::string_view headers = range(
      header_.e_phoff, std::uint64_t{header_.e_phnum} * sizeof(Elf64_Phdr), "its program headers");
  for (std::uint64_t i = 0; i < header_.e_phnum; ++i) {
    const auto segment = record_at<Elf64_Phdr>(headers, i);
    if (segment.p_type != PT_NULL) range(segment.p_offset, segment.p_filesz, "a segment of it");
  }
}

void ElfFile::read_sections() {
  if (header_.e_shnum == 0 || header_.e_shentsize != sizeof(Elf64_Shdr)) return;
  const std::string_view headers = range(
      header_.e_shoff, std::uint64_t{header_.e_shnum} * sizeof(Elf64_Shdr), "its section headers");
  for (std::uint64_t i = 0; i < header_.e_shnum; ++i) {
    const auto header = record_at<Elf64_Shdr>(headers, i);
    const bool in_file = header.sh_type != SHT_NOBITS && header.sh_type != SHT_NULL;
    const std::string_view bytes =
        in_file ? range(header.sh_offset, header.sh_size, "a section of it") : std::string_view();
    sections_.push_back({"", bytes, header});
  }
  if (header_.e_shstrndx >= sections_.size()) return;
  const std::string_view words = sections_[header_.e_shstrndx].bytes;
  for (Section& section : sections_) section.name = word_at(words, section.header.sh_name);
}

std::string_view ElfFile::range(std::uint64_t offset, std::uint64_t size,
                                std::string_view what) const {
  const std::uint64_t end = bytes_.size();
  if (offset > end || size > end - offset)
    throw Refused(path_,
                  fmt::format("cut short: {} ({} bytes from byte {} on) would end behind the "
                              "file's {} bytes; build or copy it again",
                              what, size, offset, end));
  return std::string_view(bytes_).substr(offset, size);
}

}  // namespace lyap::framework
