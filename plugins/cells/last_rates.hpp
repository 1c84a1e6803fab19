// plugins/cells/last_rates.hpp - tanh of the states that a readout has just seen.
#pragma once
#include <cstring>
#include <lyap/lyap.hpp>

namespace lyap::cells {

/// r = tanh(x), n x samples. Where a readout stands in the loop, it sees r after every step, and
/// the next step begins with the same x: r is then copied. [512 x 8: 1 us instead of 5]
template <Real T>
class LastRates {
 public:
  /// Makes r and keeps it.
  void make(const ConstViewOf<T>& x, ViewOf<T> r) {
    elementwise::apply<elementwise::Tanh>(x, r);
    rows_ = cols_ = 0;
    if (x.size() > most) return;
    rows_ = x.rows(), cols_ = x.cols();
    x_.resize(most), r_.resize(most);
    kept(x_) = x;
    kept(r_) = r;
  }
  void get(const ConstViewOf<T>& x, ViewOf<T> r) {
    if (is_last(x))
      r = kept(r_);
    else
      elementwise::apply<elementwise::Tanh>(x, r);
  }

 private:
  static constexpr Index most = 8192;  // of more, copies leave the nearest caches

  Eigen::Map<MatrixOf<T>> kept(VectorOf<T>& numbers) { return {numbers.data(), rows_, cols_}; }
  /// Bit for bit.
  bool is_last(const ConstViewOf<T>& x) const {
    if (x.rows() != rows_ || x.cols() != cols_) return false;
    for (Index j = 0; j < cols_; ++j)
      if (std::memcmp(x_.data() + j * rows_, x.data() + j * x.outerStride(),
                      static_cast<std::size_t>(rows_) * sizeof(T)) != 0)
        return false;
    return true;
  }

  VectorOf<T> x_, r_;
  Index rows_ = 0, cols_ = 0;
};

}  // namespace lyap::cells
