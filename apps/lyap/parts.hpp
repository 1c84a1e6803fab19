// apps/lyap/parts.hpp - a command that has commands of its own, such as `lyap sweep run`.
#pragma once
#include <span>
#include <string>

#include "command.hpp"

namespace lyap::app {

/// Carries out the part that `words` name, or prints what the parts are; `about` is a paragraph.
int run_part(const char* command, const std::string& about, std::span<const Command> parts,
             const Words& words, const Common& common);

}  // namespace lyap::app
