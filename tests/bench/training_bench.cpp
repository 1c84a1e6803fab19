// tests/bench/training_bench.cpp - one training step, forward, backward and Adam, several times.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench.hpp"
#include "pipeline/read_yaml.hpp"
#include "run/run.hpp"

namespace lyap::bench {
using namespace framework;
namespace fs = std::filesystem;

void training(const Words& words, const Catalog& catalog, const Surroundings& given) {
  const std::string task = words[3] == "digits" ? "{use: digits, with: {train: 2048, test: 16}}"
                                                : "{use: char_rnn, with: {preset: p2}}";
  const std::string text = fmt::format(R"(lyap: 1
name: bench
trials:
  task: {}
  cell: {{use: {}, with: {{units: {}}}}}
  train: {{use: bptt, with: {{epochs: 1, batch: {}, batches: {}}}}}
)",
                                       task, words[0], words[1], words[2], words[4]);
  const auto source = std::make_shared<Source>(Source{"bench", text, ""});
  const Plan plan = resolve(parse(parse_yaml(source), "bench"), catalog);
  // Times between two batches, as the trainer reports them: fetching and Adam included.
  std::vector<double> seconds;
  auto last = std::chrono::steady_clock::now();
  Surroundings surroundings = given;
  surroundings.progress = [&](const std::string& stage, std::int64_t done, std::int64_t) {
    if (!stage.starts_with("epoch")) return;
    const auto now = std::chrono::steady_clock::now();
    if (done > 2) seconds.push_back(std::chrono::duration<double>(now - last).count());
    last = now;
  };
  const Trial trial(plan, surroundings);
  const fs::path folder = fs::temp_directory_path() / "lyap-bench-runs";
  const RunDirectory directory = RunDirectory::create(folder, "bench", std::to_string(getpid()));
  run_trial(trial, directory, false);
  fs::remove_all(folder);
  std::cout << nlohmann::ordered_json{{"seconds", seconds}}.dump() << '\n';
}

}  // namespace lyap::bench
