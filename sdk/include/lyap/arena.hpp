// lyap/arena.hpp - scratch numbers: taken one after another, given back together, memory kept.
#pragma once
#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "lyap/views.hpp"

namespace lyap {

/// A stack of matrices. Once a sequence of takes has been made, the same sequence made again
/// allocates nothing; earlier matrices never move.
template <Real T>
class Arena {
 public:
  struct Mark {
    std::size_t block;
    Index used;
  };

  /// rows x cols numbers, contiguous and uninitialised, until they are given back.
  ViewOf<T> take(Index rows, Index cols) {
    // Whole cache lines, so that every matrix starts on one.
    constexpr Index line = 64 / sizeof(T);
    const Index count = (rows * cols + line - 1) / line * line;
    while (block_ < blocks_.size() && used_ + count > blocks_[block_].size) ++block_, used_ = 0;
    if (block_ == blocks_.size()) grow(count);
    T* at = blocks_[block_].data.get() + used_;
    used_ += count;
    return {at, rows, cols, Eigen::OuterStride<>(rows)};
  }
  ViewOf<T> zeros(Index rows, Index cols) {
    ViewOf<T> m = take(rows, cols);
    m.setZero();
    return m;
  }

  /// Everything taken after the mark is given back by release.
  Mark mark() const { return {block_, used_}; }
  void release(Mark mark) { block_ = mark.block, used_ = mark.used; }

  /// Gives everything back and makes room for at least `count` numbers in one piece.
  void clear(Index count = 0) {
    Index all = 0;
    for (const Block& block : blocks_) all += block.size;
    block_ = 0, used_ = 0;
    if (blocks_.size() == 1 && count <= all) return;
    if (std::max(all, count) == 0) return;
    blocks_.clear();
    grow(std::max(all, count));
  }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  struct Block {
    std::unique_ptr<T[], Free> data;
    Index size;
  };
  void grow(Index count) {
    const Index size = std::max<Index>(count, 1024 / sizeof(T));
    void* memory =
        ::operator new[](static_cast<std::size_t>(size) * sizeof(T), std::align_val_t{64});
    blocks_.push_back({std::unique_ptr<T[], Free>(static_cast<T*>(memory)), size});
    block_ = blocks_.size() - 1, used_ = 0;
  }

  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  Index used_ = 0;
};

}  // namespace lyap
