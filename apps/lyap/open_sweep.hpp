// apps/lyap/open_sweep.hpp - which sweep a command means: a pipeline file, or the folder of one.
#pragma once
#include <filesystem>
#include <memory>

#include "program.hpp"
#include "sweep/points.hpp"
#include "sweep/sweep_directory.hpp"

namespace lyap::app {

/// A sweep with its points, the program that works on it, and how it was asked for.
struct OpenSweep {
  framework::RunCommand command;
  std::filesystem::path folder;
  std::unique_ptr<framework::PlannedSweep> sweep;
  std::unique_ptr<Program> program;
};

/// Declares the positional FILE-or-DIR, --set, --preset and --out.
void add_sweep_options(Arguments& arguments);

/// Of a file: reads and resolves every point. Of a folder: as it was asked for when it was made.
/// The folder of a file is OUT/NAME-PRESET. Relative paths of a folder's pipeline are meant from
/// where it was made, so that the working directory may change.
OpenSweep open_sweep(const Arguments& arguments, const Words& words, const Common& common);

/// The pipeline file of an earlier command: itself while it is unchanged, else the copy in the
/// folder; changes to the folder the command was given in.
std::filesystem::path file_of_earlier(const framework::RunCommand& command,
                                      const std::filesystem::path& copy);

}  // namespace lyap::app
