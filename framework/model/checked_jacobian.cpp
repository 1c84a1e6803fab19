// framework/model/checked_jacobian.cpp - a cell's Jacobians, compared with differences now and
// then.
#include "model/checked_jacobian.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/by_pushes.hpp"

namespace lyap::framework {
namespace {

/// The whole Jacobian of the sample in natural order.
lyap_block_request whole(const lyap_block_request& request) {
  return {request.t, request.sample, ~std::uint64_t{0}, ~std::uint64_t{0}, nullptr, nullptr};
}

void by_differences(const Tape& tape, const lyap_block_request& request, double scale,
                    const lyap_matrix& out) {
  jacobian_by_pushes(tape.cell(), request, out, [&](lyap_const_matrix v, lyap_matrix to) {
    tape.push_by_differences({request.t, request.sample, 1}, v, {}, to, scale);
  });
}

double tolerance(const lyap_const_matrix& J, std::int64_t col) {
  double largest = 0;
  for (std::int64_t row = 0; row < J.rows; ++row)
    largest = std::max(largest, std::abs(element(J, row, col)));
  return (J.dtype == LYAP_F32 ? 1e-2 : 1e-6) * (1 + largest);
}

}  // namespace

void CheckedJacobian::jacobian(const Tape& tape, const lyap_block_request& request,
                               lyap_matrix out) const {
  inner_->jacobian(tape, request, out);
  const std::int64_t step = tape.first_step() + request.t;
  if (step % period_ != 0) return;
  const std::int64_t rows = tape.cell().shape().state;
  Buffer given(tape.dtype(), rows, rows), expected(tape.dtype(), rows, rows), finer;
  inner_->jacobian(tape, whole(request), given.view());
  by_differences(tape, whole(request), 1.0, expected.view());
  for (std::int64_t col = 0; col < rows; ++col)
    for (std::int64_t row = 0; row < rows; ++row) {
      const double mine = element(given.read(), row, col);
      const double other = element(expected.read(), row, col);
      const double allowed = tolerance(expected.read(), col);
      if (std::abs(mine - other) <= allowed) continue;
      if (!finer.view().data)
        by_differences(tape, whole(request), 1.0 / 16, finer.reshape(tape.dtype(), rows, rows));
      if (std::abs(element(finer.read(), row, col) - other) > allowed) continue;
      throw NumericError(tape.cell().who() + ": at step " + std::to_string(step + 1) +
                         " of sequence " + std::to_string(request.sample) + ", row " +
                         std::to_string(row) + ", column " + std::to_string(col) +
                         " of the Jacobian is " + shortest(mine) + " by the cell but " +
                         shortest(other) +
                         " by differences; correct its derivative or use 'jacobian: differences'");
    }
}

}  // namespace lyap::framework
