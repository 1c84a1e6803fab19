// lyap/border.hpp - errors on their way across the border: exceptions on both sides, codes and one
// sentence between.
#pragma once
#include <algorithm>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "lyap/abi.h"

namespace lyap {

/// An error with the code it travels under; what() is one sentence that says what to change.
class PluginError : public std::runtime_error {
 public:
  PluginError(int code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  int code() const noexcept { return code_; }

 private:
  int code_;
};
/// A value of an option that its declared range cannot exclude.
struct BadOption : PluginError {
  explicit BadOption(const std::string& sentence) : PluginError(LYAP_BAD_OPTION, sentence) {}
};
/// Operands that do not fit each other.
struct BadShape : PluginError {
  explicit BadShape(const std::string& sentence) : PluginError(LYAP_BAD_SHAPE, sentence) {}
};
/// A file or data set that cannot be used; says which and what to do.
struct BadData : PluginError {
  explicit BadData(const std::string& sentence) : PluginError(LYAP_BAD_DATA, sentence) {}
};
/// Numbers that have gone bad; says at which step and sequence.
struct NotFinite : PluginError {
  explicit NotFinite(const std::string& sentence) : PluginError(LYAP_NOT_FINITE, sentence) {}
};
/// Ctrl-C or an exhausted budget; what is finished is kept.
struct Stopped : PluginError {
  explicit Stopped(const std::string& sentence) : PluginError(LYAP_STOPPED, sentence) {}
};

namespace border {

/// Writes code and sentence into the caller's lyap_error (cut at its length) and returns the code.
inline int fail(lyap_error* error, int code, const char* sentence) noexcept {
  if (error) {
    error->code = code;
    const std::size_t length = std::min(std::strlen(sentence), sizeof error->text - 1);
    std::memcpy(error->text, sentence, length);
    error->text[length] = '\0';
  }
  return code;
}

/// Runs f and turns whatever it throws into a code: the only place where exceptions stop.
template <class F>
int guarded(lyap_error* error, F&& f) noexcept {
  try {
    f();
    return LYAP_OK;
  } catch (const PluginError& e) {
    return fail(error, e.code(), e.what());
  } catch (const std::invalid_argument& e) {
    return fail(error, LYAP_BAD_SHAPE, e.what());
  } catch (const std::exception& e) {
    return fail(error, LYAP_FAILED, e.what());
  } catch (...) {
    return fail(error, LYAP_FAILED, "threw something that is not a std::exception");
  }
}

/// Turns what the other side reported back into an exception.
inline void check(int code, const lyap_error& error) {
  if (code == LYAP_OK) return;
  throw PluginError(code, error.text);
}

/// Calls an operation whose last argument is lyap_error* and throws what it reports.
template <class Operation, class... Arguments>
void call(Operation operation, Arguments&&... arguments) {
  lyap_error error{};
  check(operation(std::forward<Arguments>(arguments)..., &error), error);
}

}  // namespace border
}  // namespace lyap
