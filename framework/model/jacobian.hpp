// framework/model/jacobian.hpp - who computes the derivatives of a step: the cell, differences, or
// the cell under the eye of differences.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "model/tape.hpp"

namespace lyap::framework {

class JacobianProvider {
 public:
  virtual ~JacobianProvider() = default;

  /// lyap_derivative: what results are labelled with.
  virtual std::int32_t source() const = 0;
  /// True when tapes must keep the points of their steps for differences.
  virtual bool needs_points() const = 0;

  /// Shapes as in lyap_cell_ops.  [any thread]
  virtual void jacobian(const Tape&, const lyap_block_request&, lyap_matrix out) const = 0;
  virtual void push(const Tape&, lyap_point, lyap_const_matrix v, lyap_const_matrix w,
                    lyap_matrix out) const = 0;
  virtual void pull(const Tape&, lyap_point, lyap_const_matrix bar, lyap_matrix out_state,
                    lyap_matrix out_input) const = 0;
};

/// The provider that `jacobian: CHOICE` asks for, CHOICE one of auto, analytic, automatic,
/// differences.  `check_every` > 0: every so many steps each Jacobian is compared with differences,
/// and a NumericError names step, row, column and both numbers.  InputError: the cell has no
/// derivative of that kind, or there is no such choice.
std::unique_ptr<JacobianProvider> make_jacobian(std::string_view choice, const CellHandle& cell,
                                                std::int64_t check_every);

}  // namespace lyap::framework
