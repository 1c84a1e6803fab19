// framework/model/network.cpp - the structure of a network.
#include "model/network.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/initialiser.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

/// Under `init`: every matrix of the cell, whatever the architecture calls them.
constexpr const char* all_matrices = "matrices";

std::vector<CellHandle> stack(std::string_view cell_id, const lyap_cell_ops& ops,
                              std::span<const lyap_value> values, std::int64_t inputs,
                              std::int64_t layers) {
  if (layers < 1)
    throw InputError("cell '" + std::string(cell_id) + "': a network has at least one layer, not " +
                     std::to_string(layers));
  std::vector<CellHandle> cells;
  for (std::int64_t layer = 0; layer < layers; ++layer)
    cells.emplace_back(cell_id, ops, values, layer == 0 ? inputs : cells.back().shape().outputs);
  return cells;
}

/// InputError with the weight's name.
std::vector<double> first_values(const WeightShape& shape, const std::string& initialiser,
                                 std::uint64_t seed) {
  Random random(seed, "weights/" + shape.name);
  try {
    return Initialiser(initialiser).draw(shape.rows, shape.cols, random);
  } catch (const InputError& error) {
    throw InputError("weight " + quoted(shape.name) + ": " + error.what());
  }
}

StateOrder order_of(const std::vector<CellHandle>& cells) {
  std::vector<std::vector<std::int64_t>> rows;
  for (const CellHandle& cell : cells) {
    auto& parts = rows.emplace_back();
    for (std::uint32_t part = 0; part < cell.shape().block_count; ++part)
      parts.push_back(cell.shape().blocks[part].rows);
  }
  return StateOrder(std::move(rows));
}

std::string name_in_layer(const char* weight, std::size_t layer) {
  return std::string(weight) + "_l" + std::to_string(layer);
}

}  // namespace

Network::Network(std::string_view cell_id, const lyap_cell_ops& ops,
                 std::span<const lyap_value> values, std::int64_t inputs, std::int64_t layers,
                 Readout readout)
    : cell_id_(cell_id),
      readout_(readout),
      cells_(stack(cell_id, ops, values, inputs, layers)),
      order_(order_of(cells_)),
      weights_per_layer_(cells_[0].shape().weight_count) {
  describe_weights();
  describe_shape();
}

void Network::describe_weights() {
  for (std::size_t layer = 0; layer < layers(); ++layer)
    for (std::size_t i = 0; i < weights_per_layer_; ++i) {
      const lyap_weight& weight = cells_[layer].shape().weights[i];
      weight_shapes_.push_back({"cell." + name_in_layer(weight.name, layer), weight.init,
                                weight.rows, weight.cols, (weight.flags & LYAP_TRAINABLE) != 0,
                                (weight.flags & LYAP_LIVE) != 0});
    }
  if (readout_.outputs == 0) return;
  // PyTorch's default of a linear layer, for both tensors.
  const std::string init =
      "uniform(" + shortest(1.0 / std::sqrt(static_cast<double>(visible()))) + ")";
  weight_shapes_.push_back({"readout.weight", init, readout_.outputs, visible()});
  if (readout_.bias) weight_shapes_.push_back({"readout.bias", init, readout_.outputs, 1});
}

void Network::describe_shape() {
  const lyap_cell_shape& cell = cells_[0].shape();
  for (std::uint32_t part = 0; part < cell.block_count; ++part)
    parts_.push_back({cell.blocks[part].name, order_.part_rows(part)});
  for (const WeightShape& weight : weight_shapes_)
    weights_.push_back({weight.name.c_str(), weight.init.c_str(), weight.rows, weight.cols,
                        (weight.trainable ? LYAP_TRAINABLE : 0) | (weight.live ? LYAP_LIVE : 0),
                        0});
  shape_.size = sizeof shape_;
  shape_.derivative = cells_[0].derivative();
  shape_.inputs = cell.inputs;
  shape_.outputs = readout_.outputs;
  shape_.layers = static_cast<std::int64_t>(layers());
  shape_.state = order_.rows(LYAP_FULL_STATE);
  shape_.hidden = order_.rows(LYAP_HIDDEN_STATE);
  shape_.part_count = static_cast<std::uint32_t>(parts_.size());
  shape_.weight_count = static_cast<std::uint32_t>(weights_.size());
  shape_.parts = parts_.data();
  shape_.weights = weights_.data();
  shape_.cell = cell_id_.c_str();
}

std::size_t Network::readout_weight() const {
  if (readout_.outputs == 0)
    throw InputError("this network has no readout, so it has no output and no loss");
  return layers() * weights_per_layer_;
}

std::optional<std::size_t> Network::readout_bias() const {
  if (readout_.outputs == 0 || !readout_.bias) return std::nullopt;
  return layers() * weights_per_layer_ + 1;
}

Weights Network::initialise(std::uint64_t seed,
                            const std::map<std::string, std::string>& specs) const {
  refuse_unknown(specs);
  Weights weights(weight_shapes_, LYAP_F64);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const WeightShape& shape = weight_shapes_[i];
    const std::vector<double> values = first_values(shape, initialiser_of(i, specs), seed);
    copy({values.data(), shape.rows, shape.cols, shape.rows, LYAP_F64, 0}, weights[i]);
  }
  return weights;
}

std::string Network::initialiser_of(std::size_t weight,
                                    const std::map<std::string, std::string>& specs) const {
  const WeightShape& shape = weight_shapes_[weight];
  std::vector<std::string> names{shape.name};
  if (weight < layers() * weights_per_layer_) {
    const std::size_t layer = weight / weights_per_layer_;
    const char* name = cells_[layer].shape().weights[weight % weights_per_layer_].name;
    names.push_back(name_in_layer(name, layer));
    names.emplace_back(name);
    if (shape.cols > 1) names.emplace_back(all_matrices);
  }
  for (const std::string& name : names)
    if (const auto spec = specs.find(name); spec != specs.end()) return spec->second;
  return shape.init;
}

void Network::refuse_unknown(const std::map<std::string, std::string>& specs) const {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < weights_per_layer_; ++i) {
    const char* name = cells_[0].shape().weights[i].name;
    known.emplace_back(name);
    for (std::size_t layer = 0; layer < layers(); ++layer)
      known.push_back(name_in_layer(name, layer));
  }
  for (const WeightShape& shape : weight_shapes_) known.push_back(shape.name);
  known.emplace_back(all_matrices);
  for (const auto& [name, spec] : specs) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string guess = did_you_mean(name, known);
    throw InputError(cells_[0].who() + " has no weight " + quoted(name) +
                     (guess.empty() ? "; there is " + join(known) : guess));
  }
}

void Network::project(Weights& weights, const Weights& previous, const Weights* gradients,
                      double learning_rate) const {
  if (!cells_[0].ops().project) return;
  const std::vector<lyap_const_matrix> none(weights_per_layer_, lyap_const_matrix{});
  for (std::size_t layer = 0; layer < layers(); ++layer) {
    const std::size_t first = first_weight(layer);
    const lyap_projection projection{sizeof projection,
                                     0,
                                     weights.data() + first,
                                     previous.data() + first,
                                     gradients ? gradients->data() + first : none.data(),
                                     learning_rate};
    call_plugin(cells_[layer].who(), cells_[layer].ops().project, cells_[layer].get(), &projection);
  }
}

}  // namespace lyap::framework
