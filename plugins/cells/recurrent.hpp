// plugins/cells/recurrent.hpp - what rnn, lstm and gru share: options, weights, their products.
#pragma once
#include <lyap/lyap.hpp>

#include "initialisers.hpp"

namespace lyap::cells {

/// W_ih, W_hh and biases under PyTorch's names, the gates stacked by rows: y = W_ih x + b_ih and
/// W_hh h + b_hh. With one bias there is only bias_ih, with none neither.
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

  /// The biases on the input's side and on the state's; zero where there is none.
  template <Real T>
  VectorOf<T> input_bias(const Weights<T>& weights) const {
    return bias<T>(weights, bias_ih);
  }
  template <Real T>
  VectorOf<T> state_bias(const Weights<T>& weights) const {
    return bias<T>(weights, bias_hh);
  }

  /// Adds up the weights' adjoints of any number of samples: by_input and by_state are the adjoints
  /// of the two products (rows x samples), `input` and `before` what they were products with.
  template <Real T>
  void accumulate(const ConstViewOf<T>& by_input, const ConstViewOf<T>& by_state,
                  const ConstViewOf<T>& input, const ConstViewOf<T>& before,
                  const WeightBars<T>& bars) const {
    if (bars.wanted(weight_ih)) bars[weight_ih].noalias() += by_input * input.transpose();
    if (bars.wanted(weight_hh)) bars[weight_hh].noalias() += by_state * before.transpose();
    if (bias_ih.index >= 0 && bars.wanted(bias_ih))
      bars[bias_ih].col(0) += by_input.rowwise().sum();
    if (bias_hh.index >= 0 && bars.wanted(bias_hh))
      bars[bias_hh].col(0) += by_state.rowwise().sum();
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
  VectorOf<T> bias(const Weights<T>& weights, WeightId id) const {
    if (id.index < 0) return VectorOf<T>::Zero(rows);
    return weights[id].col(0);
  }
};

/// Columns of step t .. t+count-1 of a tape's matrix that keeps `batch` columns a step.
template <Real T>
ViewOf<T> steps_of(MatrixOf<T>& m, Index t, Index count, Index batch) {
  return {m.data() + t * batch * m.rows(), m.rows(), count * batch, Eigen::OuterStride<>(m.rows())};
}
template <Real T>
ConstViewOf<T> samples_of(const MatrixOf<T>& m, Index t, Index batch, Index first, Index samples) {
  return {m.data() + (t * batch + first) * m.rows(), m.rows(), samples,
          Eigen::OuterStride<>(m.rows())};
}
/// Scratch of the thread at hand, empty.
template <Real T>
Arena<T>& scratch() {
  thread_local Arena<T> arena;
  arena.clear();
  return arena;
}

}  // namespace lyap::cells
