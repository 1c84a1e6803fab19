// apps/lyap/sweep_commands.hpp - the parts of `lyap sweep`, one file each under commands/.
#pragma once
#include <filesystem>

#include "arguments.hpp"
#include "base/error.hpp"
#include "sweep/worker.hpp"

namespace lyap::app {

int sweep_run(const Words&, Common);
int sweep_status(const Words&, Common);
int sweep_merge(const Words&, Common);
int sweep_retry(const Words&, Common);
int sweep_submit(const Words&, Common);

/// What was interrupted, with the part of `lyap sweep` that goes on.
framework::Interrupted resumable(const framework::Interrupted& what, const char* part,
                                 const std::filesystem::path& folder);

/// --keep, which `run` and `submit` have. UsageError: another word.
framework::Keep keep_of(const Arguments& arguments);

}  // namespace lyap::app
