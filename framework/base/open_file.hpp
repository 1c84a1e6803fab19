// framework/base/open_file.hpp - an open file, closed with its object; every failure is a sentence.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace lyap::framework {

class OpenFile {
 public:
  /// InputError: missing, a directory, or unreadable.
  static OpenFile to_read(const std::filesystem::path& path);
  /// Created when missing; what is written goes behind what is there.
  static OpenFile to_append(const std::filesystem::path& path);
  /// A folder, for flush_to_disk() alone: it makes the names in it last.
  static OpenFile folder(const std::filesystem::path& path);
  /// A new, empty file next to `target` under a name that no other file has.
  static OpenFile temporary_for(const std::filesystem::path& target);

  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  const std::filesystem::path& path() const { return path_; }
  /// Bytes, as the file system states them: 0 for pipes and devices.
  std::int64_t size() const;
  /// Fills `bytes` as far as the file goes; returns how many were read.
  std::size_t read(std::span<char> bytes);
  /// Writes all of it.  Error: the disk is full, or will not take it.
  void write(std::string_view bytes);
  /// Returns once the bytes are on the disk.
  void flush_to_disk();

 private:
  OpenFile(std::filesystem::path path, std::filesystem::path called, int descriptor);

  std::filesystem::path path_;
  std::filesystem::path called_;  // what a person knows it by: a temporary file's target
  int descriptor_;
};

}  // namespace lyap::framework
