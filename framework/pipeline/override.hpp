// framework/pipeline/override.hpp - values of a pipeline file replaced from outside: presets and
// -s.
#pragma once
#include <string>
#include <string_view>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

/// A value to be put at a path such as "trials.cell.with.units" or "trials.measure.le.with.steps":
/// keys of maps, and elements of lists by number (from 0) or by their `as` or `use`.
struct Override {
  std::string path;
  Place place;  ///< of the path, for messages
  Node value;
};

/// The override that an argument "path=value" of -s asks for. A value in brackets, braces or quotes
/// is read as YAML, anything else is the text it is, further '=' included; nothing and ~ take the
/// value away. UsageError without a path and '='.
Override parse_override(std::string_view argument, Mistakes& mistakes);

/// Puts the value in its place, making maps on the way. A mistake: a path through something that is
/// no map, an unknown element, a key on the way that is missing but close to one that is there.
void apply(const Override& override, Node& root, Mistakes& mistakes);

/// Applies the overrides that `presets: {name: {path: value}}` of the file gives under `name`.
void apply_preset(const std::string& name, Node& root, Mistakes& mistakes);

}  // namespace lyap::framework
