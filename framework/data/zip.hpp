// framework/data/zip.hpp - several files in one, uncompressed: the container of .npz and .pt.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"

namespace lyap::framework {

/// Appears under its name when close() has returned; the same contents give the same bytes. Every
/// file begins at a multiple of 64 bytes, as PyTorch wants for mapping.  Error: more than 4 GiB; as
/// AtomicFile.  Format: PKWARE APPNOTE.TXT 6.3.3, sections 4.3 and 4.4.
class ZipFile {
 public:
  explicit ZipFile(const std::filesystem::path& target);

  void add(const std::string& name, std::string_view contents);
  void close();

 private:
  struct Entry {
    std::string name;
    std::uint32_t checksum, size, offset;
  };
  void put(std::string_view bytes);
  std::string common_header(const Entry& entry, std::size_t extra) const;

  std::filesystem::path target_;
  AtomicFile file_;
  std::uint64_t written_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace lyap::framework
