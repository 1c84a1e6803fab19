// lyap/operands.hpp - what a cell's functions are given: weights, chunks of steps, points, blocks.
#pragma once
#include <cstdint>
#include <span>

#include "lyap/layout.hpp"
#include "lyap/views.hpp"

namespace lyap {

/// Columns from .. from+count-1 of a view, as a view.
template <Real T>
ViewOf<T> columns(const ViewOf<T>& m, Index from, Index count) {
  return {m.data() ? const_cast<T*>(m.data()) + from * m.outerStride() : nullptr, m.rows(), count,
          Eigen::OuterStride<>(m.outerStride())};
}
template <Real T>
ConstViewOf<T> columns(const ConstViewOf<T>& m, Index from, Index count) {
  return {m.data() ? m.data() + from * m.outerStride() : nullptr, m.rows(), count,
          Eigen::OuterStride<>(m.outerStride())};
}
/// Rows from .. from+count-1 of a view, as a view.
template <Real T>
ViewOf<T> rows(const ViewOf<T>& m, Index from, Index count) {
  return {m.data() ? const_cast<T*>(m.data()) + from : nullptr, count, m.cols(),
          Eigen::OuterStride<>(m.outerStride())};
}
template <Real T>
ConstViewOf<T> rows(const ConstViewOf<T>& m, Index from, Index count) {
  return {m.data() ? m.data() + from : nullptr, count, m.cols(),
          Eigen::OuterStride<>(m.outerStride())};
}
/// Where row i of column j is.
template <Real T>
T* entry(const ViewOf<T>& m, Index i, Index j) {
  return const_cast<T*>(m.data()) + i + j * m.outerStride();
}
template <Real T>
const T* entry(const ConstViewOf<T>& m, Index i, Index j) {
  return m.data() + i + j * m.outerStride();
}
/// The same numbers, to be read only.
template <Real T>
ConstViewOf<T> reading(const ViewOf<T>& m) {
  return {m.data(), m.rows(), m.cols(), Eigen::OuterStride<>(m.outerStride())};
}

/// The weights by their ids. Inside bind and for as long as the weights are bound.
template <Real T>
class Weights {
 public:
  Weights() = default;
  explicit Weights(const lyap_const_matrix* first) : first_(first) {}
  ConstViewOf<T> operator[](WeightId id) const { return view<T>(first_[id.index]); }

 private:
  const lyap_const_matrix* first_ = nullptr;
};

/// Where the weights' adjoints are added up; a view without data is one that nobody wants.
template <Real T>
class WeightBars {
 public:
  WeightBars() = default;
  explicit WeightBars(const lyap_matrix* first) : first_(first) {}
  bool wanted(WeightId id) const { return first_ && first_[id.index].data; }
  ViewOf<T> operator[](WeightId id) const {
    return wanted(id) ? view<T>(first_[id.index])
                      : ViewOf<T>(nullptr, 0, 0, Eigen::OuterStride<>(0));
  }

 private:
  const lyap_matrix* first_ = nullptr;
};

/// `count` steps of `batch` samples, remembered as steps at .. at+count-1. Step t of sample b is
/// column t*batch + b, t counted from 0 within the chunk.
template <Real T>
struct Chunk {
  Index at, count, batch;
  ConstViewOf<T> state;            // state x batch: before the first step
  ConstViewOf<T> input;            // inputs x count*batch
  ConstViewOf<T> normal, uniform;  // rows x count*batch, or no data: a run without noise
  ViewOf<T> states;                // out: state x count*batch, after each step

  /// The state before step t of the chunk: state x batch.
  ConstViewOf<T> before(Index t) const {
    return t == 0 ? state : columns(reading(states), (t - 1) * batch, batch);
  }
  ViewOf<T> after(Index t) const { return columns(states, t * batch, batch); }
};

/// The part of one sample's Jacobian that is wanted: out(i, j) = J(rows[i], columns[j]).
struct JacobianBlock {
  Index t, sample;
  std::span<const Index> rows, columns;
  bool rows_in_order;  // rows are rows[0], rows[0] + 1, ...
};

/// What an optimiser step did to the weights.
template <Real T>
struct Projection {
  const lyap_matrix* after;
  const lyap_const_matrix* before;
  const lyap_const_matrix* loss_gradients;
  double learning_rate;

  /// In: after the step. Out: on the constraint set again.
  ViewOf<T> weight(WeightId id) const { return view<T>(after[id.index]); }
  ConstViewOf<T> previous(WeightId id) const { return view<T>(before[id.index]); }
  /// Of the loss by the weight; may have no data.
  ConstViewOf<T> gradient(WeightId id) const { return view<T>(loss_gradients[id.index]); }
};

}  // namespace lyap
