// framework/model/tape.hpp - a cell at work: steps carried out, and their derivatives, by the
// kernel's own means where the cell has none.
#pragma once
#include <cstdint>
#include <memory>

#include "linalg/matrix.hpp"
#include "lyap/abi.h"
#include "model/cell.hpp"
#include "model/differences.hpp"

namespace lyap::framework {

/// Remembers up to `steps` steps of `batch` samples.  The operations are those of lyap_cell_ops,
/// with their shapes and threads; errors of the cell come as exceptions.
class Tape {
 public:
  /// `keep_points`: push_by_differences will be asked for (it is kept in any case when the cell has
  /// no push).
  Tape(const CellHandle& cell, std::int32_t dtype, std::int64_t steps, std::int64_t batch,
       bool keep_points);
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;
  ~Tape();

  const CellHandle& cell() const { return cell_; }
  std::int32_t dtype() const { return dtype_; }

  /// The weights of this cell, in declared order; see lyap_cell_ops::bind.
  void bind(const lyap_const_matrix* weights);
  /// `first` is the number that step 0 of the tape has in the run, for messages and checks.
  void step(const lyap_chunk& chunk, std::int64_t first);
  std::int64_t first_step() const { return first_; }

  void push(lyap_point at, lyap_const_matrix v, lyap_const_matrix w, lyap_matrix out) const;
  void push_by_differences(lyap_point at, lyap_const_matrix v, lyap_const_matrix w, lyap_matrix out,
                           double scale = 1.0) const;
  /// Without a pull of the cell: J^T bar from explicit Jacobians; InputError when weight gradients
  /// are wanted.
  void pull(lyap_point at, lyap_const_matrix bar, lyap_matrix out_state, lyap_matrix out_input,
            const lyap_matrix* weight_bars) const;
  void jacobian(const lyap_block_request& request, lyap_matrix out) const;
  void backward(std::int64_t at, std::int64_t count, lyap_matrix bars, lyap_matrix state_bar,
                lyap_matrix input_bars, const lyap_matrix* weight_bars);

 private:
  void keep(const lyap_chunk& chunk);
  void backward_by_pulls(std::int64_t at, std::int64_t count, lyap_matrix bars,
                         lyap_matrix state_bar, lyap_matrix input_bars,
                         const lyap_matrix* weight_bars);

  const CellHandle& cell_;
  std::int32_t dtype_;
  std::int64_t batch_;
  lyap_tape* tape_;
  std::int64_t first_ = 0;
  std::unique_ptr<Differences> differences_;     // null: not kept
  Buffer states_, inputs_, normals_, uniforms_;  // the points of the differences
  bool with_normal_ = false, with_uniform_ = false;
  Buffer passed_on_;  // adjoint of the state before a step
};

}  // namespace lyap::framework
