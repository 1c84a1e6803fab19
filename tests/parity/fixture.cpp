// tests/parity/fixture.cpp - one case: its files, and the pipeline that builds the same network.
#include "fixture.hpp"

#include <fmt/args.h>
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

namespace {

/// The architectures whose plugins are written; others are reported as missing.
const std::map<std::string, CellOf>& cells() {
  static const std::string flow =
      "epsilon: {dt}, beta_a: {beta_A}, gamma_a: {gamma_A}, beta_w: {beta_W}, gamma_w: {gamma_W}";
  static const std::vector<TensorOf> flow_tensors = {
      {"B", {"M_A"}}, {"C", {"M_W"}}, {"E_in", {"U"}}, {"b_in", {"b"}}};
  static const std::map<std::string, CellOf> table = {
      {"rnn_tanh", {"rnn", "activation: tanh", {}}},
      {"rnn_relu", {"rnn", "activation: relu", {}}},
      {"lstm", {"lstm", "", {}}},
      {"gru", {"gru", "", {}}},
      {"asrnn",
       {"asrnn",
        "epsilon: {eps}, gamma: {gamma}",
        {{"weight_W", {"W"}}, {"weight_ih", {"V"}}, {"bias", {"b"}}}}},
      {"cornn",
       {"cornn",
        "dt: {dt}, gamma: {gamma}, epsilon: {eps}",
        {{"weight_y", {"W"}}, {"weight_z", {"Wz"}}, {"weight_ih", {"V"}}, {"bias", {"b"}}}}},
      {"rank1",
       {"rank1",
        "gain: {g}, dt: {dt}, tau: {tau}, feedback: inside",
        {{"M", {"J"}}, {"w", {"w"}}, {"w_f", {"w_fb"}}, {"W_in", {"W_in"}}}}},
      {"lrnn", {"lipschitz", flow, flow_tensors}},
      {"noisyrnn",
       {"noisy", flow + ", additive: {sigma_add}, multiplicative: {sigma_mult}", flow_tensors}},
      {"lem",
       {"lem",
        "dt: {dt}",
        {{"inp2hid.weight", {"V2", "V1", "Vy", "Vz"}},
         {"inp2hid.bias", {"b2", "b1", "by", "bz"}},
         {"hid2hid.weight", {"W2", "W1", "Wz"}},
         {"hid2hid.bias", {"b2", "b1", "bz"}, true},
         {"transform_z.weight", {"Wy"}},
         {"transform_z.bias", {"by"}, true}}}},
      {"asrnn_gated", {"asrnn", "variant: gated, epsilon: {eps}, gamma: {gamma}", {}}},
      {"lipschitz_midpoint", {"lipschitz", flow + ", alpha: {alpha}, solver: midpoint", {}}},
      {"lipschitz_gated", {"lipschitz", flow + ", alpha: {alpha}, gated: true", {}}},
      {"noisy_repository",
       {"noisy",
        flow + ", alpha: {alpha}, noise: repository, additive: {sigma_add}, multiplicative: "
               "{sigma_mult}",
        {}}},
      {"ornn_householder", {"ornn", "reflections: {reflections}, start: zero", {}}},
      {"ornn_factorized",
       {"ornn", "param: factorized, margin: {margin}, activation: tanh, start: zero", {}}},
      {"nnrnn", {"nnrnn", "", {}}},
  };
  return table;
}

/// The fixture's tensors under our names, as a file for the pipeline.
void write_weights(const Fixture& f, const fs::path& path) {
  TensorFile file;
  const auto take = [&](const std::string& ours, bool spare = false) {
    Reference r = f.weight("param.", ours);
    if (spare) std::fill(r.values.begin(), r.values.end(), 0.0);
    file.tensors[ours] = Tensor::of(r.shape, r.values);
  };
  take("readout.weight"), take("readout.bias");
  const CellOf cell = cell_of(f);
  for (const TensorOf& tensor : cell.tensors) take("cell." + tensor.name + "_l0", tensor.spare);
  if (cell.tensors.empty())
    for (const auto& [name, tensor] : f.tensors.tensors)
      if (name.starts_with("param.") && !name.ends_with("_out")) take("cell." + name.substr(6));
  write_safetensors(path, file);
}

}  // namespace

Reference Fixture::weight(const std::string& prefix, const std::string& ours) const {
  if (ours == "readout.weight") return reference(prefix + "W_out");
  if (ours == "readout.bias") return reference(prefix + "b_out");
  const std::string name = ours.substr(std::string("cell.").size());
  for (const TensorOf& tensor : cell_of(*this).tensors) {
    if (name != tensor.name + "_l0") continue;
    Reference all = reference(prefix + tensor.pieces[0]);
    for (std::size_t i = 1; i < tensor.pieces.size(); ++i) {
      const Reference piece = reference(prefix + tensor.pieces[i]);
      all.shape[0] += piece.shape[0];
      all.values.insert(all.values.end(), piece.values.begin(), piece.values.end());
    }
    return all;
  }
  return reference(prefix + name);
}

CellOf cell_of(const Fixture& fixture) {
  const auto found = cells().find(fixture.architecture);
  if (found == cells().end()) return {};
  CellOf cell = found->second;
  fmt::dynamic_format_arg_store<fmt::format_context> numbers;
  if (const auto given = fixture.sidecar.find("hyperparameters"); given != fixture.sidecar.end())
    for (const auto& [name, value] : given->items())
      if (value.is_number()) numbers.push_back(fmt::arg(name.c_str(), value.get<double>()));
  cell.options = fmt::vformat(cell.options, numbers);
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
  write_weights(f, folder / "weights.safetensors");
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
    weights: {{file: '{1}/weights.safetensors'}}
  measure: {6}
)",
                     f.name, folder.string(), f.sidecar.at("classes").get<int>(), cell.id,
                     cell.options, f.sidecar.at("num_layers").get<int>(), measures);
}

}  // namespace lyap::parity
