// tests/bench/spectrum_bench.cpp - exponents of a stored network.
#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "bench.hpp"
#include "planned.hpp"

namespace lyap::bench {
using namespace framework;
namespace {

/// "a=1 b=2" of the command line as "a: 1, b: 2" of a pipeline.
std::string options(const Words& words, std::size_t from) {
  std::string with;
  for (std::size_t i = from; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos)
      throw std::invalid_argument("'" + words[i] + "' is not KEY=VALUE");
    with += (with.empty() ? "" : ", ") + words[i].substr(0, equals) + ": " +
            words[i].substr(equals + 1);
  }
  return with;
}

Contestant analysis(const char* use, const char* port, const Words& words, const Catalog& catalog,
                    const Surroundings& surroundings) {
  if (words.size() < 3) throw std::invalid_argument("FOLDER CELL UNITS [KEY=VALUE...]");
  const std::filesystem::path folder = std::filesystem::absolute(words[0]);
  const std::string pipeline =
      fmt::format(R"(lyap: 1
name: bench
trials:
  task: {{use: arrays, with: {{inputs: '{}'}}}}
  cell: {{use: {}, with: {{units: {}, bias: none}}, weights: {{file: '{}'}}}}
  measure: [{{use: {}, with: {{{}}}}}]
)",
                  (folder / "inputs.npy").string(), words[1], words[2],
                  (folder / "model.safetensors").string(), use, options(words, 3));
  const auto prepared = std::make_shared<PlannedTrial>(pipeline, catalog, surroundings);
  return [prepared, port] {
    const Trial& trial = prepared->trial();
    const Measurement measured = measure_weights(trial, trial.first_weights()).front();
    return Turn{measured.seconds, measured.find(port)->values};
  };
}

}  // namespace

Contestant spectrum(const Words& words, const Catalog& catalog, const Surroundings& surroundings) {
  return analysis("spectrum", "per_sequence", words, catalog, surroundings);
}

Contestant ftle(const Words& words, const Catalog& catalog, const Surroundings& surroundings) {
  return analysis("ftle", "final", words, catalog, surroundings);
}

}  // namespace lyap::bench
