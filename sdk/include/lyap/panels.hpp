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
        const Eigen::Map<const MatrixOf<T>> a(numbers_.data() + i * cols_ + k * height(i),
                                              height(i), depth);
        for (Index j = 0; j < b.cols(); j += wide) {
          const Index width = std::min(wide, b.cols() - j);
          multiply_one(a, b.block(k, j, depth, width), out.block(i, j, height(i), width),
                       add || k > 0);
        }
      }
    if (cols_ == 0 && !add) out.setZero();
  }

  // Eigen takes the number of columns, too, into account when it passes tiny products by the BLAS:
  // a sample would depend, in its last digit, on how many others it stands among.
  template <class A, class B, class To>
  static void multiply_one(const A& a, const B& b, To to, bool add) {
    const bool tiny = a.rows() + a.cols() < 20;
    if (tiny && add)
      to += a.lazyProduct(b);
    else if (tiny)
      to = a.lazyProduct(b);
    else if (add)
      to.noalias() += a * b;
    else
      to.noalias() = a * b;
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
