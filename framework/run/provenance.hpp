// framework/run/provenance.hpp - run.json: with what a run was made, and how it ended.
#pragma once
#include <string>
#include <vector>

#include "pipeline/plan.hpp"
#include "run/run_directory.hpp"
#include "run/training.hpp"

namespace lyap::framework {

/// How the run was asked for; enough to ask for it again.
struct RunCommand {
  std::vector<std::string> words;               ///< the command line
  std::vector<std::string> presets, overrides;  ///< in order
  std::string pipeline;                         ///< absolute path of the file
  std::string folder;                           ///< from which relative paths were meant
  std::string version;                          ///< of lyap
  int workers = 1;
};

/// Writes run.json with status "running"; done(), called once, replaces it.
class Provenance {
 public:
  Provenance(const RunDirectory& directory, const Plan& plan, RunCommand command);
  /// status: done, diverged, interrupted or failed.
  void finish(const std::string& status, int exit_code, const std::string& sentence) const;

 private:
  void write(const std::string& status, int exit_code, const std::string& sentence) const;

  const RunDirectory& directory_;
  const Plan& plan_;
  RunCommand command_;
  std::string begin_;
};

/// What a run in this folder was asked with, for --resume. InputError: run.json cannot be read.
RunCommand command_of(const RunDirectory& directory);

/// "OpenBLAS 0.3.21 ... SkylakeX": build, processor kernel, threads.
std::string blas_description();

}  // namespace lyap::framework
