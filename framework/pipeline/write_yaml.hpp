// framework/pipeline/write_yaml.hpp - a tree as YAML text that reads back as the same tree.
#pragma once
#include <string>

#include "pipeline/node.hpp"

namespace lyap::framework {

/// Block style; scalars plain where they were and need no quotes, else in double quotes. Comments
/// are gone.
std::string write_yaml(const Node& tree);

}  // namespace lyap::framework
