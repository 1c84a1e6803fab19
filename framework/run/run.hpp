// framework/run/run.hpp - carries out a plan: data -> build -> train -> measure, into a folder.
#pragma once
#include <string>
#include <vector>

#include "run/results.hpp"
#include "run/run_directory.hpp"
#include "run/training.hpp"
#include "run/trial.hpp"

namespace lyap::framework {

struct RunOutcome {
  TrainingOutcome training;
  std::vector<Measurement> measurements;
  std::int64_t parameters = 0;  ///< numbers in all weights of the network
  TrainingEnd end = TrainingEnd::Done;
};

/// Makes and drops all that a run begins with: weights, trainer, analyses. Throws what the run
/// would throw, before there is a folder of it.
void rehearse(const Trial& trial);

/// Trains and measures; writes checkpoints, metrics.jsonl, spectra.h5, record.json and
/// row.safetensors into the directory. Interruption and divergence are told in the outcome, with
/// what was finished kept. `resume`: goes on after the last complete epoch.
RunOutcome run_trial(const Trial& trial, const RunDirectory& directory, bool resume);

/// All measures of a plan on a network with these weights, without training and without a folder.
std::vector<Measurement> measure_weights(const Trial& trial, Weights weights);

}  // namespace lyap::framework
