// framework/plugin/guarded.hpp - a matrix that knows when someone writes beside it or changes it.
#pragma once
#include <lyap/views.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

namespace lyap::framework::checks {

/// How buffers lie in memory.
struct Layout {
  Index padding = 0;  ///< elements between two columns
  Index offset = 0;   ///< elements before the first, from an address malloc has chosen
};

/// A matrix with guard words before, between and after its columns. Outputs are filled with NaN, so
/// that entries which are added to, or never written, show.
template <Real T>
class Guarded {
 public:
  /// An operand to be read.
  Guarded(std::string name, const MatrixOf<T>& values, Layout layout)
      : Guarded(std::move(name), values.rows(), values.cols(), layout, T(0)) {
    matrix() = values;
    original_ = storage_;
  }
  /// An operand to be written, every entry `fill` before.
  Guarded(std::string name, Index rows, Index cols, Layout layout, T fill)
      : name_(std::move(name)),
        rows_(rows),
        cols_(cols),
        layout_(layout),
        storage_(static_cast<std::size_t>(layout.offset + (rows + layout.padding) * cols + guards),
                 guard_word) {
    matrix().fill(fill);
    original_ = storage_;
  }

  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  const std::string& name() const { return name_; }
  ViewOf<T> matrix() {
    return {storage_.data() + layout_.offset, rows_, cols_,
            Eigen::OuterStride<>(rows_ + layout_.padding)};
  }
  lyap_matrix lent() {
    if (rows_ * cols_ == 0) return {nullptr, 0, 0, 0, dtype_of<T>, 0};
    return {storage_.data() + layout_.offset, rows_,       cols_,
            rows_ + layout_.padding,          dtype_of<T>, 0};
  }
  lyap_const_matrix lent_to_read() { return read_only(lent()); }

  /// Bit for bit what it was, guards and all.
  bool untouched() const {
    return std::memcmp(storage_.data(), original_.data(), storage_.size() * sizeof(T)) == 0;
  }
  /// The guard words are what they were.
  bool inside() const {
    const Index stride = rows_ + layout_.padding;
    for (Index k = 0; k < std::ssize(storage_); ++k) {
      const Index at = k - layout_.offset;
      const bool ours = at >= 0 && at < stride * cols_ && at % stride < rows_;
      if (!ours && storage_[static_cast<std::size_t>(k)] != guard_word) return false;
    }
    return true;
  }
  /// No entry is NaN.
  bool written() { return !matrix().array().isNaN().any(); }
  /// Makes nonsense of it, as an owner may once the call has returned.
  void spoil() { std::fill(storage_.begin(), storage_.end(), T(-777)); }

 private:
  static constexpr T guard_word = T(777.25);
  static constexpr Index guards = 8;

  std::string name_;
  Index rows_, cols_;
  Layout layout_;
  std::vector<T> storage_, original_;
};

}  // namespace lyap::framework::checks
