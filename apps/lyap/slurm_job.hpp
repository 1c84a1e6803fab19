// apps/lyap/slurm_job.hpp - a sweep as jobs of Slurm: an array of tasks, and the merge after them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "arguments.hpp"

namespace lyap::app {

/// What a job is asked for.
struct SlurmJob {
  std::filesystem::path folder;  ///< of the sweep
  std::string name, walltime, keep;
  std::int64_t tasks = 1, cpus = 1;
  Words options;  ///< of sbatch, as they are
};

/// The script of sbatch whose tasks share the points that are left.
std::string array_script(const SlurmJob& job, const Common& common);
/// The script of the job that makes the table and runs the studies.
std::string merge_script(const SlurmJob& job, const Common& common);

/// There is an `sbatch` in PATH.
bool has_sbatch();

/// Gives a script to the queue, with further options of sbatch; returns the number of the job.
/// Error: sbatch refuses.
std::string submit_to_slurm(const std::filesystem::path& script, const std::string& options = "");

}  // namespace lyap::app
