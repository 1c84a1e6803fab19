// apps/lyap/launched.hpp - whether this process is one of several that a launcher started.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "base/text.hpp"

namespace lyap::app {

/// The number of this process among those of mpirun or srun, from the variables they set: the ranks
/// of a sweep meet on the disk and need no messages, so that no MPI library has to be there.
struct Launched {
  std::int64_t rank = 0, ranks = 1;
};

inline Launched launched() {
  const auto number = [](const char* name) -> std::optional<std::int64_t> {
    const char* text = std::getenv(name);
    return text ? framework::parse_integer(text) : std::nullopt;
  };
  // Open MPI; MPICH and Intel MPI; srun (a batch script of Slurm alone has no step).
  constexpr const char* names[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                      {"PMI_RANK", "PMI_SIZE"},
                                      {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"}};
  for (const auto& [rank, ranks] : names)
    if (const auto i = number(rank), n = number(ranks); i && n && *n > 1) return {*i, *n};
  return {};
}

}  // namespace lyap::app
