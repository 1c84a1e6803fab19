// plugins/cells/sparse_rows.hpp - the entries of a sparse matrix by rows, eight rows at a time, and
// their products with one vector or with several side by side.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <lyap/lyap.hpp>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "across.hpp"

namespace lyap::cells {

template <Real T>
class SparseRows {
 public:
  struct Entry {
    std::int32_t row, col;
    T value;
  };
  /// `entries`: those of a row with ascending columns, which are below 65536.
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
  /// not a bit depends on the slices. Never inlined, because what it is inlined into leaves it too
  /// few registers. [512 x 512, one entry in ten: 7 us; column by column, where a number of `out`
  /// is read and written for every entry, 12 to 15 us]
  [[gnu::noinline]] void add_product(const T* v, T* out) const {
    for (const Slice& slice : slices_) add_slice_product(slice, v, out);
    for (const Entry& entry : rest_) out[entry.row] += entry.value * v[entry.col];
  }

  /// out += M V, with the bits that each vector has alone. v: an element for every column of M,
  /// out: one for every row. [512 x 512, one entry in ten, eight vectors: 15 us]
  void add_product(const Across<T>* v, Across<T>* out) const {
    run_wide<ProductAcross>(this, v, out);
  }

 private:
  using Column = std::uint16_t;
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
        for (const Row& row : rows)
          cols_.push_back(static_cast<Column>(row[k].col)), values_.push_back(row[k].value);
      slices_.push_back(slice);
    }
    for (const Row& row : rows) add_rest(row, length);
  }
  void add_rest(const Row& row, std::size_t from) {
    rest_.insert(rest_.end(), row.begin() + static_cast<std::ptrdiff_t>(from), row.end());
  }

  /// Numbers that one register of any processor holds; their sums run side by side.
  using Lanes [[gnu::vector_size(16)]] = T;
  static constexpr std::size_t lanes = 16 / sizeof(T), parts = width / lanes;

  void add_slice_product(const Slice& slice, const T* v, T* out) const {
    add_slice_product(slice, v, out, std::make_index_sequence<parts>{},
                      std::make_index_sequence<lanes>{});
  }
  template <std::size_t... part, std::size_t... lane>
  void add_slice_product(const Slice& slice, const T* v, T* out, std::index_sequence<part...>,
                         std::index_sequence<lane...> all) const {
    const Column* cols = cols_.data() + slice.begin;
    const T* values = values_.data() + slice.begin;
    Lanes sums[parts] = {gathered(out, slice.rows.data() + part * lanes, all)...};
    for (std::size_t k = 0; k < slice.length; ++k, cols += width, values += width) {
      const std::uint64_t first = four(cols), second = four(cols + 4);
      ((sums[part] += loaded(values + part * lanes) *
                      taken<part * lanes % 4>(v, part * lanes < 4 ? first : second, all)),
       ...);
    }
    for (std::size_t i = 0; i < width; ++i) out[slice.rows[i]] = sums[i / lanes][i % lanes];
  }
  /// Four rows of a slice at a time: their sums fit into the registers of most processors.
  struct ProductAcross {
    [[gnu::always_inline]] static void run(const SparseRows* rows, const Across<T>* v,
                                           Across<T>* out) {
      for (const Slice& slice : rows->slices_)
        for (std::size_t first = 0; first < width; first += 4) {
          const Column* cols = rows->cols_.data() + slice.begin + first;
          const T* values = rows->values_.data() + slice.begin + first;
          const std::int32_t* to = slice.rows.data() + first;
          typename Across<T>::Numbers a = out[to[0]].numbers, b = out[to[1]].numbers,
                                      c = out[to[2]].numbers, d = out[to[3]].numbers;
          for (std::size_t k = 0; k < slice.length; ++k, cols += width, values += width) {
            a += values[0] * v[cols[0]].numbers;
            b += values[1] * v[cols[1]].numbers;
            c += values[2] * v[cols[2]].numbers;
            d += values[3] * v[cols[3]].numbers;
          }
          out[to[0]].numbers = a, out[to[1]].numbers = b;
          out[to[2]].numbers = c, out[to[3]].numbers = d;
        }
      for (const Entry& entry : rows->rest_)
        out[entry.row].numbers += entry.value * v[entry.col].numbers;
    }
  };

  static Lanes loaded(const T* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
  }
  template <class Places, std::size_t... lane>
  static Lanes gathered(const T* from, const Places* at, std::index_sequence<lane...>) {
    return Lanes{from[at[lane]]...};
  }
  /// Four columns in one load, of which the lanes take theirs: loads are what the sums wait for.
  static std::uint64_t four(const Column* cols) {
    std::uint64_t packed;
    std::memcpy(&packed, cols, sizeof packed);
    return packed;
  }
  template <std::size_t from, std::size_t... lane>
  static Lanes taken(const T* v, std::uint64_t packed, std::index_sequence<lane...>) {
    return Lanes{v[packed >> (16 * (from + lane)) & 0xffff]...};
  }

  std::vector<Slice> slices_;
  std::vector<Column> cols_;
  std::vector<T> values_;
  std::vector<Entry> rest_;
};

}  // namespace lyap::cells
