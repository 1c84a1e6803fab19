// framework/plugin/elf_file.hpp - a shared library as bytes: its sections and the names it exports.
#pragma once
#include <elf.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// A 64-bit shared library for this processor, read as data: none of its code runs. dlopen of a
/// file that was cut short ends the process with SIGBUS; here it is a sentence.
class ElfFile {
 public:
  /// Refused: not a file, empty, not ELF, for another processor, not a shared library, or shorter
  /// than its own headers say.
  explicit ElfFile(const std::filesystem::path& path);
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::string& bytes() const { return bytes_; }

  struct Section {
    std::string name;
    std::string_view bytes;  ///< empty when the file holds none
    Elf64_Shdr header;
  };
  /// In the order of the file; empty when the section headers were stripped.
  const std::vector<Section>& sections() const { return sections_; }
  const Section* section(std::string_view name) const;

  /// Names that other objects of a process can bind to, as `nm -D --defined-only` lists them.
  std::vector<std::string> exported_symbols() const;

 private:
  void check_header() const;
  void check_segments() const;
  void read_sections();
  std::string_view range(std::uint64_t offset, std::uint64_t size, std::string_view what) const;

  std::filesystem::path path_;
  std::string bytes_;
  Elf64_Ehdr header_{};
  std::vector<Section> sections_;
};

}  // namespace lyap::framework
