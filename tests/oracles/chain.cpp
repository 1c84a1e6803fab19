// tests/oracles/chain.cpp - a network whose exponents are known, through the whole chain.
#include "chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/file.hpp"
#include "data/npy.hpp"
#include "pipeline/read_yaml.hpp"

namespace lyap::oracles {
namespace fs = std::filesystem;
using namespace framework;

namespace {

const nlohmann::json& known_value(const std::vector<std::string>& keys) {
  static const nlohmann::json all =
      nlohmann::json::parse(read_file(fs::path(LYAP_KNOWN_DIR) / "known_answers.json"));
  const nlohmann::json* value = &all;
  for (const std::string& key : keys) value = &value->at(key);
  return *value;
}

}  // namespace

std::string silence(int inputs) {
  return noise(inputs, 0);
}

std::string noise(int inputs, double variance) {
  return fmt::format("{{use: driven_noise, with: {{inputs: {}, variance: {}}}}}", inputs, variance);
}

const Surroundings& surroundings() {
  static Workers workers(2);
  static const DataFolders folders({});
  static const Surroundings all = [] {
    Surroundings s;
    s.workers = &workers;
    s.folders = &folders;
    s.log = [](int, const std::string&) {};
    return s;
  }();
  return all;
}

std::unique_ptr<Plan> Network::plan(const std::string& options) const {
  static const Catalog catalog({LYAP_PLUGIN_DIR, LYAP_ORACLE_PLUGIN_DIR});
  const std::string text = fmt::format(
      "lyap: 1\nname: oracle\ntrials:\n  task: {}\n  cell: {}\n"
      "  measure: [{{use: spectrum, with: {{resamples: 0, history: 0, {}}}}}]\n",
      task, cell, options);
  const auto source = std::make_shared<Source>(Source{"oracle", text, ""});
  return std::make_unique<Plan>(resolve(parse(parse_yaml(source), "oracle"), catalog));
}

Measurement Network::spectrum(const std::string& options) const {
  const auto resolved = plan(options);
  const Trial trial(*resolved, surroundings());
  return measure_weights(trial, trial.first_weights()).front();
}

Numbers Network::exponents(const std::string& options) const {
  return spectrum(options).find("spectrum")->values;
}

KnownTensors::KnownTensors(const std::string& name)
    : file_(fs::path(LYAP_KNOWN_DIR) / (name + ".safetensors")),
      tensors_(read_safetensors(file_)) {}

Numbers KnownTensors::operator[](const std::string& tensor) const {
  return tensors_.tensor(tensor, file_).to_doubles();
}

double known_number(const std::vector<std::string>& keys) {
  return known_value(keys).get<double>();
}

Numbers known_numbers(const std::vector<std::string>& keys) {
  return known_value(keys).get<Numbers>();
}

std::string weights(const fs::path& folder, const std::vector<NamedValues>& tensors) {
  TensorFile file;
  for (const NamedValues& t : tensors)
    file.tensors[t.name] = Tensor::of(t.shape, std::span<const double>(t.values));
  write_safetensors(folder / "weights.safetensors", file);
  return fmt::format("weights: {{file: '{}/weights.safetensors'}}", folder.string());
}

std::string array_task(const fs::path& folder, const std::vector<std::int64_t>& shape,
                       const Numbers& values) {
  write_npy(folder / "inputs.npy", shape, std::span<const double>(values));
  return fmt::format("{{use: arrays, with: {{inputs: '{}/inputs.npy'}}}}", folder.string());
}

std::string start_at(const fs::path& folder, const std::vector<std::int64_t>& shape,
                     const Numbers& values) {
  write_npy(folder / "start.npy", shape, std::span<const double>(values));
  return fmt::format("start: file, start_file: '{}/start.npy'", folder.string());
}

double largest_difference(const Numbers& a, const Numbers& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    const double difference = std::abs(a[i] - b[i]);
    if (std::isnan(difference)) return std::numeric_limits<double>::infinity();
    largest = std::max(largest, difference);
  }
  return largest;
}

double sum(const Numbers& values, std::size_t from, std::size_t count) {
  const std::size_t end = std::min(values.size(), count == SIZE_MAX ? SIZE_MAX : from + count);
  return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(from),
                         values.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
}

}  // namespace lyap::oracles
