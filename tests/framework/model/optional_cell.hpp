// tests/framework/model/optional_cell.hpp - a cell by hand with every optional operation of the
// SDK.
//
//   h' = W h + V x + g,  shown: C (h * h),  start: tanh(start) + n/10
//   g is LYAP_LIVE; a projection clears the diagonal of W and mirrors V about where it was
#pragma once
#include <lyap/cell_table.hpp>

namespace optional {

using namespace lyap;

class Cell final : public ByHand {
 public:
  Cell(const Values& values, Index inputs) : n_(values.integer("units")) {
    layout.state("h", n_);
    layout.output_rows(2);
    W_ = layout.weight("W", n_, n_, "orthogonal(0.9)");
    V_ = layout.weight("V", n_, inputs, "normal");
    g_ = layout.weight("g", n_, 1, "normal", LYAP_TRAINABLE | LYAP_LIVE);
    C_ = layout.weight("C", 2, n_, "normal(0, 0.5)");
    start_ = layout.weight("start", n_, 1, "normal");
  }

  template <Real T>
  struct Tape {
    Tape(const Cell& cell, Index steps, Index batch)
        : batch(batch), h(cell.n_, steps * batch), x(MatrixOf<T>()), steps(steps) {}
    Index batch;
    Weights<T> weights;
    MatrixOf<T> h, x;  // before each step
    Index steps;
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    tape.weights = weights;
  }
  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    const Index B = tape.batch;
    tape.x.conservativeResize(chunk.input.rows(), tape.steps * B);
    tape.x.middleCols(chunk.at * B, chunk.count * B) = chunk.input;
    for (Index t = 0; t < chunk.count; ++t) {
      tape.h.middleCols((chunk.at + t) * B, B) = chunk.before(t);
      chunk.after(t) =
          (tape.weights[W_] * chunk.before(t) + tape.weights[V_] * columns(chunk.input, t * B, B))
              .colwise() +
          tape.weights[g_].col(0);
    }
  }
  template <Real T>
  void push(const Tape<T>& tape, Point, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const {
    out.setZero();
    if (state.data()) out += tape.weights[W_] * state;
    if (input.data()) out += tape.weights[V_] * input;
  }
  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& bars) const {
    if (state.data()) state = tape.weights[W_].transpose() * bar;
    if (input.data()) input = tape.weights[V_].transpose() * bar;
    const Index k = bar.cols() / at.samples;
    for (Index j = 0; j < bar.cols(); ++j) {
      const Index column = at.t * tape.batch + at.first + j / k;
      if (bars.wanted(W_)) bars[W_] += bar.col(j) * tape.h.col(column).transpose();
      if (bars.wanted(V_)) bars[V_] += bar.col(j) * tape.x.col(column).transpose();
      if (bars.wanted(g_)) bars[g_] += bar.col(j);
    }
  }

  template <Real T>
  void output(const Weights<T>& weights, const ConstViewOf<T>& state, ViewOf<T> out) const {
    out = weights[C_] * state.cwiseAbs2();
  }
  template <Real T>
  void output_push(const Weights<T>& weights, const ConstViewOf<T>& state,
                   const ConstViewOf<T>& tangent, ViewOf<T> out) const {
    const Index k = tangent.cols() / state.cols();
    for (Index j = 0; j < out.cols(); ++j)
      out.col(j) = 2 * weights[C_] * state.col(j / k).cwiseProduct(tangent.col(j));
  }
  template <Real T>
  void output_pull(const Weights<T>& weights, const ConstViewOf<T>& state,
                   const ConstViewOf<T>& bar, ViewOf<T> state_bar,
                   const WeightBars<T>& bars) const {
    const Index k = bar.cols() / state.cols();
    for (Index j = 0; j < bar.cols(); ++j) {
      const VectorOf<T> back = weights[C_].transpose() * bar.col(j);
      state_bar.col(j) += 2 * state.col(j / k).cwiseProduct(back);
      if (bars.wanted(C_)) bars[C_] += bar.col(j) * state.col(j / k).cwiseAbs2().transpose();
    }
  }

  template <Real T>
  void start(const Weights<T>& weights, const ConstViewOf<T>& normal, ViewOf<T> state) const {
    state.colwise() = weights[start_].col(0).array().tanh().matrix();
    if (normal.data()) state += normal / 10;
  }
  template <Real T>
  void start_pull(const Weights<T>& weights, const ConstViewOf<T>& bar,
                  const WeightBars<T>& bars) const {
    if (bars.wanted(start_))
      bars[start_].array() +=
          (1 - weights[start_].array().tanh().square()) * bar.rowwise().sum().array();
  }

  template <Real T>
  void project(const Projection<T>& step) const {
    step.weight(W_).diagonal().setZero();
    // V: back past where it was, by its own step and the rate times its gradient.
    step.weight(V_) = 2 * step.previous(V_) - step.weight(V_);
    if (step.gradient(V_).data()) step.weight(V_) += T(step.learning_rate) * step.gradient(V_);
  }

 private:
  Index n_;
  WeightId W_, V_, g_, C_, start_;
};

}  // namespace optional
