// plugins/cells/sparse_matrix.hpp - the non-zero entries of a weight matrix.
#pragma once
#include <cstddef>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <vector>

#include "sparse_rows.hpp"

namespace lyap::cells {

template <Real T>
class SparseMatrix {
 public:
  /// Reads the entries of `m`, or none and gives false when more than `share` of them are not zero.
  bool read(const ConstViewOf<T>& m, double share) {
    const auto most = static_cast<std::size_t>(share * static_cast<double>(m.size()));
    entries_.clear();
    ends_.assign(1, 0);
    for (Index j = 0; j < m.cols() && entries_.size() <= most; ++j) {
      for (Index i = 0; i < m.rows(); ++i)
        if (m(i, j) != 0)
          entries_.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(j), m(i, j)});
      ends_.push_back(entries_.size());
    }
    if (entries_.size() > most) return false;
    rows_.read(m.rows(), entries_);
    return true;
  }

  /// out += M (factor v)
  void add_product(T factor, const ConstViewOf<T>& v, ViewOf<T> out) const {
    scaled().resize(v.rows());
    for (Index b = 0; b < v.cols(); ++b) {
      scaled() = factor * v.col(b);
      rows_.add_product(scaled().data(), entry(out, 0, b));
    }
  }
  /// out += factor M^T v
  void add_transposed(T factor, const ConstViewOf<T>& v, ViewOf<T> out) const {
    for (Index b = 0; b < v.cols(); ++b)
      for (Index j = 0; j < columns(); ++j) {
        const T* from = entry(v, 0, b);
        T sum = 0;
        for (std::size_t e = ends_[j]; e < ends_[j + 1]; ++e)
          sum += entries_[e].value * from[entries_[e].row];
        *entry(out, j, b) += factor * sum;
      }
  }
  /// to += factor M(., j)
  void add_column(Index j, T factor, T* to) const {
    for (std::size_t e = ends_[j]; e < ends_[j + 1]; ++e)
      to[entries_[e].row] += factor * entries_[e].value;
  }

 private:
  Index columns() const { return static_cast<Index>(ends_.size()) - 1; }
  static VectorOf<T>& scaled() {
    thread_local VectorOf<T> scaled;
    return scaled;
  }

  std::vector<typename SparseRows<T>::Entry> entries_;  // by columns
  std::vector<std::size_t> ends_;  // entries of column j: ends_[j] .. ends_[j + 1] - 1
  SparseRows<T> rows_;
};

}  // namespace lyap::cells
