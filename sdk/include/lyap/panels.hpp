// lyap/panels.hpp - matrix products cut so small that the BLAS need not copy their operands first.
//
// OpenBLAS multiplies in place when rows * columns * depth <= 10^6 and the left operand is not
// transposed. On an AVX-512 core in float32, N units and 64 samples, that is 113 GF/s instead of 94
// (N = 64) and 84 (N = 256); a BLAS that copies in any case loses little.
#pragma once
#include <algorithm>

#include "lyap/operands.hpp"

namespace lyap {

namespace panel {

inline constexpr Index rows = 64, depth = 320, volume = 1000000;

/// Extent of the equal parts, a multiple of four, that `all` is cut into with at most `most` each.
inline Index equal_parts(Index all, Index most) {
  const Index parts = std::max<Index>(1, (all + most - 1) / most);
  const Index part = (all + parts - 1) / parts;
  return (part + 3) / 4 * 4;
}

/// out = a b, or out += a b, column-major with the strides given. Eigen would clear `out` first.
template <Real T>
void multiply(bool add, Index rows, Index cols, Index depth, const T* a, Index a_stride, const T* b,
              Index b_stride, T* out, Index out_stride) {
#ifdef EIGEN_USE_BLAS
  const int m = static_cast<int>(rows), n = static_cast<int>(cols), k = static_cast<int>(depth);
  const int lda = static_cast<int>(a_stride), ldb = static_cast<int>(b_stride);
  const int ldc = static_cast<int>(out_stride);
  const T alpha = 1, beta = add ? 1 : 0;
  if constexpr (std::same_as<T, float>)
    sgemm_("N", "N", &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, out, &ldc);
  else
    dgemm_("N", "N", &m, &n, &k, &alpha, a, &lda, b, &ldb, &beta, out, &ldc);
#else
  const ConstViewOf<T> left(a, rows, depth, Eigen::OuterStride<>(a_stride));
  const ConstViewOf<T> right(b, depth, cols, Eigen::OuterStride<>(b_stride));
  ViewOf<T> to(out, rows, cols, Eigen::OuterStride<>(out_stride));
  // Eigen takes the number of columns, too, into account when it passes tiny products by its
  // blocks: a sample would depend, in its last digit, on how many others it stands among.
  const bool tiny = rows + depth < 20;
  if (tiny && add)
    to += left.lazyProduct(right);
  else if (tiny)
    to = left.lazyProduct(right);
  else if (add)
    to.noalias() += left * right;
  else
    to.noalias() = left * right;
#endif
}

}  // namespace panel

/// A matrix that many others are multiplied by, copied into panels of 64 rows.
template <Real T>
class Panels {
 public:
  Index rows() const { return rows_; }
  Index cols() const { return cols_; }

  void set(InOf<T> a) {
    rows_ = a.rows(), cols_ = a.cols();
    numbers_.resize(rows_ * cols_, 1);
    for (Index from = 0; from < rows_; from += panel::rows)
      of(from) = a.middleRows(from, height(from));
  }
  void set_transposed(InOf<T> a) {
    rows_ = a.cols(), cols_ = a.rows();
    numbers_.resize(rows_ * cols_, 1);
    for (Index from = 0; from < rows_; from += panel::rows)
      of(from) = a.middleCols(from, height(from)).transpose();
  }

  /// out = A b.
  void multiply(const ConstViewOf<T>& b, ViewOf<T> out) const { product(b, out, false); }
  /// out += A b.
  void add_product(const ConstViewOf<T>& b, ViewOf<T> out) const { product(b, out, true); }

 private:
  Index height(Index from) const { return std::min(panel::rows, rows_ - from); }
  Eigen::Map<MatrixOf<T>> of(Index from) {
    return {numbers_.data() + from * cols_, height(from), cols_};
  }

  // A panel stays in the second-level cache while all columns of b pass by.
  void product(const ConstViewOf<T>& b, ViewOf<T> out, bool add) const {
    const Index deep = panel::equal_parts(cols_, panel::depth);
    const Index wide =
        panel::equal_parts(b.cols(), std::max<Index>(4, panel::volume / (panel::rows * deep) - 3));
    for (Index i = 0; i < rows_; i += panel::rows)
      for (Index k = 0; k < cols_; k += deep) {
        const Index depth = std::min(deep, cols_ - k);
        const T* a = numbers_.data() + i * cols_ + k * height(i);
        for (Index j = 0; j < b.cols(); j += wide)
          panel::multiply(add || k > 0, height(i), std::min(wide, b.cols() - j), depth, a,
                          height(i), entry(b, k, j), b.outerStride(), entry(out, i, j),
                          out.outerStride());
      }
    if (cols_ == 0 && !add) out.setZero();
  }

  Index rows_ = 0, cols_ = 0;
  MatrixOf<T> numbers_;  // panel after panel, each column-major
};

/// True when sums over a few columns need no copies: worth adding up step by step, while the
/// columns are in the nearest cache, instead of over all of them at the end.
inline bool outer_is_small(Index rows, Index cols) {
  return rows * cols <= panel::volume / 16;
}

/// out += a b^T; a: rows x n, b: cols x n.
template <Real T>
void add_outer(const ConstViewOf<T>& a, const ConstViewOf<T>& b, ViewOf<T> out) {
  const Index n = a.cols();
  const Index at_once = outer_is_small(out.rows(), out.cols())
                            ? panel::equal_parts(n, panel::volume / (out.rows() * out.cols()) - 3)
                            : n;
  for (Index k = 0; k < n; k += at_once) {
    const Index now = std::min(at_once, n - k);
    out.noalias() += a.middleCols(k, now) * b.middleCols(k, now).transpose();
  }
}

}  // namespace lyap
