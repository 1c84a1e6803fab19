// framework/plugin/describe.hpp - what plugins say about themselves, for people and for programs.
#pragma once
#include <string>

#include "plugin/catalog.hpp"

namespace lyap::framework {

/// `lyap describe ID`: what it is, where its equations stand, its options and its ports.
std::string describe(const Plugin& plugin);
/// The same as one JSON object, with how the library was made; open ends of ranges are null.
std::string describe_json(const Plugin& plugin);
/// The same as a Markdown page.
std::string describe_markdown(const Plugin& plugin);
/// A Markdown table for each kind: every plugin with one line, linked to its page in `folder`
/// ("plugins/", or "").
std::string index_markdown(const Catalog& catalog, const std::string& folder);

/// `lyap plugins`: one line a plugin by kind, then the refused libraries with their reasons.
std::string list(const Catalog& catalog);
/// {"folders": [...], "plugins": [...], "refused": [{"file", "reason"}]}
std::string list_json(const Catalog& catalog);

}  // namespace lyap::framework
