// tests/parity/fixture.cpp - one case: its files, and the pipeline that builds the same network.
#include "fixture.hpp"

#include <fmt/format.h>

#include <map>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/npy.hpp"

namespace lyap::parity {
namespace fs = std::filesystem;
using namespace framework;

Reference Fixture::reference(const std::string& tensor) const {
  const Tensor& t = tensors.tensor(tensor, file);
  return {t.shape, t.to_doubles()};
}

Fixture read_fixture(const fs::path& file) {
  Fixture f;
  f.file = file;
  f.tensors = read_safetensors(file);
  fs::path sidecar = file;
  f.sidecar = nlohmann::json::parse(read_file(sidecar.replace_extension(".json")));
  f.name = f.sidecar.at("name");
  f.architecture = f.sidecar.at("architecture");
  f.batch = f.sidecar.at("batch");
  f.steps = f.sidecar.at("steps");
  f.state = f.sidecar.at("state_size");
  f.hidden = f.sidecar.at("hidden_part").at(1);
  return f;
}

CellOf cell_of(const Fixture& fixture) {
  // The architectures whose plugins are written; others are reported as missing.
  static const std::map<std::string, CellOf> cells = {
      {"rnn_tanh", {"rnn", "activation: tanh"}},
      {"rnn_relu", {"rnn", "activation: relu"}},
      {"lstm", {"lstm", ""}},
      {"gru", {"gru", ""}},
  };
  const auto found = cells.find(fixture.architecture);
  if (found == cells.end()) return {};
  CellOf cell = found->second;
  if (!cell.options.empty()) cell.options += ", ";
  cell.options += fmt::format("units: {}", fixture.sidecar.at("hidden_size").get<int>());
  return cell;
}

std::string pipeline_of(const Fixture& f, const fs::path& folder, bool last_step_only,
                        const std::string& measures) {
  const Reference input = f.reference("input"), start = f.reference("state0");
  const std::vector<std::int64_t> target = f.tensors.tensor("target", f.file).to_integers();
  write_npy(folder / "input.npy", input.shape, input.values);
  write_npy(folder / "state0.npy", start.shape, start.values);
  if (last_step_only) {
    std::vector<std::int64_t> last;
    for (std::int64_t b = 0; b < f.batch; ++b)
      last.push_back(target[static_cast<std::size_t>((b + 1) * f.steps - 1)]);
    write_npy(folder / "target.npy", {f.batch}, std::span<const std::int64_t>(last));
  } else {
    write_npy(folder / "target.npy", {f.batch, f.steps}, std::span<const std::int64_t>(target));
  }
  const CellOf cell = cell_of(f);
  return fmt::format(R"(lyap: 1
name: {0}
precision: {{train: float64, analysis: float64}}
trials:
  task:
    use: arrays
    with: {{inputs: '{1}/input.npy', targets: '{1}/target.npy', loss: cross_entropy, classes: {2}, fractions: [1, 0]}}
  cell:
    use: {3}
    with: {{{4}}}
    layers: {5}
    weights:
      file: '{6}'
      rename: {{param.W_out: readout.weight, param.b_out: readout.bias, param.: cell.}}
  measure: {7}
)",
                     f.name, folder.string(), f.sidecar.at("classes").get<int>(), cell.id,
                     cell.options, f.sidecar.at("num_layers").get<int>(),
                     fs::absolute(f.file).string(), measures);
}

}  // namespace lyap::parity
