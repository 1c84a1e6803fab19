// framework/model/state_order.hpp - the state of a stack: by part, then by layer.
#pragma once
#include <cstdint>
#include <vector>

#include "lyap/abi.h"

namespace lyap::framework {

/// Where part p ("h", "c") of layer l stands in the network's state (h of layer 1..L, then c of
/// layer 1..L), while a layer's own state is all its parts.  Scope LYAP_HIDDEN_STATE is the first
/// part alone.
class StateOrder {
 public:
  /// rows[layer][part]; all layers have the same parts.
  explicit StateOrder(std::vector<std::vector<std::int64_t>> rows);

  std::int64_t rows(std::int32_t scope) const;
  std::int64_t rows(std::int32_t scope, std::size_t layer) const;
  std::int64_t part_rows(std::size_t part) const;
  std::size_t parts() const { return rows_[0].size(); }

  /// layer's state = its rows of the network's; parts outside the scope become zero.  A network's
  /// state without data gives zero.
  void gather(std::int32_t scope, std::size_t layer, lyap_const_matrix network,
              lyap_matrix layer_state) const;
  /// The network's rows of this layer = the layer's state, as far as the scope goes.
  void scatter(std::int32_t scope, std::size_t layer, lyap_const_matrix layer_state,
               lyap_matrix network) const;
  /// The same for a matrix whose columns are tangents by the states of layer `column_layer`: its
  /// columns become those of the network's square matrix.
  void scatter_columns(std::int32_t scope, std::size_t layer, std::size_t column_layer,
                       lyap_const_matrix tangents, lyap_matrix network) const;

 private:
  struct Place {
    std::int64_t in_layer, in_network, rows;
  };
  std::size_t parts_of(std::int32_t scope) const {
    return scope == LYAP_HIDDEN_STATE ? 1 : parts();
  }

  std::vector<std::vector<std::int64_t>> rows_;
  std::vector<std::vector<Place>> places_;  // [layer][part]
};

}  // namespace lyap::framework
