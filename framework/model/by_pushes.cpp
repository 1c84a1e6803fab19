// framework/model/by_pushes.cpp - Jacobians and their transposes from tangents alone.
#include "model/by_pushes.hpp"

#include <vector>

#include "linalg/matrix.hpp"
#include "linalg/product.hpp"

namespace lyap::framework {
namespace {

struct Scratch {
  Buffer units, pushed;
  std::vector<std::int64_t> rows;
};
// Per thread: a Jacobian is asked for at every step of every sequence.
thread_local Scratch scratch;

/// Rows of the state that belong to the blocks of the mask.
void select(const CellHandle& cell, std::uint64_t blocks, std::vector<std::int64_t>& rows) {
  rows.clear();
  std::int64_t offset = 0;
  for (std::uint32_t block = 0; block < cell.shape().block_count; ++block) {
    for (std::int64_t i = 0; i < cell.shape().blocks[block].rows; ++i)
      if (blocks >> block & 1) rows.push_back(offset + i);
    offset += cell.shape().blocks[block].rows;
  }
}

void set(const lyap_matrix& m, std::int64_t row, std::int64_t col, double value) {
  fill(block_of(m, row, col, 1, 1), value);
}

lyap_const_matrix identity(std::int32_t dtype, std::int64_t rows) {
  const lyap_matrix units = scratch.units.reshape(dtype, rows, rows);
  fill(units, 0.0);
  for (std::int64_t i = 0; i < rows; ++i) set(units, i, i, 1.0);
  return read_only(units);
}

}  // namespace

void jacobian_by_pushes(const CellHandle& cell, const lyap_block_request& request, lyap_matrix out,
                        const std::function<void(lyap_const_matrix v, lyap_matrix out)>& push) {
  std::vector<std::int64_t>& rows = scratch.rows;
  select(cell, request.column_blocks, rows);
  const lyap_matrix units = scratch.units.reshape(out.dtype, cell.shape().state, out.cols);
  fill(units, 0.0);
  for (std::int64_t j = 0; j < out.cols; ++j)
    set(units, rows[static_cast<std::size_t>(request.column_order ? request.column_order[j] : j)],
        j, 1.0);
  const lyap_matrix pushed = scratch.pushed.reshape(out.dtype, cell.shape().state, out.cols);
  push(read_only(units), pushed);
  select(cell, request.row_blocks, rows);
  for (std::int64_t i = 0; i < out.rows; ++i)
    copy(rows_of(read_only(pushed),
                 rows[static_cast<std::size_t>(request.row_order ? request.row_order[i] : i)], 1),
         rows_of(out, i, 1));
}

void pull_by_pushes(const CellHandle& cell, lyap_point at, lyap_const_matrix bar,
                    lyap_matrix out_state, lyap_matrix out_input, const PushAt& push) {
  const std::int64_t k = bar.cols / at.samples;
  const auto transposed = [&](std::int64_t tangents, const lyap_matrix& out, bool by_state) {
    if (!out.data) return;
    const lyap_const_matrix units = identity(bar.dtype, tangents);
    for (std::int64_t i = 0; i < at.samples; ++i) {
      const lyap_matrix pushed = scratch.pushed.reshape(bar.dtype, cell.shape().state, tangents);
      const lyap_point sample{at.t, at.first + i, 1};
      push(sample, by_state ? units : lyap_const_matrix{}, by_state ? lyap_const_matrix{} : units,
           pushed);
      multiply(1.0, read_only(pushed), Side::Transposed, columns_of(bar, i * k, k), Side::Plain,
               0.0, columns_of(out, i * k, k));
    }
  };
  transposed(cell.shape().state, out_state, true);
  transposed(cell.shape().inputs, out_input, false);
}

}  // namespace lyap::framework
