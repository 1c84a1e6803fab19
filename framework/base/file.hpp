// framework/base/file.hpp - whole files: read in one go, written complete or not at all.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/open_file.hpp"

namespace lyap::framework {

/// The bytes of a file.  InputError: missing, a directory, unreadable, cut short while being read.
std::string read_file(const std::filesystem::path& path);

/// Replaces or creates the file in one step; errors as AtomicFile.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// SHA-256 in 64 lower-case hexadecimal digits; errors of the file as read_file.
std::string sha256_of_file(const std::filesystem::path& path);

/// A file that gets its name only when it is complete: written under a temporary name in the same
/// folder, flushed to the disk and renamed by commit(), deleted when commit() is never reached.
/// InputError: the folder is missing or not writable, or the target is a directory; Error: disk
/// full.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes) { file_.write(bytes); }
  void commit();

  /// Where the bytes are until commit(); for libraries that insist on opening the file themselves.
  const std::filesystem::path& temporary() const { return file_.path(); }

 private:
  std::filesystem::path target_;
  OpenFile file_;
  bool committed_ = false;
};

}  // namespace lyap::framework
