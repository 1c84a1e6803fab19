// framework/plugin/refused.hpp - why a plugin library is not used.
#pragma once
#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace lyap::framework {

/// A library that cannot be believed or opened. The reason says what was found, what is supported
/// and what to do, without the file's name; what() is "file: reason".
class Refused : public InputError {
 public:
  Refused(std::filesystem::path file, std::string reason)
      : InputError(file.string() + ": " + reason),
        file_(std::move(file)),
        reason_(std::move(reason)) {}
  const std::filesystem::path& file() const { return file_; }
  const std::string& reason() const { return reason_; }

 private:
  std::filesystem::path file_;
  std::string reason_;
};

}  // namespace lyap::framework
