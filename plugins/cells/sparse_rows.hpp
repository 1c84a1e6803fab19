// plugins/cells/sparse_rows.hpp - the entries of a sparse matrix by rows, eight rows at a time.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace lyap::cells {

template <Real T>
class SparseRows {
 public:
  struct Entry {
    std::int32_t row, col;
    T value;
  };
  /// `entries`: those of a row with ascending columns.
  void read(Index rows, std::span<const Entry> entries) {
    std::vector<std::vector<Entry>> of_row(static_cast<std::size_t>(rows));
    for (const Entry& entry : entries) of_row[static_cast<std::size_t>(entry.row)].push_back(entry);
    // Rows of nearly one length are added up together.
    std::stable_sort(of_row.begin(), of_row.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    slices_.clear(), cols_.clear(), values_.clear(), rest_.clear();
    std::size_t at = 0;
    for (; at + width <= of_row.size(); at += width) add_slice({&of_row[at], width});
    for (; at < of_row.size(); ++at) add_rest(of_row[at], 0);
  }

  /// out += M v. Every sum goes through its row by ascending columns, as it does entry by entry:
  /// not a bit depends on the slices. [512 x 512, one entry in ten, eight sums at once: 8 us;
  /// column by column, where a number of `out` is read and written for every entry: 12 to 16 us]
  void add_product(const T* v, T* out) const {
    for (const Slice& slice : slices_) add_slice_product(slice, v, out);
    for (const Entry& entry : rest_) out[entry.row] += entry.value * v[entry.col];
  }

 private:
  static constexpr std::size_t width = 8;
  /// Entries k of the rows r_0 .. r_7 lie at begin + 8 k .. begin + 8 k + 7, k < length.
  struct Slice {
    std::array<std::int32_t, width> rows;
    std::size_t begin, length;
  };
  using Row = std::vector<Entry>;

  /// Rows, the last being the shortest: what the others have more is added after it.
  void add_slice(std::span<const Row> rows) {
    const std::size_t length = rows.back().size();
    if (length > 0) {
      Slice slice{{}, values_.size(), length};
      for (std::size_t i = 0; i < width; ++i) slice.rows[i] = rows[i].front().row;
      for (std::size_t k = 0; k < length; ++k)
        for (const Row& row : rows) cols_.push_back(row[k].col), values_.push_back(row[k].value);
      slices_.push_back(slice);
    }
    for (const Row& row : rows) add_rest(row, length);
  }
  void add_rest(const Row& row, std::size_t from) {
    rest_.insert(rest_.end(), row.begin() + static_cast<std::ptrdiff_t>(from), row.end());
  }

  void add_slice_product(const Slice& slice, const T* v, T* out) const {
    add_slice_product(slice, v, out, std::make_index_sequence<width>{});
  }
  template <std::size_t... i>
  void add_slice_product(const Slice& slice, const T* v, T* out, std::index_sequence<i...>) const {
    const std::int32_t* cols = cols_.data() + slice.begin;
    const T* values = values_.data() + slice.begin;
    T sums[width] = {out[slice.rows[i]]...};
    for (std::size_t k = 0; k < slice.length; ++k, cols += width, values += width)
      ((sums[i] += values[i] * v[cols[i]]), ...);
    ((out[slice.rows[i]] = sums[i]), ...);
  }

  std::vector<Slice> slices_;
  std::vector<std::int32_t> cols_;
  std::vector<T> values_;
  std::vector<Entry> rest_;
};

}  // namespace lyap::cells
