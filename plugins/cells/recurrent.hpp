// plugins/cells/recurrent.hpp - what rnn, lstm and gru share: options, weights, their products.
#pragma once
#include <lyap/lyap.hpp>
#include <lyap/panels.hpp>

#include "each_sample.hpp"
#include "initialisers.hpp"

namespace lyap::cells {

/// W_ih, W_hh and biases under PyTorch's names, the gates stacked by rows: y = W_ih x + b_ih and
/// W_hh h + b_hh. With one bias there is only bias_ih, with none neither.
///
/// A step reads a column (x, 1, h) of every sample, so that one product gives W_ih x + b + W_hh h
/// and one the gradients of all three.
class Recurrent {
 public:
  static void options(Options& o) {
    static constexpr const char* biases[] = {"two", "one", "none", nullptr};
    o.integer("units").range(1, 8192).fallback("64").doc("number of hidden units N");
    o.choice("bias", biases)
        .fallback("two")
        .doc("bias vectors: bias_ih and bias_hh as in PyTorch, bias_ih alone, or none");
  }

  Recurrent(Layout& layout, const Values& values, Index inputs, Index gates)
      : units(values.integer("units")), inputs(inputs), rows(gates * units) {
    const std::string init = linear_init(units);
    weight_ih = layout.weight("weight_ih", rows, inputs, init);
    weight_hh = layout.weight("weight_hh", rows, units, init);
    if (!values.is("bias", "none")) bias_ih = layout.weight("bias_ih", rows, 1, init);
    if (values.is("bias", "two")) bias_hh = layout.weight("bias_hh", rows, 1, init);
  }

  static bool has(WeightId bias) { return bias.index >= 0; }
  /// Rows of x, 1, h in a column; h follows the 1 at row inputs + 1.
  Index read_rows() const { return inputs + 1 + units; }

  /// The biases on the input's side and on the state's; zero where there is none.
  template <Real T>
  VectorOf<T> input_bias(const Weights<T>& weights) const {
    return bias<T>(weights, bias_ih);
  }
  template <Real T>
  VectorOf<T> state_bias(const Weights<T>& weights) const {
    return bias<T>(weights, bias_hh);
  }
  /// (W_ih, b_ih + b_hh, W_hh), rows x read_rows().
  template <Real T>
  MatrixOf<T> side_by_side(const Weights<T>& weights) const {
    MatrixOf<T> all(rows, read_rows());
    all << weights[weight_ih], input_bias<T>(weights) + state_bias<T>(weights), weights[weight_hh];
    return all;
  }

  /// Room for what the steps of a tape read, with the ones in their row; the last step of
  /// a chunk writes the h that nobody reads behind all of them.
  template <Real T>
  MatrixOf<T> room_to_read(Index steps, Index batch) const {
    MatrixOf<T> read(read_rows(), (steps + 1) * batch);
    read.row(inputs).setOnes();
    return read;
  }
  /// Fills in x of a step, and h of the chunk's first; the others follow step by step.
  template <Real T>
  void read_input(const Chunk<T>& chunk, Index t, ViewOf<T> read) const {
    if (inputs > 0) read.topRows(inputs) = columns(chunk.input, t * chunk.batch, chunk.batch);
    if (t == 0) state_rows(read) = chunk.state.topRows(units);
  }
  template <Real T>
  ViewOf<T> state_rows(const ViewOf<T>& read) const {
    return lyap::rows(read, inputs + 1, units);
  }

  /// Zeros for the gradient by (W_ih, b, W_hh) of some rows; no data when nobody wants it.
  template <Real T>
  ViewOf<T> gradient_room(Index count, const WeightBars<T>& bars, Arena<T>& arena) const {
    if (!wants_any(bars)) return {nullptr, count, read_rows(), Eigen::OuterStride<>(count)};
    return arena.zeros(count, read_rows());
  }
  /// Adds the gradient by (W_ih, b, W_hh) to those of the weights, whose rows from `first` it is;
  /// both biases are b.
  template <Real T>
  void hand_on(const ViewOf<T>& gradient, Index first, const WeightBars<T>& bars) const {
    if (!gradient.data()) return;
    const auto part = [&](WeightId w) { return lyap::rows(bars[w], first, gradient.rows()); };
    if (bars.wanted(weight_ih)) part(weight_ih) += gradient.leftCols(inputs);
    if (bars.wanted(weight_hh)) part(weight_hh) += gradient.rightCols(units);
    for (const WeightId b : {bias_ih, bias_hh})
      if (has(b) && bars.wanted(b)) part(b) += gradient.col(inputs);
  }

  /// Adjoints of the same sample share its values: their sum is all that weights need.
  template <Real T>
  ConstViewOf<T> per_sample(const ViewOf<T>& bars, Index samples, Arena<T>& arena) const {
    const Index k = bars.cols() / samples;
    if (k == 1) return reading(bars);
    ViewOf<T> sums = arena.take(bars.rows(), samples);
    for (Index s = 0; s < samples; ++s) sums.col(s) = bars.middleCols(s * k, k).rowwise().sum();
    return reading(sums);
  }

  const Index units, inputs, rows;
  WeightId weight_ih, weight_hh, bias_ih, bias_hh;

 private:
  template <Real T>
  bool wants_any(const WeightBars<T>& bars) const {
    return bars.wanted(weight_ih) || bars.wanted(weight_hh) ||
           (has(bias_ih) && bars.wanted(bias_ih)) || (has(bias_hh) && bars.wanted(bias_hh));
  }
  template <Real T>
  VectorOf<T> bias(const Weights<T>& weights, WeightId id) const {
    if (!has(id)) return VectorOf<T>::Zero(rows);
    return weights[id].col(0);
  }
};

/// Adjoints of the gates of neighbouring steps, the last ones first, gathered until there are
/// columns enough for a product at full speed; few enough to stay in the second-level cache.
template <Real T>
class GatheredSteps {
 public:
  /// `room` keeps its memory from call to call.
  GatheredSteps(MatrixOf<T>& room, Index rows, Index batch, Index count)
      : batch_(batch),
        count_(count),
        most_(std::max<Index>(1, 256 / batch)),
        room_(enough(room, apart(rows), std::min(most_, count) * batch), rows,
              std::min(most_, count) * batch, Eigen::OuterStride<>(apart(rows))) {}

  /// Steps gathered at a time.
  Index most() const { return most_; }
  /// Where those of step t go.
  ViewOf<T> step(Index t) const { return columns(room_, t % most_ * batch_, batch_); }
  /// After step t: calls f(first step, number of steps, their adjoints) when they are complete.
  template <class F>
  void hand_on(Index t, F&& f) const {
    if (t % most_ > 0) return;
    const Index steps = std::min(most_, count_ - t);
    f(t, steps, reading(columns(room_, 0, steps * batch_)));
  }

 private:
  /// From column to column. One cache line more than a multiple of 512 bytes has: the columns'
  /// beginnings, which products read side by side, share all sets of a cache.
  static Index apart(Index rows) {
    constexpr Index line = 64 / sizeof(T);
    return rows % (8 * line) == 0 ? rows + line : rows;
  }
  static T* enough(MatrixOf<T>& room, Index rows, Index cols) {
    if (room.rows() != rows || room.cols() < cols) room.resize(rows, cols);
    return room.data();
  }

  const Index batch_, count_, most_;
  ViewOf<T> room_;
};

/// Columns of step t .. t+count-1 of a tape's matrix that keeps `batch` columns a step.
template <Real T>
ViewOf<T> steps_of(MatrixOf<T>& m, Index t, Index count, Index batch) {
  return {m.data() + t * batch * m.rows(), m.rows(), count * batch, Eigen::OuterStride<>(m.rows())};
}
/// Step t for Ahead; no data where there is no such step.
template <Real T>
ConstViewOf<T> step_if_any(const MatrixOf<T>& m, Index t, Index batch) {
  const bool there = t >= 0 && (t + 1) * batch <= m.cols();
  return {there ? m.data() + t * batch * m.rows() : nullptr, m.rows(), there ? batch : 0,
          Eigen::OuterStride<>(m.rows())};
}
template <Real T>
ConstViewOf<T> samples_of(const MatrixOf<T>& m, Index t, Index batch, Index first, Index samples) {
  return {m.data() + (t * batch + first) * m.rows(), m.rows(), samples,
          Eigen::OuterStride<>(m.rows())};
}
/// The step of a tape of `steps` whose state step t of the chunk writes.
template <Real T>
Index step_after(const Chunk<T>& chunk, Index t, Index steps) {
  return t + 1 < chunk.count ? chunk.at + t + 1 : steps;
}
/// Scratch of the thread at hand, empty.
template <Real T>
Arena<T>& scratch() {
  thread_local Arena<T> arena;
  arena.clear();
  return arena;
}

}  // namespace lyap::cells
