// framework/linalg/matrix.cpp - memory, slices and plain copies of border matrices.
#include "linalg/matrix.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <new>
#include <type_traits>

namespace lyap::framework {
namespace {

constexpr std::align_val_t cache_line{64};

/// Calls f(float{}) or f(double{}).
template <class F>
auto with_number(std::int32_t dtype, F&& f) {
  assert(dtype == LYAP_F32 || dtype == LYAP_F64);
  return dtype == LYAP_F32 ? f(float{}) : f(double{});
}

template <class T>
const T* column(const lyap_const_matrix& m, std::int64_t col) {
  return static_cast<const T*>(m.data) + col * m.stride;
}
template <class T>
T* column(const lyap_matrix& m, std::int64_t col) {
  return static_cast<T*>(m.data) + col * m.stride;
}

template <class T>
bool finite(const T* values, std::int64_t count) {
  // 0 * x is NaN for a NaN and for an infinity; the sum vectorises where isfinite does not.
  T sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += T(0) * values[i];
  return sum == T(0);
}

void add_times(int factor, const lyap_const_matrix& from, const lyap_matrix& to) {
  assert(from.rows == to.rows && from.cols == to.cols && from.dtype == to.dtype);
  with_number(to.dtype, [&](auto number) {
    using T = decltype(number);
    for (std::int64_t j = 0; j < to.cols; ++j) {
      const T* source = column<T>(from, j);
      T* target = column<T>(to, j);
      for (std::int64_t i = 0; i < to.rows; ++i) target[i] += static_cast<T>(factor) * source[i];
    }
  });
}

}  // namespace

void Buffer::Free::operator()(std::byte* bytes) const {
  ::operator delete[](bytes, cache_line);
}

Buffer::Buffer(const Buffer& other) {
  *this = other;
}

Buffer& Buffer::operator=(const Buffer& other) {
  if (this == &other) return *this;
  const lyap_matrix to = reshape(other.view_.dtype, other.view_.rows, other.view_.cols);
  if (other.view_.data) copy(other.read(), to);
  return *this;
}

lyap_matrix Buffer::reshape(std::int32_t dtype, std::int64_t rows, std::int64_t cols) {
  const std::size_t bytes = static_cast<std::size_t>(rows * cols) * element_size(dtype);
  if (bytes > capacity_) {
    bytes_.reset();
    bytes_.reset(static_cast<std::byte*>(::operator new[](bytes, cache_line)));
    capacity_ = bytes;
  }
  view_ = {bytes_.get(), rows, cols, rows, dtype, 0};
  return view_;
}

void copy(const lyap_const_matrix& from, const lyap_matrix& to) {
  assert(from.rows == to.rows && from.cols == to.cols);
  with_number(from.dtype, [&](auto source) {
    with_number(to.dtype, [&](auto target) {
      using S = decltype(source);
      using T = decltype(target);
      for (std::int64_t j = 0; j < to.cols; ++j)
        if constexpr (std::is_same_v<S, T>)
          std::copy_n(column<S>(from, j), from.rows, column<T>(to, j));
        else
          std::transform(column<S>(from, j), column<S>(from, j) + from.rows, column<T>(to, j),
                         [](S x) { return static_cast<T>(x); });
    });
  });
}

void add(const lyap_const_matrix& from, const lyap_matrix& to) {
  add_times(1, from, to);
}
void subtract(const lyap_const_matrix& from, const lyap_matrix& to) {
  add_times(-1, from, to);
}

void fill(const lyap_matrix& to, double value) {
  with_number(to.dtype, [&](auto number) {
    using T = decltype(number);
    for (std::int64_t j = 0; j < to.cols; ++j)
      std::fill_n(column<T>(to, j), to.rows, static_cast<T>(value));
  });
}

void permute(const lyap_const_matrix& from, const std::int64_t* rows, const std::int64_t* cols,
             const lyap_matrix& to) {
  assert(from.dtype == to.dtype);
  with_number(to.dtype, [&](auto number) {
    using T = decltype(number);
    for (std::int64_t j = 0; j < to.cols; ++j) {
      const T* source = column<T>(from, cols ? cols[j] : j);
      T* target = column<T>(to, j);
      for (std::int64_t i = 0; i < to.rows; ++i) target[i] = source[rows ? rows[i] : i];
    }
  });
}

void add_row_sums(const lyap_const_matrix& from, const lyap_matrix& to) {
  assert(from.rows == to.rows && to.cols == 1 && from.dtype == to.dtype);
  for (std::int64_t j = 0; j < from.cols; ++j) add(columns_of(from, j, 1), to);
}

double element(const lyap_const_matrix& m, std::int64_t row, std::int64_t col) {
  return with_number(m.dtype, [&](auto number) {
    return static_cast<double>(column<decltype(number)>(m, col)[row]);
  });
}

std::int64_t first_bad_column(const lyap_const_matrix& m) {
  return with_number(m.dtype, [&](auto number) -> std::int64_t {
    for (std::int64_t j = 0; j < m.cols; ++j)
      if (!finite(column<decltype(number)>(m, j), m.rows)) return j;
    return -1;
  });
}

}  // namespace lyap::framework
