// tests/bench/force_bench.cpp - FORCE learning of four sines by a network from a file.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include "bench.hpp"
#include "planned.hpp"

namespace lyap::bench {
using namespace framework;
namespace fs = std::filesystem;
namespace {

std::string pipeline(const Words& words) {
  return fmt::format(R"(lyap: 1
name: bench
precision: {{train: float64}}
trials:
  task: {{use: signal_reconstruction}}
  cell:
    use: rank1
    with: {{units: {}, gain: 1}}
    readout: {{bias: off}}
    weights: {{file: '{}'}}
  train: {{use: force, with: {{epochs: {}, test_epochs: {}}}}}
)",
                     words[1], (fs::absolute(words[0]) / "model.safetensors").string(), words[2],
                     words[3]);
}

}  // namespace

Contestant force(const Words& words, const Catalog& catalog, const Surroundings& surroundings) {
  if (words.size() != 4) throw std::invalid_argument("FOLDER UNITS EPOCHS TEST_EPOCHS");
  const auto planned = std::make_shared<PlannedTrial>(pipeline(words), catalog, surroundings);
  return [planned] {
    const fs::path runs = fs::temp_directory_path() / "lyap-bench-runs";
    const auto directory = RunDirectory::create(runs, "force", std::to_string(getpid()));
    const RunOutcome outcome = run_trial(planned->trial(), directory, false);
    fs::remove_all(directory.path());
    Turn turn;
    for (const EpochFigures& epoch : outcome.training.history) {
      turn.seconds += epoch.seconds;
      for (const auto& [name, value] : epoch.figures) turn.numbers.push_back(value);
    }
    return turn;
  };
}

}  // namespace lyap::bench
