// plugins/cells/gru.hpp - gated recurrent unit with its derivatives written out.
#pragma once
#include "gate_columns.hpp"
#include "gru_loops.hpp"

namespace lyap::cells {

/// a = W_ih x + b_ih, u = W_hh h + b_hh in row blocks r, z, n; r, z = sigmoid(a + u),
/// n = tanh(a_n + r u_n), h' = (1 - z) n + z h. The bias of the state's product stands inside
/// r (.), so that the two biases are not one.
class Gru : public ByHand {
 public:
  static constexpr About about{"gru", "1.0.0", "GRU, PyTorch's gates and names",
                               "Cho et al., EMNLP (2014) 1724, Eqs. (5) to (8), reset after the "
                               "product as in cuDNN"};
  static void options(Options& o) { Recurrent::options(o); }

  Gru(const Values& values, Index inputs) : w_(layout, values, inputs, 3), n_(w_.units) {
    layout.state("h", n_);
    layout.remember(3 * n_ + 2 * n_ + inputs);
  }

  template <Real T>
  struct Tape {
    Tape(const Gru& cell, Index steps, Index batch)
        : batch(batch),
          gates(3 * cell.n_, steps * batch),
          inner(cell.n_, steps * batch),
          before(cell.n_, steps * batch),
          input(cell.w_.inputs, steps * batch),
          by_state(3 * cell.n_, batch) {}
    Index batch;
    Weights<T> weights;
    VectorOf<T> input_bias, state_bias;
    MatrixOf<T> gates, inner, before, input;  // a column per sample, sample by sample, step by step
    MatrixOf<T> by_state;                     // W_hh h of the step at hand
    MatrixOf<T> a_bars, u_bars;               // of backward; empty until it is called
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    tape.weights = weights;
    tape.input_bias = w_.input_bias<T>(weights);
    tape.state_bias = w_.state_bias<T>(weights);
  }

  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    const Index B = chunk.batch;
    // The input's share of all steps in one product; only the recurrent one has to wait.
    ViewOf<T> gates = steps_of(tape.gates, chunk.at, chunk.count, B);
    gates.noalias() = tape.weights[w_.weight_ih] * chunk.input;
    gates.colwise() += tape.input_bias;
    steps_of(tape.input, chunk.at, chunk.count, B) = chunk.input;
    const T* bias = tape.state_bias.data();
    const ViewOf<T> u = steps_of(tape.by_state, 0, 1, B);
    for (Index t = 0; t < chunk.count; ++t) {
      ViewOf<T> before = steps_of(tape.before, chunk.at + t, 1, B);
      before = chunk.before(t);
      tape.by_state.noalias() = tape.weights[w_.weight_hh] * before;
      const ViewOf<T> a = columns(gates, t * B, B),
                      inner = steps_of(tape.inner, chunk.at + t, 1, B);
      const ViewOf<T> after = chunk.after(t);
      for (Index b = 0; b < B; ++b)
        run_wide<GruValues>(entry(a, 0, b), entry(reading(u), 0, b), bias,
                            entry(reading(before), 0, b), entry(inner, 0, b), entry(after, 0, b),
                            n_);
    }
  }

  template <Real T>
  void push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    ViewOf<T> a_dot = arena.zeros(3 * n_, out.cols()), u_dot = arena.zeros(3 * n_, out.cols());
    if (input.data()) a_dot.noalias() += tape.weights[w_.weight_ih] * input;
    if (state.data()) u_dot.noalias() += tape.weights[w_.weight_hh] * state;
    const ViewOf<T> still = arena.zeros(n_, 1);
    const Remembered<T> r(*this, tape, at);
    const Index k = out.cols() / at.samples;
    for (Index j = 0; j < out.cols(); ++j)
      run_wide<GruTangents>(r.gates(j / k), r.inner(j / k), r.h(j / k), entry(reading(a_dot), 0, j),
                            entry(reading(u_dot), 0, j),
                            state.data() ? entry(state, 0, j) : entry(reading(still), 0, 0),
                            entry(out, 0, j), n_);
  }

  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    Arena<T>& arena = scratch<T>();
    const Index k = bar.cols() / at.samples;
    ViewOf<T> a_bar = arena.take(3 * n_, bar.cols()), u_bar = arena.take(3 * n_, bar.cols()),
              h_bar = arena.zeros(n_, bar.cols());
    const Remembered<T> r(*this, tape, at);
    for (Index j = 0; j < bar.cols(); ++j)
      run_wide<GruAdjoints>(r.gates(j / k), r.inner(j / k), r.h(j / k), entry(bar, 0, j),
                            entry(a_bar, 0, j), entry(u_bar, 0, j), entry(h_bar, 0, j), n_);
    if (state.data()) {
      state = h_bar;
      state.noalias() += tape.weights[w_.weight_hh].transpose() * u_bar;
    }
    if (input.data()) input.noalias() = tape.weights[w_.weight_ih].transpose() * a_bar;
    w_.accumulate(w_.per_sample(a_bar, at.samples, arena), w_.per_sample(u_bar, at.samples, arena),
                  samples_of(tape.input, at.t, tape.batch, at.first, at.samples),
                  samples_of(tape.before, at.t, tape.batch, at.first, at.samples), weight_bars);
  }

  template <Real T>
  void backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    const Index B = tape.batch;
    if (tape.a_bars.size() == 0) {
      tape.a_bars.resize(3 * n_, tape.gates.cols());
      tape.u_bars.resize(3 * n_, tape.gates.cols());
    }
    ViewOf<T> by_a = steps_of(tape.a_bars, at, count, B);
    ViewOf<T> by_u = steps_of(tape.u_bars, at, count, B);
    ViewOf<T> nobody = scratch<T>().zeros(n_, B);
    if (state.data()) state.setZero();
    for (Index t = count - 1; t >= 0; --t) {
      const ViewOf<T> after = columns(bars, t * B, B), a_bar = columns(by_a, t * B, B),
                      u_bar = columns(by_u, t * B, B);
      const bool first = t == 0 && !state.data();
      ViewOf<T> before = t > 0 ? columns(bars, (t - 1) * B, B) : first ? nobody : state;
      const Remembered<T> r(*this, tape, {at + t, 0, B});
      for (Index b = 0; b < B; ++b)
        run_wide<GruAdjoints>(r.gates(b), r.inner(b), r.h(b), entry(reading(after), 0, b),
                              entry(a_bar, 0, b), entry(u_bar, 0, b), entry(before, 0, b), n_);
      if (!first) before.noalias() += tape.weights[w_.weight_hh].transpose() * u_bar;
    }
    if (input.data()) input.noalias() = tape.weights[w_.weight_ih].transpose() * by_a;
    w_.accumulate(reading(by_a), reading(by_u), reading(steps_of(tape.input, at, count, B)),
                  reading(steps_of(tape.before, at, count, B)), weight_bars);
  }

  /// J = D(z) + D(d_r) U_r + D(d_z) U_z + D(d_n r) U_n.
  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    const Remembered<T> r(*this, tape, {block.t, block.sample, 1});
    T* d = arena.take(3 * n_, 1).data();
    run_wide<GruCoefficients>(r.gates(0), r.inner(0), r.h(0), d, n_);
    const T* z = r.gates(0) + n_;
    const bool whole = block.rows_in_order && out.rows() == n_;
    ViewOf<T> aside = arena.take(n_, whole ? 0 : tile);
    const ConstViewOf<T> u = tape.weights[w_.weight_hh];
    for (std::size_t j = 0; j < block.columns.size(); j += tile) {
      const std::span<const Index> now =
          block.columns.subspan(j, std::min(tile, block.columns.size() - j));
      ViewOf<T> to = columns(out, static_cast<Index>(j), static_cast<Index>(now.size()));
      ViewOf<T> made = whole ? to : aside;
      gate_columns<3, T>(u, d, n_, now, made);
      for (std::size_t i = 0; i < now.size(); ++i) made(now[i], static_cast<Index>(i)) += z[now[i]];
      if (!whole) pick_rows(made, block.rows, to);
    }
  }

 private:
  /// What a tape keeps of one step, by sample.
  template <Real T>
  struct Remembered {
    Remembered(const Gru& cell, const Tape<T>& tape, Point at)
        : tape(tape), n(cell.n_), column(at.t * tape.batch + at.first) {}
    const T* gates(Index s) const { return tape.gates.data() + (column + s) * 3 * n; }
    const T* inner(Index s) const { return tape.inner.data() + (column + s) * n; }
    const T* h(Index s) const { return tape.before.data() + (column + s) * n; }
    const Tape<T>& tape;
    const Index n, column;
  };

  Recurrent w_;
  Index n_;
};

}  // namespace lyap::cells
