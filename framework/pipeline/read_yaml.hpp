// framework/pipeline/read_yaml.hpp - a strict subset of YAML as a tree that knows its places.
//
// Block and flow maps and lists, plain, quoted and folded scalars, comments. Not: tags, anchors and
// aliases, merge keys, a second document, duplicate keys, keys that are no words, tabs as
// indentation. Anything refused is a MistakesError that says where.
#pragma once
#include <filesystem>

#include "pipeline/node.hpp"

namespace lyap::framework {

/// The tree of `file`. Throws InputError for a file that cannot be read, is empty, is no UTF-8 text
/// or has more than 512 kB; MistakesError for what is no YAML of ours.
Node read_yaml(const std::filesystem::path& file);

/// The tree of text at hand; `source->name` stands for the file in messages.
Node parse_yaml(const std::shared_ptr<const Source>& source);

}  // namespace lyap::framework
