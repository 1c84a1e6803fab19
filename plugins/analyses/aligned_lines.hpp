// plugins/analyses/aligned_lines.hpp - a matrix whose rows, or columns, begin on cache lines.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <memory>
#include <new>
#include <utility>

#include "octets.hpp"

namespace lyap::analyses {

/// `count` lines of `length` numbers, all zero at first. Behind each there is room up to a whole
/// octet, and lines lie an odd number of cache lines apart: at a power of two the lines of a matrix
/// would push each other out of the cache.
class AlignedLines {
 public:
  AlignedLines(Index count, Index length)
      : count_(count),
        length_(length),
        stride_(8 * (whole_octets(length) / 8 | 1)),
        numbers_(new (std::align_val_t{64}) double[static_cast<std::size_t>(count * stride_)]()) {}

  AlignedLines(const AlignedLines& other) : AlignedLines(other.count_, other.length_) {
    columns() = other.columns();
  }
  AlignedLines(AlignedLines&&) = default;
  AlignedLines& operator=(AlignedLines&&) = default;

  Index count() const { return count_; }
  Index stride() const { return stride_; }
  double* line(Index i) { return numbers_.get() + i * stride_; }
  const double* line(Index i) const { return numbers_.get() + i * stride_; }

  /// length x count: the lines are columns.
  View columns() { return {line(0), length_, count_, Eigen::OuterStride<>(stride_)}; }
  ConstView columns() const { return {line(0), length_, count_, Eigen::OuterStride<>(stride_)}; }
  /// count x length: the lines are rows.
  auto rows() { return columns().transpose(); }
  auto rows() const { return columns().transpose(); }

  void swap(AlignedLines& other) { std::swap(*this, other); }

 private:
  struct Free {
    void operator()(double* numbers) const { ::operator delete[](numbers, std::align_val_t{64}); }
  };
  Index count_, length_, stride_;
  std::unique_ptr<double[], Free> numbers_;
};

}  // namespace lyap::analyses
