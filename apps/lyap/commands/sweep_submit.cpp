// apps/lyap/commands/sweep_submit.cpp - `lyap sweep submit`: the points to a cluster's queue.
#include "base/error.hpp"
#include "sweep_commands.hpp"

namespace lyap::app {

int sweep_submit(const Words&, Common) {
  throw framework::UsageError("not there yet");
}

}  // namespace lyap::app
