// apps/lyap/sweep_commands.hpp - the parts of `lyap sweep`, one file each under commands/.
#pragma once
#include "arguments.hpp"
#include "sweep/worker.hpp"

namespace lyap::app {

int sweep_run(const Words&, Common);
int sweep_status(const Words&, Common);
int sweep_merge(const Words&, Common);
int sweep_retry(const Words&, Common);
int sweep_submit(const Words&, Common);

/// --keep, which `run` and `submit` have. UsageError: another word.
framework::Keep keep_of(const Arguments& arguments);

}  // namespace lyap::app
