// apps/lyap/commands/sweep_submit.cpp - `lyap sweep submit`: the points to a cluster's queue.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/text.hpp"
#include "open_sweep.hpp"
#include "shell_word.hpp"
#include "slurm_job.hpp"
#include "sweep/merge.hpp"
#include "sweep_commands.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;
namespace {

void declare(Arguments& arguments) {
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
}

SlurmJob job_of(const Arguments& arguments) {
  SlurmJob job;
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

/// Both scripts in the folder of the sweep.
struct Scripts {
  fs::path array, merge;
};

Scripts write_scripts(const SlurmJob& job, const Common& common) {
  const Scripts scripts{job.folder / "sweep.sbatch", job.folder / "merge.sbatch"};
  fs::create_directories(job.folder / "slurm");
  write_file_atomically(scripts.array, array_script(job, common));
  write_file_atomically(scripts.merge, merge_script(job, common));
  return scripts;
}

void show(const Scripts& scripts) {
  std::cout << "# " << scripts.array.string() << '\n'
            << read_file(scripts.array) << "\n# " << scripts.merge.string() << '\n'
            << read_file(scripts.merge);
}

void submit(const Scripts& scripts, const SlurmJob& job, std::int64_t networks, bool as_json) {
  const std::string array = submit_to_slurm(scripts.array);
  const std::string merge = submit_to_slurm(scripts.merge, "--dependency=afterany:" + array + " ");
  if (as_json)
    std::cout << nlohmann::ordered_json{{"folder", job.folder.string()},
                                        {"array", array},
                                        {"merge", merge},
                                        {"tasks", job.tasks},
                                        {"networks", networks}}
                     .dump(2)
              << '\n';
  else
    std::cout << fmt::format(
        "array {}: {} tasks for {} networks\nmerge {}: after them\n"
        "lyap sweep status {} tells how far they are\n",
        array, job.tasks, networks, merge, in_shell(job.folder.string()));
}

}  // namespace

int sweep_submit(const Words& words, Common common) {
  Arguments arguments(
      "sweep submit DIR|FILE.yaml [options]",
      "Gives the points that are left to the queue of a cluster: an array of tasks that share "
      "them,\n"
      "and a job after it that makes the table and runs the studies. The folder must be seen by\n"
      "all nodes and give locks (NFS 4, Lustre with flock, GPFS). After tasks that failed or ran\n"
      "out of time, submit again: only what is left is computed.");
  declare(arguments);
  if (!arguments.read(words, common)) return 0;
  SlurmJob job = job_of(arguments);
  const bool dry = arguments.has("dry-run");
  if (!dry && !has_sbatch())
    throw Error(
        "there is no sbatch here; give this command where Slurm is, or with --dry-run, "
        "which writes the scripts");
  Words all = {"sweep", "submit"};
  all.insert(all.end(), words.begin(), words.end());
  const OpenSweep open = open_sweep(arguments, all, common);
  const SweepDirectory directory =
      SweepDirectory::make(open.folder, *open.sweep, open.command, false);
  const std::int64_t left = counts_of(directory, directory.points()).pending;
  if (left == 0) {
    std::cout << "no network is left to be done; lyap sweep status "
              << in_shell(open.folder.string()) << '\n';
    return 0;
  }
  job.folder = open.folder;
  job.name = "lyap-" + open.folder.filename().string();
  job.tasks = std::min(job.tasks, left);
  const Scripts scripts = write_scripts(job, open.program->common);
  if (dry)
    show(scripts);
  else
    submit(scripts, job, left, common.json);
  return 0;
}

}  // namespace lyap::app
