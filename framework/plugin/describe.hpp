// framework/plugin/describe.hpp - what plugins say about themselves, for people and for programs.
#pragma once
#include <string>

#include "plugin/catalog.hpp"

namespace lyap::framework {

/// `lyap describe ID`: what it is, where its equations stand, its options and its ports.
std::string describe(const Plugin& plugin);
/// The same as one JSON object, with how the library was made; open ends of ranges are null.
std::string describe_json(const Plugin& plugin);

/// `lyap plugins`: one line a plugin by kind, then the refused libraries with their reasons.
std::string list(const Catalog& catalog);
/// {"folders": [...], "plugins": [...], "refused": [{"file", "reason"}]}
std::string list_json(const Catalog& catalog);

}  // namespace lyap::framework
