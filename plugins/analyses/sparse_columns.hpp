// plugins/analyses/sparse_columns.hpp - columns of a Jacobian that hold next to nothing, told from
// the others.
#pragma once
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "aligned_lines.hpp"

namespace lyap::analyses {

/// For run_wide: the rows of the numbers of every column that has at most two that are not zero.
struct NumbersOfColumns {
  static constexpr std::int64_t most = 2;

  /// J: n columns of m rows. counts[q]: how many column q has, most + 1 for all that have more;
  /// they stand in rows[most q] and behind it.
  [[gnu::always_inline]] static void run(const double* J, Index stride, Index m, Index n,
                                         std::int64_t* counts, std::int64_t* rows) {
    for (Index q = 0; q < n; ++q) counts[q] = of_column(J + q * stride, m, rows + most * q);
  }

 private:
  [[gnu::always_inline]] static std::int64_t of_column(const double* x, Index m,
                                                       std::int64_t* rows) {
    constexpr Index block = 32;
    if (m > most && x[0] != 0 && x[1] != 0 && x[2] != 0) return most + 1;  // as nearly always
    std::int64_t found = 0;
    for (Index from = 0; from < m; from += block) {
      const Index to = from + block < m ? from + block : m;
      std::uint64_t any = 0;
      for (Index i = from; i < to; ++i) any |= std::bit_cast<std::uint64_t>(x[i]) << 1;  // no sign
      if (any == 0) continue;
      for (Index i = from; i < to; ++i)
        if (x[i] != 0) {
          if (found == most) return most + 1;
          rows[found++] = i;
        }
    }
    return found;
  }
};

/// A state that is carried over by a factor for each unit, such as c of an LSTM, has one or two
/// numbers in each of its columns of J. Which columns those are is looked up in every J.
/// [one thread per object]
class SparseColumns {
 public:
  struct Entry {
    std::int64_t row, column;
    double number;
  };

  /// For Jacobians of up to n columns.
  explicit SparseColumns(Index n)
      : counts_(static_cast<std::size_t>(n)),
        rows_(static_cast<std::size_t>(NumbersOfColumns::most * n)) {
    dense_.reserve(counts_.size()), entries_.reserve(rows_.size());
  }

  /// J's lines are its `columns` columns, of m rows.
  void look(const AlignedLines& J, Index m, Index columns) {
    run_wide<NumbersOfColumns>(J.line(0), J.stride(), m, columns, counts_.data(), rows_.data());
    dense_.clear(), entries_.clear();
    for (Index q = 0; q < columns; ++q) {
      const std::int64_t count = counts_[static_cast<std::size_t>(q)];
      if (count > NumbersOfColumns::most) {
        dense_.push_back(q);
        continue;
      }
      for (Index i = 0; i < count; ++i) {
        const std::int64_t row = rows_[static_cast<std::size_t>(NumbersOfColumns::most * q + i)];
        entries_.push_back({row, q, J.line(q)[row]});
      }
    }
  }
  /// The other columns, in their order.
  std::span<const std::int64_t> dense() const { return dense_; }
  /// All that sparse columns hold.
  std::span<const Entry> entries() const { return entries_; }

 private:
  std::vector<std::int64_t> counts_, rows_, dense_;
  std::vector<Entry> entries_;
};

}  // namespace lyap::analyses
