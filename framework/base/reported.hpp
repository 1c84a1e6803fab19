// framework/base/reported.hpp - an error a plugin reported across the border, thrown on our side.
#pragma once
#include <string>

#include "base/error.hpp"
#include "lyap/abi.h"

namespace lyap::framework {

/// Throws what `error` says, starting with "<who>: ": InputError for options, shapes and data,
/// NumericError for numbers gone bad, Interrupted after a stop, Error otherwise.
[[noreturn]] inline void throw_reported(const std::string& who, const lyap_error& error) {
  const std::string sentence = who + ": " + error.text;
  switch (error.code) {
    case LYAP_BAD_OPTION:
    case LYAP_BAD_SHAPE:
    case LYAP_BAD_DATA:
      throw InputError(sentence);
    case LYAP_NOT_FINITE:
      throw NumericError(sentence);
    case LYAP_STOPPED:
      throw Interrupted(sentence);
    default:
      throw Error(sentence);
  }
}

}  // namespace lyap::framework
