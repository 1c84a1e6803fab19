// apps/lyap/slurm_job.cpp - a sweep as jobs of Slurm: an array of tasks, and the merge after them.
#include "slurm_job.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/error.hpp"
#include "shell_word.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace {

/// Replaces what sbatch would take for a pattern.
std::string plain(std::string path) {
  for (std::size_t at = 0; (at = path.find('%', at)) != std::string::npos; at += 2)
    path.insert(at, "%");
  return path;
}

std::string directives(const SlurmJob& job, const std::string& name, const std::string& output) {
  std::string text =
      fmt::format("#!/bin/sh\n#SBATCH --job-name={}\n#SBATCH --cpus-per-task={}\n", name, job.cpus);
  text +=
      fmt::format("#SBATCH --output=\"{}/{}\"\n", plain((job.folder / "slurm").string()), output);
  // Time to keep complete epochs: the script becomes the program, which takes it as Ctrl-C.
  if (!job.walltime.empty())
    text += fmt::format("#SBATCH --time={}\n#SBATCH --signal=B:INT@60\n", job.walltime);
  for (const std::string& option : job.options) text += "#SBATCH " + option + "\n";
  return text;
}

/// The options of every command that the tasks need as well.
std::string common_words(const Common& common) {
  std::string text;
  for (const std::string& folder : common.plugins) text += " --plugins " + in_shell(folder);
  if (!common.data.empty()) text += " --data " + in_shell(common.data);
  if (common.memory != Common{}.memory) text += fmt::format(" --memory {}", common.memory);
  return text + " --quiet";
}

std::string program_and(const std::string& part, const SlurmJob& job) {
  return fmt::format("exec {} sweep {} {}", in_shell(fs::read_symlink("/proc/self/exe").string()),
                     part, in_shell(job.folder.string()));
}

}  // namespace

std::string array_script(const SlurmJob& job, const Common& common) {
  // One thread a process unless asked for: the cores of the node are not those of the task.
  return directives(job, job.name, "%A_%a.txt") +
         fmt::format(
             "#SBATCH --array=1-{}\n{} --shard \"${{SLURM_ARRAY_TASK_ID}}/{}\" "
             "--jobs \"${{SLURM_CPUS_PER_TASK:-1}}\" --workers {} --keep {}{}\n",
             job.tasks, program_and("run", job), job.tasks,
             std::max<std::int64_t>(common.workers, 1), job.keep, common_words(common));
}

std::string merge_script(const SlurmJob& job, const Common& common) {
  return directives(job, job.name + "-merge", "merge_%j.txt") + program_and("merge", job) +
         " --workers \"${SLURM_CPUS_PER_TASK:-1}\"" + common_words(common) + "\n";
}

bool has_sbatch() {
  std::string path = std::getenv("PATH") ? std::getenv("PATH") : "";
  for (std::size_t end; !path.empty(); path.erase(0, end == path.npos ? end : end + 1)) {
    end = path.find(':');
    if (::access((fs::path(path.substr(0, end)) / "sbatch").c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string submit_to_slurm(const fs::path& script, const std::string& options) {
  const std::string command = "sbatch --parsable " + options + in_shell(script.string());
  std::string said;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c; pipe && (c = std::fgetc(pipe)) != EOF;) said += static_cast<char>(c);
  const int status = pipe ? ::pclose(pipe) : -1;
  if (status != 0)
    throw framework::Error(fmt::format("sbatch has not taken {} (exit code {}); above it says why",
                                       script.string(),
                                       WIFEXITED(status) ? WEXITSTATUS(status) : status));
  return said.substr(0, said.find_first_of(";\n"));  // ID or ID;CLUSTER
}

}  // namespace lyap::app
