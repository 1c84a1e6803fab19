// framework/model/cell.hpp - one cell of a plugin, with its options: a recurrent map without
// weights and without state.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linalg/matrix.hpp"
#include "lyap/abi.h"

namespace lyap::framework {

class CellHandle {
 public:
  /// InputError: the cell refuses its options, or declares a shape that contradicts itself.
  /// `values` are needed during the call only, `ops` as long as the library: for ever.
  CellHandle(std::string_view id, const lyap_cell_ops& ops, std::span<const lyap_value> values,
             std::int64_t inputs);

  /// "cell 'lstm'", to begin sentences with.
  const std::string& who() const { return who_; }
  const lyap_cell_shape& shape() const { return shape_; }
  /// Operations the plugin does not know are null.
  const lyap_cell_ops& ops() const { return ops_; }
  const lyap_cell* get() const { return cell_.get(); }

  /// lyap_derivative: who wrote ds'/ds; LYAP_BY_DIFFERENCES when push is null.
  std::int32_t derivative() const;
  std::int64_t block_offset(std::uint32_t block) const;
  /// True when what is seen of a state is more than one of its blocks.
  bool has_output_map() const { return ops_.output != nullptr; }

  /// The visible part of n states (outputs x n from state x n) as a slice; has_output_map() false.
  template <class Matrix>
  Matrix visible(Matrix states) const {
    return rows_of(states, block_offset(shape_.output_block), shape_.outputs);
  }

 private:
  void check_shape(std::int64_t inputs) const;

  std::string who_;
  lyap_cell_ops ops_{};
  std::shared_ptr<lyap_cell> cell_;
  lyap_cell_shape shape_{};
};

}  // namespace lyap::framework
