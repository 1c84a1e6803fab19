// tests/bench/spectrum_bench.cpp - the spectrum of a stored network, several times.
#include <fmt/format.h>
#include <sys/resource.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench.hpp"
#include "pipeline/read_yaml.hpp"
#include "run/run.hpp"

namespace lyap::bench {
using namespace framework;

void spectrum(const Words& words, const Catalog& catalog, const Surroundings& surroundings) {
  std::string with;
  for (std::size_t i = 5; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    with += ", " + words[i].substr(0, equals) + ": " + words[i].substr(equals + 1);
  }
  const std::string text =
      fmt::format(R"(lyap: 1
name: bench
trials:
  task: {{use: arrays, with: {{inputs: '{}'}}}}
  cell: {{use: {}, with: {{units: {}, bias: none}}, weights: {{file: '{}'}}}}
  measure: [{{use: spectrum, with: {{sequences: 10{}}}}}]
)",
                  std::filesystem::absolute(words[1]).string(), words[3], words[4],
                  std::filesystem::absolute(words[0]).string(), with);
  const auto source = std::make_shared<Source>(Source{"bench", text, ""});
  const Plan plan = resolve(parse(parse_yaml(source), "bench"), catalog);
  const Trial trial(plan, surroundings);
  const Weights weights = trial.first_weights();
  nlohmann::ordered_json json;
  for (int i = 0; i < std::stoi(words[2]); ++i) {
    const std::vector<Measurement> all = measure_weights(trial, weights);
    json["seconds"].push_back(all.front().seconds);
    json["exponents"] = all.front().find("per_sequence")->values;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  json["peak_mib"] = static_cast<double>(usage.ru_maxrss) / 1024;
  std::cout << json.dump() << '\n';
}

}  // namespace lyap::bench
