// apps/lyap/commands/sweep_submit.cpp - `lyap sweep submit`: the points to a cluster's queue.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "open_sweep.hpp"
#include "shell_word.hpp"
#include "sweep/merge.hpp"
#include "sweep_commands.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;
namespace {

/// What a job is asked for.
struct Job {
  fs::path folder;
  std::string name, walltime, keep;
  std::int64_t tasks = 1, cpus = 1;
  Words options;  ///< of sbatch, as they are
};

/// Replaces what sbatch would take for a pattern.
std::string plain(std::string path) {
  for (std::size_t at = 0; (at = path.find('%', at)) != std::string::npos; at += 2)
    path.insert(at, "%");
  return path;
}

std::string directives(const Job& job, const std::string& name, const std::string& output) {
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

std::string program_and(const std::string& part, const Job& job) {
  return fmt::format("exec {} sweep {} {}", in_shell(fs::read_symlink("/proc/self/exe").string()),
                     part, in_shell(job.folder.string()));
}

std::string array_script(const Job& job, const Common& common) {
  // One thread a process unless asked for: the cores of the node are not those of the task.
  return directives(job, job.name, "%A_%a.txt") +
         fmt::format(
             "#SBATCH --array=1-{}\n{} --shard \"${{SLURM_ARRAY_TASK_ID}}/{}\" "
             "--jobs \"${{SLURM_CPUS_PER_TASK:-1}}\" --workers {} --keep {}{}\n",
             job.tasks, program_and("run", job), job.tasks,
             std::max<std::int64_t>(common.workers, 1), job.keep, common_words(common));
}

std::string merge_script(const Job& job, const Common& common) {
  return directives(job, job.name + "-merge", "merge_%j.txt") + program_and("merge", job) +
         " --workers \"${SLURM_CPUS_PER_TASK:-1}\"" + common_words(common) + "\n";
}

/// Gives a script to the queue; returns the number of the job.
std::string submitted(const fs::path& script, const std::string& options = "") {
  const std::string command = "sbatch --parsable " + options + in_shell(script.string());
  std::string said;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c; pipe && (c = std::fgetc(pipe)) != EOF;) said += static_cast<char>(c);
  const int status = pipe ? ::pclose(pipe) : -1;
  if (status != 0)
    throw Error(fmt::format("sbatch has not taken {} (exit code {}); above it says why",
                            script.string(), WIFEXITED(status) ? WEXITSTATUS(status) : status));
  return said.substr(0, said.find_first_of(";\n"));  // ID or ID;CLUSTER
}

bool in_path(const std::string& program) {
  std::string path = std::getenv("PATH") ? std::getenv("PATH") : "";
  for (std::size_t end; !path.empty(); path.erase(0, end == path.npos ? end : end + 1)) {
    end = path.find(':');
    if (::access((fs::path(path.substr(0, end)) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Job job_of(const Arguments& arguments) {
  Job job;
  job.tasks = arguments.integer("tasks");
  job.cpus = arguments.integer("cpus");
  if (job.tasks < 1 || job.cpus < 1) arguments.refuse("--tasks and --cpus take a number from 1");
  if (const std::string to = arguments.text("to"); to != "slurm")
    arguments.refuse("--to takes slurm; got " + quoted(to) +
                     ". Other queues: `lyap sweep run DIR --shard I/N` in each of N jobs");
  if (arguments.has("walltime")) job.walltime = arguments.text("walltime");
  if (job.walltime.find_first_not_of("0123456789:-") != std::string::npos)
    arguments.refuse("--walltime takes a time as sbatch does, 02:00:00 or 1-12:00:00; got " +
                     quoted(job.walltime));
  keep_of(arguments);
  job.keep = arguments.text("keep");
  job.options = arguments.texts("sbatch");
  for (const std::string& option : job.options)
    if (!option.starts_with('-') || option.find('\n') != std::string::npos)
      arguments.refuse(
          "--sbatch takes an option of sbatch, such as --sbatch=--partition=long; got " +
          quoted(option));
  return job;
}

}  // namespace

int sweep_submit(const Words& words, Common common) {
  Arguments arguments("sweep submit DIR|FILE.yaml [options]",
                      "Gives the points that are left to the queue of a cluster: an array of tasks "
                      "that share them,\n"
                      "and a job after it that makes the table and runs the studies. The folder "
                      "must be seen by all\n"
                      "nodes and give locks (NFS 4, Lustre with flock, GPFS). After tasks that "
                      "failed or ran out of\n"
                      "time, submit again: only what is left is computed.");
  add_sweep_options(arguments);
  arguments.add()  //
      ("to", po::value<std::string>()->default_value("slurm")->value_name("QUEUE"),
       "which queue: slurm")  //
      ("tasks", po::value<std::int64_t>()->default_value(8)->value_name("N"),
       "tasks of the array, at most one a point")  //
      ("cpus", po::value<std::int64_t>()->default_value(1)->value_name("N"),
       "cores of a task, each of which works on a point")  //
      ("walltime", po::value<std::string>()->value_name("T"),
       "time limit of a task as sbatch takes it; a minute before, complete epochs are kept")  //
      ("sbatch", po::value<Words>()->composing()->value_name("OPTION"),
       "a further option of sbatch, as it is (repeatable)")  //
      ("keep", po::value<std::string>()->default_value("final")->value_name("WHAT"),
       "what stays of a network's weights: row (none), final, or checkpoints")  //
      ("dry-run", "write the folder and both scripts, show them, and submit nothing");
  arguments.example("lyap sweep submit my.yaml --tasks 32 --cpus 4 --walltime 02:00:00");
  arguments.example("lyap sweep submit runs/my --sbatch=--partition=long --sbatch=--mem=4G");
  if (!arguments.read(words, common)) return 0;
  Job job = job_of(arguments);
  const bool dry = arguments.has("dry-run");
  if (!dry && !in_path("sbatch"))
    throw Error(
        "there is no sbatch here; give this command where Slurm is, or with --dry-run, "
        "which writes the scripts");
  Words all = {"sweep", "submit"};
  all.insert(all.end(), words.begin(), words.end());
  const OpenSweep open = open_sweep(arguments, all, common);
  const SweepDirectory directory =
      SweepDirectory::make(open.folder, *open.sweep, open.command, false);
  const std::int64_t left = counts_of(directory, directory.points()).pending;
  const std::string folder = in_shell(open.folder.string());
  if (left == 0) {
    std::cout << "no network is left to be done; lyap sweep status " << folder << '\n';
    return 0;
  }
  job.folder = open.folder;
  job.name = "lyap-" + open.folder.filename().string();
  job.tasks = std::min(job.tasks, left);
  const Common& everywhere = open.program->common;
  const std::string array = array_script(job, everywhere), merge = merge_script(job, everywhere);
  fs::create_directories(open.folder / "slurm");
  write_file_atomically(directory.file("sweep.sbatch"), array);
  write_file_atomically(directory.file("merge.sbatch"), merge);
  if (dry) {
    std::cout << "# " << directory.file("sweep.sbatch").string() << '\n'
              << array << "\n# " << directory.file("merge.sbatch").string() << '\n'
              << merge;
    return 0;
  }
  const std::string tasks = submitted(directory.file("sweep.sbatch"));
  const std::string last =
      submitted(directory.file("merge.sbatch"), "--dependency=afterany:" + tasks + " ");
  if (common.json)
    std::cout << nlohmann::ordered_json{{"folder", open.folder.string()},
                                        {"array", tasks},
                                        {"merge", last},
                                        {"tasks", job.tasks},
                                        {"networks", left}}
                     .dump(2)
              << '\n';
  else
    std::cout << fmt::format(
        "array {}: {} tasks for {} networks\nmerge {}: after them\n"
        "lyap sweep status {} tells how far they are\n",
        tasks, job.tasks, left, last, folder);
  return 0;
}

}  // namespace lyap::app
