// plugins/cells/sparse_matrix.hpp - the non-zero entries of a weight matrix.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <utility>
#include <vector>

#include "across.hpp"
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
    plain_.read(m.rows(), entries_);
    std::vector<typename SparseRows<T>::Entry> turned = entries_;
    for (auto& entry : turned) std::swap(entry.row, entry.col);
    transposed_.read(m.cols(), turned);
    return true;
  }

  /// out += M (factor v)
  void add_product(T factor, const ConstViewOf<T>& v, ViewOf<T> out) const {
    add_product(plain_, factor, v, out);
  }
  /// out += M^T (factor v)
  void add_transposed(T factor, const ConstViewOf<T>& v, ViewOf<T> out) const {
    add_product(transposed_, factor, v, out);
  }
  /// to += factor M(., j)
  void add_column(Index j, T factor, T* to) const {
    for (std::size_t e = ends_[j]; e < ends_[j + 1]; ++e)
      to[entries_[e].row] += factor * entries_[e].value;
  }

 private:
  /// Fewer vectors are faster one after the other.
  static constexpr Index fewest_across = 3;

  static void add_product(const SparseRows<T>& rows, T factor, const ConstViewOf<T>& v,
                          ViewOf<T> out) {
    for (Index from = 0; from < v.cols(); from += Across<T>::count) {
      const Index count = std::min(Across<T>::count, v.cols() - from);
      if (count >= fewest_across)
        add_across(rows, factor, columns(v, from, count), columns(out, from, count));
      else
        for (Index b = from; b < from + count; ++b)
          add_alone(rows, factor, columns(v, b, 1), columns(out, b, 1));
    }
  }
  static void add_alone(const SparseRows<T>& rows, T factor, const ConstViewOf<T>& v,
                        ViewOf<T> out) {
    thread_local VectorOf<T> scaled;
    scaled = factor * v;
    rows.add_product(scaled.data(), out.data());
  }
  static void add_across(const SparseRows<T>& rows, T factor, const ConstViewOf<T>& v,
                         ViewOf<T> out) {
    thread_local std::vector<Across<T>> scaled, sums;
    scaled.resize(static_cast<std::size_t>(v.rows()));
    sums.resize(static_cast<std::size_t>(out.rows()));
    gather(v, factor, scaled.data());
    gather(reading(out), T(1), sums.data());
    rows.add_product(scaled.data(), sums.data());
    scatter(sums.data(), out);
  }

  std::vector<typename SparseRows<T>::Entry> entries_;  // by columns
  std::vector<std::size_t> ends_;  // entries of column j: ends_[j] .. ends_[j + 1] - 1
  SparseRows<T> plain_, transposed_;
};

}  // namespace lyap::cells
