// framework/model/network.hpp - the structure of a network: stacked layers of one cell and a linear
// readout.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lyap/abi.h"
#include "model/cell.hpp"
#include "model/state_order.hpp"
#include "model/weights.hpp"

namespace lyap::framework {

struct Readout {
  std::int64_t outputs = 0;  ///< 0: no readout
  bool bias = true;
};

/// s_t = F(x_t, s_{t-1}; W), y_t = C o(s_t) + d.  Layer l+1 sees what layer l shows of its state
/// after the same step.  Holds no numbers.
class Network {
 public:
  /// InputError: the cell refuses its options.
  Network(std::string_view cell_id, const lyap_cell_ops& ops, std::span<const lyap_value> values,
          std::int64_t inputs, std::int64_t layers, Readout readout);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const lyap_model_shape& shape() const { return shape_; }
  const StateOrder& order() const { return order_; }
  std::size_t layers() const { return cells_.size(); }
  const CellHandle& cell(std::size_t layer) const { return cells_[layer]; }
  /// What the readout sees: outputs of the top cell.
  std::int64_t visible() const { return cells_.back().shape().outputs; }

  const std::vector<WeightShape>& weight_shapes() const { return weight_shapes_; }
  /// The weights of a layer start here and follow the cell's declared order.
  std::size_t first_weight(std::size_t layer) const { return layer * weights_per_layer_; }
  /// C: outputs x visible(); d: outputs x 1.  InputError when there is no readout.
  std::size_t readout_weight() const;
  std::optional<std::size_t> readout_bias() const;

  /// First values of all weights, float64: tensor NAME is drawn from the stream "weights/NAME".
  /// `specs` maps tensors to initialisers: "weight_hh" (all layers), "weight_hh_l1",
  /// "cell.weight_hh_l1", "readout.bias", and "matrices" for every tensor of the cell with more
  /// than one column, so that architectures may be swapped; the more precise entry wins, all others
  /// keep the cell's default.  InputError: an unknown tensor or initialiser.
  Weights initialise(std::uint64_t seed, const std::map<std::string, std::string>& specs) const;
  /// What initialise() draws a weight from.
  std::string initialiser_of(std::size_t weight,
                             const std::map<std::string, std::string>& specs) const;

  /// Puts weights back on the cells' constraint sets after an optimiser step; nothing for most.
  void project(Weights& weights, const Weights& previous, const Weights* gradients,
               double learning_rate) const;

 private:
  void describe_weights();
  void describe_shape();
  void refuse_unknown(const std::map<std::string, std::string>& specs) const;

  std::string cell_id_;
  Readout readout_;
  std::vector<CellHandle> cells_;
  StateOrder order_;
  std::size_t weights_per_layer_ = 0;
  std::vector<WeightShape> weight_shapes_;
  std::vector<lyap_block> parts_;
  std::vector<lyap_weight> weights_;
  lyap_model_shape shape_{};
};

}  // namespace lyap::framework
