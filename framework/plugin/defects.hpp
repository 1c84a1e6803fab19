// framework/plugin/defects.hpp - are the tables of a loaded library what abi.h says they are?
#pragma once
#include <lyap/abi.h>

#include <string>

namespace lyap::framework {

/// What is wrong with the first plugin that has something wrong, as a Refused reason; empty when
/// nothing is: sizes, ids, functions that must be there, options and ports described, defaults that
/// their own option accepts.
std::string defect(const lyap_library& library);

}  // namespace lyap::framework
