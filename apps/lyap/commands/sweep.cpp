// apps/lyap/commands/sweep.cpp - `lyap sweep`: many networks from one pipeline.
#include "parts.hpp"
#include "sweep_commands.hpp"

namespace lyap::app {
namespace {

constexpr Command parts[] = {
    {"run", "carry out the points that are left, then the table and the studies", sweep_run},
    {"status", "how many points are done, running, failed and why", sweep_status},
    {"merge", "the table and the studies of what is complete", sweep_merge},
    {"retry", "let failed points be tried again", sweep_retry},
    {"submit", "give the points to a cluster's queue (Slurm)", sweep_submit},
};

}  // namespace

std::span<const Command> sweep_parts() {
  return parts;
}

int sweep_command(const Words& words, Common common) {
  return run_part("sweep",
                  "Carries out a pipeline whose `trials` have a `sweep`: one network for every "
                  "point,\n"
                  "in as many processes as there are cores, on one machine or many. A point that "
                  "is\n"
                  "complete is never lost and never done twice; to go on, run the same command "
                  "again.",
                  parts, words, common);
}

}  // namespace lyap::app
