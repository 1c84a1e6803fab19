// ftle/pieces.hpp - results of every step on their way out: a few steps of one run at a time.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

#include "ftle/kept_fields.hpp"
#include "tangent_frame.hpp"

namespace lyap::ftle {

/// One worker's buffers; a column holds one step with the last axis of the result fastest.
class Pieces {
 public:
  Pieces(const Kept& keep, const Sizes& sizes, Index capacity)
      : keep_(keep),
        sizes_(sizes),
        capacity_(capacity),
        exponent_(sizes.k, capacity),
        r_(sizes.k, capacity),
        R_(keep.r_matrix ? sizes.k * sizes.k : 0, capacity),
        Q_(keep.q ? sizes.n * sizes.k : 0, capacity),
        J_(keep.jacobian ? sizes.n * sizes.n : 0, capacity) {}

  bool full() const { return count_ == capacity_; }

  /// Takes the step that the frame has just made; exponents: k.
  template <class Exponents>
  void add(const analyses::TangentFrame& frame, const Exponents& exponents) {
    exponent_.col(count_) = exponents;
    r_.col(count_) = frame.diagonal();
    if (keep_.r_matrix) last_fastest(R_, sizes_.k) = frame.R();
    if (keep_.q) last_fastest(Q_, sizes_.n) = frame.Q();
    if (keep_.jacobian) last_fastest(J_, sizes_.n) = frame.J();
    ++count_;
  }

  /// Gives them as the steps of `run` that end before measured step `end`, counted from 0.
  void give(Context& context, Index run, Index end) {
    const Index from = end - count_;
    const auto piece = [&](const char* port, std::vector<std::int64_t> each, const Matrix& values) {
      std::vector<std::int64_t> at(each.size() + 2, 0), extent{1, count_};
      at[0] = run, at[1] = from;
      extent.insert(extent.end(), each.begin(), each.end());
      context.piece(port, at, extent,
                    {values.data(), static_cast<std::size_t>(values.rows() * count_)});
    };
    if (count_ == 0) return;
    piece("exponent", {sizes_.k}, exponent_);
    piece("r", {sizes_.k}, r_);
    if (keep_.r_matrix) piece("r_matrix", {sizes_.k, sizes_.k}, R_);
    if (keep_.q) piece("q", {sizes_.n, sizes_.k}, Q_);
    if (keep_.jacobian) piece("jacobian", {sizes_.n, sizes_.n}, J_);
    count_ = 0;
  }

 private:
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::Map<Rows> last_fastest(Matrix& field, Index rows) const {
    return {field.col(count_).data(), rows, field.rows() / rows};
  }

  Kept keep_;
  Sizes sizes_;
  Index capacity_, count_ = 0;
  Matrix exponent_, r_, R_, Q_, J_;
};

}  // namespace lyap::ftle
