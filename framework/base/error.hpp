// framework/base/error.hpp - what can go wrong, said in one sentence with the place and the remedy.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// Exit codes of the program: part of its interface.
enum class Exit {
  Done = 0,
  RunFailed = 1,
  Usage = 2,
  BadInput = 3,  ///< pipeline, plugin, data file, or a failed check
  SweepIncomplete = 4,
  Interrupted = 130
};

/// An error a person can act on; what() is one sentence that names the place and the remedy.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& sentence, Exit exit = Exit::RunFailed)
      : std::runtime_error(sentence), exit_(exit) {}
  Exit exit() const noexcept { return exit_; }

 private:
  Exit exit_;
};

/// A file, option, plugin or data set that cannot be used as it is.
struct InputError : Error {
  explicit InputError(const std::string& sentence) : Error(sentence, Exit::BadInput) {}
};

/// A command line that cannot be understood.
struct UsageError : Error {
  explicit UsageError(const std::string& sentence) : Error(sentence, Exit::Usage) {}
};

/// Numbers that have gone bad; says at which step and sequence.
struct NumericError : Error {
  explicit NumericError(const std::string& sentence) : Error(sentence, Exit::RunFailed) {}
};

/// Ctrl-C, or a stop that was asked for; what is finished has been kept.
struct Interrupted : Error {
  explicit Interrupted(const std::string& sentence) : Error(sentence, Exit::Interrupted) {}
};

}  // namespace lyap::framework
