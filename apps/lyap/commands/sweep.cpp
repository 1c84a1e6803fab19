// apps/lyap/commands/sweep.cpp - `lyap sweep`: many networks from one pipeline.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
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

void print_help() {
  std::cout
      << "Usage: lyap sweep PART [arguments] [options]\n\n"
         "Carries out a pipeline whose `trials` have a `sweep`: one network for every point,\n"
         "in as many processes as there are cores, on one machine or many. A point that is\n"
         "complete is never lost and never done twice; to go on, run the same command again.\n\n"
         "Parts:\n";
  for (const Command& part : parts)
    std::cout << fmt::format("  {:<8} {}\n", part.name, part.summary);
  std::cout << "\n`lyap sweep PART --help` explains a part with examples.\n";
}

}  // namespace

int sweep_command(const Words& words, Common common) {
  const std::size_t at = command_at(words);
  if (at == words.size()) {
    print_help();
    const bool asked = std::count(words.begin(), words.end(), "--help") ||
                       std::count(words.begin(), words.end(), "-h");
    return asked ? 0 : static_cast<int>(framework::Exit::Usage);
  }
  Words names, rest(words);
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
  for (const Command& part : parts) {
    names.emplace_back(part.name);
    if (words[at] == part.name) return part.run(rest, common);
  }
  throw framework::UsageError("lyap sweep has no part '" + words[at] + "'" +
                              framework::did_you_mean(words[at], names) +
                              " (lyap sweep --help lists them)");
}

}  // namespace lyap::app
