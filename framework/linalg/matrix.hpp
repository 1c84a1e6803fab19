// framework/linalg/matrix.hpp - memory, slices and plain copies of border matrices, for either kind
// of number.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "lyap/abi.h"

namespace lyap::framework {

inline std::size_t element_size(std::int32_t dtype) {
  return dtype == LYAP_F32 ? 4 : 8;
}

inline lyap_const_matrix read_only(const lyap_matrix& m) {
  return {m.data, m.rows, m.cols, m.stride, m.dtype, 0};
}

/// The element at (row, col) and what follows it; a slice of an absent operand is absent.
template <class Matrix>
Matrix block_of(Matrix m, std::int64_t row, std::int64_t col, std::int64_t rows,
                std::int64_t cols) {
  using Byte = std::conditional_t<std::is_same_v<Matrix, lyap_matrix>, char, const char>;
  if (m.data)
    m.data = static_cast<Byte*>(m.data) +
             static_cast<std::size_t>(col * m.stride + row) * element_size(m.dtype);
  m.rows = rows;
  m.cols = cols;
  return m;
}
template <class Matrix>
Matrix rows_of(Matrix m, std::int64_t from, std::int64_t count) {
  return block_of(m, from, 0, count, m.cols);
}
template <class Matrix>
Matrix columns_of(Matrix m, std::int64_t from, std::int64_t count) {
  return block_of(m, 0, from, m.rows, count);
}

/// Memory of one matrix, aligned to a cache line; grows when a larger one is asked for, never
/// shrinks.
class Buffer {
 public:
  Buffer() = default;
  Buffer(std::int32_t dtype, std::int64_t rows, std::int64_t cols) { reshape(dtype, rows, cols); }
  Buffer(const Buffer& other);
  Buffer(Buffer&&) noexcept = default;
  Buffer& operator=(const Buffer& other);
  Buffer& operator=(Buffer&&) noexcept = default;

  /// A matrix of this shape without gaps between columns; what it holds is undefined.
  lyap_matrix reshape(std::int32_t dtype, std::int64_t rows, std::int64_t cols);
  lyap_matrix view() { return view_; }
  lyap_const_matrix read() const { return read_only(view_); }

 private:
  struct Free {
    void operator()(std::byte* bytes) const;
  };
  std::unique_ptr<std::byte[], Free> bytes_;
  std::size_t capacity_ = 0;
  lyap_matrix view_{};
};

/// to = from, converted when the dtypes differ; equal shapes.
void copy(const lyap_const_matrix& from, const lyap_matrix& to);
/// to += from; equal shapes and dtypes.
void add(const lyap_const_matrix& from, const lyap_matrix& to);
/// to -= from.
void subtract(const lyap_const_matrix& from, const lyap_matrix& to);
void fill(const lyap_matrix& to, double value);
/// to.row(i) = from.row(rows[i]), to.col(j) = from.col(cols[j]); a null order is the natural one.
void permute(const lyap_const_matrix& from, const std::int64_t* rows, const std::int64_t* cols,
             const lyap_matrix& to);
/// Adds the sum of all columns to the one column of `to`.
void add_row_sums(const lyap_const_matrix& from, const lyap_matrix& to);
/// Element (row, col) as a double.
double element(const lyap_const_matrix& m, std::int64_t row, std::int64_t col);
/// The first column with a NaN or an infinity, or -1.
std::int64_t first_bad_column(const lyap_const_matrix& m);

}  // namespace lyap::framework
