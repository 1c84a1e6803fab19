// apps/lyap/reference.hpp - the reference pages: what the program says about itself, as files.
#pragma once
#include <filesystem>

#include "plugin/catalog.hpp"

namespace lyap::app {

/// Writes Markdown pages into a folder, making it: README.md with the index, plugins/ID.md for each
/// plugin, pipeline.md with every key of a pipeline file, commands.md with the help of every
/// command. InputError: the folder cannot be written.
void write_reference(const framework::Catalog& catalog, const std::filesystem::path& folder);

}  // namespace lyap::app
