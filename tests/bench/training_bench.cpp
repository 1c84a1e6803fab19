// tests/bench/training_bench.cpp - batches of training: fetch, forward, backward and Adam.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "bench.hpp"
#include "planned.hpp"

namespace lyap::bench {
using namespace framework;
namespace fs = std::filesystem;
namespace {

std::string pipeline(const Words& words) {
  const fs::path folder = fs::absolute(words[0]);
  // Four sequences are not trained on: one validates, and nothing depends on how shares round.
  const double trained = std::stod(words[3]) * std::stod(words[4]), all = trained + 4;
  return fmt::format(R"(lyap: 1
name: bench
trials:
  task: {{use: arrays, with: {{inputs: '{}', targets: '{}', fractions: [{}, {}]}}}}
  cell: {{use: {}, with: {{units: {}}}, weights: {{file: '{}'}}}}
  train: {{use: bptt, with: {{epochs: 1, batch: {}, batches: {}, shuffle: off}}}}
)",
                     (folder / "inputs.npy").string(), (folder / "targets.npy").string(),
                     (trained + .5) / all, 1.5 / all, words[1], words[2],
                     (folder / "model.safetensors").string(), words[3], words[4]);
}

/// Seconds between the ends of two batches of training, as the trainer reports them.
class BatchTimes {
 public:
  void batch_done() {
    const auto now = std::chrono::steady_clock::now();
    if (last_ != std::chrono::steady_clock::time_point{})
      seconds_.push_back(std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }
  double median() {
    const auto middle = seconds_.begin() + static_cast<std::ptrdiff_t>(seconds_.size() / 2);
    std::nth_element(seconds_.begin(), middle, seconds_.end());
    return *middle;
  }
  void restart() { *this = {}; }

 private:
  std::chrono::steady_clock::time_point last_;
  std::vector<double> seconds_;
};

double figure(const TrainingOutcome& outcome, const std::string& name) {
  for (const auto& [key, value] : outcome.history.back().figures)
    if (key == name) return value;
  throw std::logic_error("training reports no " + name);
}

}  // namespace

Contestant training(const Words& words, const Catalog& catalog, const Surroundings& given) {
  if (words.size() != 5 || std::stoi(words[4]) < 2)
    throw std::invalid_argument("FOLDER CELL UNITS BATCH BATCHES, at least two of them");
  const auto times = std::make_shared<BatchTimes>();
  const auto surroundings = std::make_shared<Surroundings>(given);
  surroundings->progress = [times](const std::string& stage, std::int64_t, std::int64_t) {
    if (stage.starts_with("epoch")) times->batch_done();
  };
  const auto prepared = std::make_shared<PlannedTrial>(pipeline(words), catalog, *surroundings);
  return [times, surroundings, prepared] {
    times->restart();
    const fs::path folder = fs::temp_directory_path() / fmt::format("lyap-bench-{}", getpid());
    const RunDirectory directory = RunDirectory::create(folder, "bench", "0");
    const RunOutcome outcome = run_trial(prepared->trial(), directory, false);
    fs::remove_all(folder);
    return Turn{times->median(), {figure(outcome.training, "train_loss")}};
  };
}

}  // namespace lyap::bench
