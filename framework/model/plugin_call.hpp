// framework/model/plugin_call.hpp - what a plugin reports, as an exception of ours.
#pragma once
#include <string>
#include <utility>

#include "lyap/abi.h"

namespace lyap::framework {

/// Throws what `code` stands for, the sentence begun with `who` ("cell 'lstm'"): NumericError for
/// LYAP_NOT_FINITE, Interrupted for LYAP_STOPPED, Error for LYAP_FAILED, else InputError.
[[noreturn]] void throw_plugin_error(const std::string& who, int code, const lyap_error& error);

/// Calls an operation whose last argument is lyap_error*.
template <class Operation, class... Arguments>
void call_plugin(const std::string& who, Operation operation, Arguments&&... arguments) {
  lyap_error error{};
  const int code = operation(std::forward<Arguments>(arguments)..., &error);
  if (code != LYAP_OK) throw_plugin_error(who, code, error);
}

/// The same for an operation that returns a pointer, null for failure.
template <class Operation, class... Arguments>
auto create_by_plugin(const std::string& who, Operation operation, Arguments&&... arguments) {
  lyap_error error{};
  auto* object = operation(std::forward<Arguments>(arguments)..., &error);
  if (!object) throw_plugin_error(who, error.code, error);
  return object;
}

}  // namespace lyap::framework
