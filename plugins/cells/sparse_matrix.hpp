// plugins/cells/sparse_matrix.hpp - the non-zero entries of a weight matrix, column by column.
#pragma once
#include <cstddef>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <vector>

namespace lyap::cells {

template <Real T>
class SparseMatrix {
 public:
  /// Reads the entries of `m`, or none and gives false when more than `share` of them are not zero.
  bool read(const ConstViewOf<T>& m, double share) {
    const auto most = static_cast<std::size_t>(share * static_cast<double>(m.size()));
    rows_.clear(), values_.clear();
    ends_.assign(1, 0);
    for (Index j = 0; j < m.cols() && values_.size() <= most; ++j) {
      for (Index i = 0; i < m.rows(); ++i)
        if (m(i, j) != 0) rows_.push_back(static_cast<std::int32_t>(i)), values_.push_back(m(i, j));
      ends_.push_back(values_.size());
    }
    return values_.size() <= most;
  }

  /// out += factor M v
  void add_product(T factor, const ConstViewOf<T>& v, ViewOf<T> out) const {
    for (Index b = 0; b < v.cols(); ++b)
      for (Index j = 0; j < columns(); ++j) add_column(j, factor * v(j, b), entry(out, 0, b));
  }
  /// out += factor M^T v
  void add_transposed(T factor, const ConstViewOf<T>& v, ViewOf<T> out) const {
    for (Index b = 0; b < v.cols(); ++b)
      for (Index j = 0; j < columns(); ++j) {
        const T* from = entry(v, 0, b);
        T sum = 0;
        for (std::size_t e = ends_[j]; e < ends_[j + 1]; ++e) sum += values_[e] * from[rows_[e]];
        *entry(out, j, b) += factor * sum;
      }
  }
  /// to += factor M(., j)
  void add_column(Index j, T factor, T* to) const {
    for (std::size_t e = ends_[j]; e < ends_[j + 1]; ++e) to[rows_[e]] += factor * values_[e];
  }

 private:
  Index columns() const { return static_cast<Index>(ends_.size()) - 1; }

  std::vector<std::size_t> ends_;  // entries of column j: ends_[j] .. ends_[j + 1] - 1
  std::vector<std::int32_t> rows_;
  std::vector<T> values_;
};

}  // namespace lyap::cells
