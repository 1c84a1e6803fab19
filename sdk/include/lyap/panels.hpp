// lyap/panels.hpp - products of one matrix with many others, and sums of outer products, cut so
// that the factors stay in the nearest caches.
#pragma once
#include <algorithm>

#include "lyap/operands.hpp"
#include "lyap/tiles.hpp"

namespace lyap {

namespace panel {

#ifdef EIGEN_USE_BLAS
template <Real T>
void multiply_by_blas(const Factors<T>& f) {
  const int m = static_cast<int>(f.rows), n = static_cast<int>(f.cols);
  const int k = static_cast<int>(f.depth), lda = static_cast<int>(f.a_stride);
  const int ldb = static_cast<int>(f.b_stride), ldc = static_cast<int>(f.out_stride);
  const char* side = f.b_transposed ? "T" : "N";
  const T alpha = 1, beta = f.add ? 1 : 0;
  if constexpr (std::same_as<T, float>)
    sgemm_("N", side, &m, &n, &k, &alpha, f.a, &lda, f.b, &ldb, &beta, f.out, &ldc);
  else
    dgemm_("N", side, &m, &n, &k, &alpha, f.a, &lda, f.b, &ldb, &beta, f.out, &ldc);
}
#endif

/// Without a BLAS by tiles of any width: Eigen passes few columns by other sums than many, and
/// a sample would depend, in its last digit, on how many others it stands among.
template <Real T>
void multiply(const Factors<T>& f) {
#ifdef EIGEN_USE_BLAS
  if (!has_tiles()) return multiply_by_blas(f);
#endif
  multiply_by_tiles(f);
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
    for (Index from = 0; from < rows_; from += high) of(from) = a.middleRows(from, height(from));
  }
  void set_transposed(InOf<T> a) {
    rows_ = a.cols(), cols_ = a.rows();
    numbers_.resize(rows_ * cols_, 1);
    for (Index from = 0; from < rows_; from += high)
      of(from) = a.middleCols(from, height(from)).transpose();
  }

  /// out = A b, while `ahead` is fetched.
  void multiply(const ConstViewOf<T>& b, ViewOf<T> out, const Ahead& ahead = {}) const {
    product(b, out, false, ahead);
  }
  /// out += A b.
  void add_product(const ConstViewOf<T>& b, ViewOf<T> out, const Ahead& ahead = {}) const {
    product(b, out, true, ahead);
  }

 private:
  static constexpr Index high = 64;
  static constexpr Index deep = 1024;  // of a panel in the second-level cache

  Index height(Index from) const { return std::min(high, rows_ - from); }
  Eigen::Map<MatrixOf<T>> of(Index from) {
    return {numbers_.data() + from * cols_, height(from), cols_};
  }

  void product(const ConstViewOf<T>& b, ViewOf<T> out, bool add, const Ahead& ahead) const {
    if (cols_ == 0 && !add) out.setZero();
    const Index share = rows_ > 0 ? ahead.bytes() * high / rows_ : 0;  // of a panel of full height
    for (Index i = 0; i < rows_; i += high)
      for (Index k = 0; k < cols_; k += deep) {
        Factors<T> f{height(i),
                     b.cols(),
                     std::min(deep, cols_ - k),
                     numbers_.data() + i * cols_ + k * height(i),
                     height(i),
                     entry(b, k, 0),
                     b.outerStride(),
                     false,
                     entry(out, i, 0),
                     out.outerStride(),
                     add || k > 0};
        const Index from = i / high * share;
        if (k == 0)
          f.ahead = &ahead, f.ahead_from = from,
          f.ahead_bytes = std::min(share, ahead.bytes() - from);
        panel::multiply<T>(f);
      }
  }

  Index rows_ = 0, cols_ = 0;
  MatrixOf<T> numbers_;  // panel after panel, each column-major
};

/// out += a b^T; a: rows x n, b: cols x n.
template <Real T>
void add_outer(const ConstViewOf<T>& a, const ConstViewOf<T>& b, ViewOf<T> out) {
  constexpr Index high = 64, deep = 256;
  alignas(64) T copy[high * deep];
  for (Index k = 0; k < a.cols(); k += deep)
    for (Index i = 0; i < a.rows(); i += high) {
      const Index height = std::min(high, a.rows() - i), depth = std::min(deep, a.cols() - k);
      const T* block = entry(a, i, k);
      Index stride = a.outerStride();
      // Columns far from each other, or whole blocks of lines, share too little of the caches.
      if (const Index bytes = stride * Index{sizeof(T)};
          stride > high && (bytes > 2048 || bytes % 512 == 0)) {
        Eigen::Map<MatrixOf<T>>(copy, height, depth) = a.block(i, k, height, depth);
        block = copy, stride = height;
      }
      panel::multiply<T>({height, b.rows(), depth, block, stride, entry(b, 0, k), b.outerStride(),
                          true, entry(out, i, 0), out.outerStride(), true});
    }
}

}  // namespace lyap
