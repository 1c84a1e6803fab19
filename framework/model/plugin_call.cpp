// framework/model/plugin_call.cpp - what a plugin reports, as an exception of ours.
#include "model/plugin_call.hpp"

#include "base/error.hpp"

namespace lyap::framework {

void throw_plugin_error(const std::string& who, int code, const lyap_error& error) {
  const std::string sentence =
      who + ": " +
      (error.text[0] ? error.text : "failed without saying why; report this to its author");
  switch (code) {
    case LYAP_NOT_FINITE:
      throw NumericError(sentence);
    case LYAP_STOPPED:
      throw Interrupted(sentence);
    case LYAP_BAD_OPTION:
    case LYAP_BAD_SHAPE:
    case LYAP_BAD_DATA:
      throw InputError(sentence);
    default:
      throw Error(sentence);
  }
}

}  // namespace lyap::framework
