// framework/model/checked_jacobian.hpp - a cell's Jacobians, compared with differences now and
// then.
#pragma once
#include <memory>

#include "model/jacobian.hpp"

namespace lyap::framework {

/// Passes everything on to `inner`; at steps 1, 1 + period, 1 + 2 period, ... of a run it compares
/// each Jacobian entry by entry.  An entry may differ by 1e-6 (float32: 1e-2) of 1 + the largest
/// entry of its column.  No verdict where differences with a smaller step disagree with themselves:
/// there is a kink between their points.
class CheckedJacobian : public JacobianProvider {
 public:
  CheckedJacobian(std::unique_ptr<JacobianProvider> inner, std::int64_t period)
      : inner_(std::move(inner)), period_(period) {}

  std::int32_t source() const override { return inner_->source(); }
  bool needs_points() const override { return true; }
  /// NumericError: the first entry that differs.
  void jacobian(const Tape&, const lyap_block_request&, lyap_matrix out) const override;
  void push(const Tape& tape, lyap_point at, lyap_const_matrix v, lyap_const_matrix w,
            lyap_matrix out) const override {
    inner_->push(tape, at, v, w, out);
  }
  void pull(const Tape& tape, lyap_point at, lyap_const_matrix bar, lyap_matrix out_state,
            lyap_matrix out_input) const override {
    inner_->pull(tape, at, bar, out_state, out_input);
  }

 private:
  std::unique_ptr<JacobianProvider> inner_;
  std::int64_t period_;
};

}  // namespace lyap::framework
