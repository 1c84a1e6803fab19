// framework/plugin/library.hpp - opens a plugin library and decides whether to believe it.
#pragma once
#include <lyap/abi.h>

#include <deque>
#include <filesystem>
#include <string>

#include "plugin/plugin.hpp"

namespace lyap::framework {

/// A loaded plugin library. Its code stays in the process for good: it may sit behind any object
/// that was made with it.
class Library {
 public:
  /// Judges the identity in the file, loads it, and judges its tables. Refused: says what was
  /// found, what is supported and what to do.
  explicit Library(const std::filesystem::path& file);
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const std::filesystem::path& file() const { return file_; }
  const lyap_identity& identity() const { return identity_; }
  /// Of the file as it was when it was loaded, 64 hexadecimal digits.
  const std::string& sha256() const { return sha256_; }
  /// In the library's order; addresses stay as long as this object.
  const std::deque<Plugin>& plugins() const { return plugins_; }

 private:
  std::filesystem::path file_;
  lyap_identity identity_;
  std::string sha256_;
  std::deque<Plugin> plugins_;
};

}  // namespace lyap::framework
