// plugins/cells/lstm.hpp - long short-term memory with its derivatives written out.
#pragma once
#include "gate_columns.hpp"
#include "lstm_loops.hpp"

namespace lyap::cells {

/// y = W_ih x + b_ih + W_hh h + b_hh in row blocks i, f, g, o; i, f, o = sigmoid, g = tanh;
/// c' = f c + i g, h' = o tanh(c'). State (h, c).
class Lstm : public ByHand {
 public:
  static constexpr About about{"lstm", "1.0.0", "LSTM, PyTorch's gates and names",
                               "Hochreiter and Schmidhuber, Neural Comput. 9 (1997) 1735; "
                               "Vogt et al., Front. Appl. Math. Stat. 8 (2022) 818799, App. B"};
  static void options(Options& o) { Recurrent::options(o); }

  Lstm(const Values& values, Index inputs) : w_(layout, values, inputs, 4), n_(w_.units) {
    layout.state("h", n_);
    layout.state("c", n_);
    layout.remember(4 * n_ + 3 * n_ + inputs);
  }

  template <Real T>
  struct Tape {
    Tape(const Lstm& cell, Index steps, Index batch)
        : batch(batch),
          gates(4 * cell.n_, steps * batch),
          before(2 * cell.n_, steps * batch),
          tanh_c(cell.n_, steps * batch),
          input(cell.w_.inputs, steps * batch) {}
    Index batch;
    Weights<T> weights;
    VectorOf<T> bias;
    MatrixOf<T> gates, before, tanh_c,
        input;              // a column per sample, sample by sample, step by step
    MatrixOf<T> gate_bars;  // of backward; empty until it is called
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    tape.weights = weights;
    tape.bias = w_.input_bias<T>(weights) + w_.state_bias<T>(weights);
  }

  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    const Index B = chunk.batch;
    // The input's share of all steps in one product; only the recurrent one has to wait.
    ViewOf<T> gates = steps_of(tape.gates, chunk.at, chunk.count, B);
    gates.noalias() = tape.weights[w_.weight_ih] * chunk.input;
    gates.colwise() += tape.bias;
    steps_of(tape.input, chunk.at, chunk.count, B) = chunk.input;
    for (Index t = 0; t < chunk.count; ++t) {
      ViewOf<T> before = steps_of(tape.before, chunk.at + t, 1, B);
      before = chunk.before(t);
      ViewOf<T> a = columns(gates, t * B, B), tanh_c = steps_of(tape.tanh_c, chunk.at + t, 1, B);
      a.noalias() += tape.weights[w_.weight_hh] * before.topRows(n_);
      ViewOf<T> after = chunk.after(t);
      for (Index b = 0; b < B; ++b)
        run_wide<LstmValues>(entry(a, 0, b), entry(reading(before), n_, b), entry(tanh_c, 0, b),
                             entry(after, 0, b), entry(after, n_, b), n_);
    }
  }

  template <Real T>
  void push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    ViewOf<T> a_dot = arena.zeros(4 * n_, out.cols());
    if (input.data()) a_dot.noalias() += tape.weights[w_.weight_ih] * input;
    if (state.data()) a_dot.noalias() += tape.weights[w_.weight_hh] * state.topRows(n_);
    const ViewOf<T> still = arena.zeros(n_, 1);
    const Remembered<T> r(*this, tape, at);
    const Index k = out.cols() / at.samples;
    for (Index j = 0; j < out.cols(); ++j)
      run_wide<LstmTangents>(r.gates(j / k), r.c(j / k), r.tanh_c(j / k),
                             entry(reading(a_dot), 0, j),
                             state.data() ? entry(state, n_, j) : entry(reading(still), 0, 0),
                             entry(out, 0, j), entry(out, n_, j), n_);
  }

  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    Arena<T>& arena = scratch<T>();
    const Index k = bar.cols() / at.samples;
    ViewOf<T> a_bar = arena.take(4 * n_, bar.cols()), c_bar = arena.zeros(n_, bar.cols());
    const Remembered<T> r(*this, tape, at);
    for (Index j = 0; j < bar.cols(); ++j)
      run_wide<LstmAdjoints>(r.gates(j / k), r.c(j / k), r.tanh_c(j / k), entry(bar, 0, j),
                             entry(bar, n_, j), entry(a_bar, 0, j), entry(c_bar, 0, j), n_);
    if (state.data()) {
      state.topRows(n_).noalias() = tape.weights[w_.weight_hh].transpose() * a_bar;
      state.bottomRows(n_) = c_bar;
    }
    if (input.data()) input.noalias() = tape.weights[w_.weight_ih].transpose() * a_bar;
    const ConstViewOf<T> sums = w_.per_sample(a_bar, at.samples, arena);
    w_.accumulate(sums, sums, samples_of(tape.input, at.t, tape.batch, at.first, at.samples),
                  rows(samples_of(tape.before, at.t, tape.batch, at.first, at.samples), 0, n_),
                  weight_bars);
  }

  template <Real T>
  void backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    const Index B = tape.batch;
    if (tape.gate_bars.size() == 0) tape.gate_bars.resize(4 * n_, tape.gates.cols());
    ViewOf<T> all = steps_of(tape.gate_bars, at, count, B);
    ViewOf<T> nobody = scratch<T>().zeros(2 * n_, B);
    if (state.data()) state.setZero();
    for (Index t = count - 1; t >= 0; --t) {
      const ViewOf<T> after = columns(bars, t * B, B);
      ViewOf<T> a_bar = columns(all, t * B, B);
      const bool first = t == 0 && !state.data();
      ViewOf<T> before = t > 0 ? columns(bars, (t - 1) * B, B) : first ? nobody : state;
      const Remembered<T> r(*this, tape, {at + t, 0, B});
      for (Index b = 0; b < B; ++b)
        run_wide<LstmAdjoints>(r.gates(b), r.c(b), r.tanh_c(b), entry(reading(after), 0, b),
                               entry(reading(after), n_, b), entry(a_bar, 0, b),
                               entry(before, n_, b), n_);
      if (!first) before.topRows(n_).noalias() += tape.weights[w_.weight_hh].transpose() * a_bar;
    }
    if (input.data()) input.noalias() = tape.weights[w_.weight_ih].transpose() * all;
    w_.accumulate(reading(all), reading(all), reading(steps_of(tape.input, at, count, B)),
                  rows(reading(steps_of(tape.before, at, count, B)), 0, n_), weight_bars);
  }

  /// H_h = sum_g D(d_g) U_g, C_h likewise without o; H_c, C_c diagonal.
  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    T *by_h = arena.take(4 * n_, 1).data(), *by_c = arena.take(3 * n_, 1).data(),
      *diagonal = arena.take(2 * n_, 1).data();
    const Remembered<T> r(*this, tape, {block.t, block.sample, 1});
    run_wide<LstmCoefficients>(r.gates(0), r.c(0), r.tanh_c(0), by_h, by_c, diagonal, n_);

    const Index from = block.rows.empty() ? 0 : block.rows[0];
    const bool whole = block.rows_in_order && from % n_ == 0 && out.rows() % n_ == 0;
    ViewOf<T> aside = arena.take(2 * n_, whole ? 0 : tile);
    const ConstViewOf<T> u = tape.weights[w_.weight_hh];
    for (std::size_t j = 0; j < block.columns.size(); j += tile) {
      const std::span<const Index> now =
          block.columns.subspan(j, std::min(tile, block.columns.size() - j));
      const Index count = static_cast<Index>(now.size());
      ViewOf<T> to = columns(out, static_cast<Index>(j), count);
      ViewOf<T> made = whole ? to : columns(aside, 0, count);
      const Index above = whole ? from : 0, below = whole ? from + out.rows() : 2 * n_;
      if (above == 0) {
        gate_columns<4, T>(u, by_h, n_, now, rows(made, 0, n_));
        put_diagonal(diagonal, now, rows(made, 0, n_));
      }
      if (below == 2 * n_) {
        gate_columns<3, T>(u, by_c, n_, now, rows(made, n_ - above, n_));
        put_diagonal(diagonal + n_, now, rows(made, n_ - above, n_));
      }
      if (!whole) pick_rows(made, block.rows, to);
    }
  }

 private:
  /// What a tape keeps of one step, by sample.
  template <Real T>
  struct Remembered {
    Remembered(const Lstm& cell, const Tape<T>& tape, Point at)
        : tape(tape), n(cell.n_), column(at.t * tape.batch + at.first) {}
    const T* gates(Index s) const { return tape.gates.data() + (column + s) * 4 * n; }
    const T* c(Index s) const { return tape.before.data() + (column + s) * 2 * n + n; }
    const T* tanh_c(Index s) const { return tape.tanh_c.data() + (column + s) * n; }
    const Tape<T>& tape;
    const Index n, column;
  };
  /// Derivatives by c: one entry a column.
  template <Real T>
  void put_diagonal(const T* diagonal, std::span<const Index> columns, ViewOf<T> out) const {
    for (std::size_t j = 0; j < columns.size(); ++j)
      if (const Index i = columns[j] - n_; i >= 0) out(i, static_cast<Index>(j)) = diagonal[i];
  }

  Recurrent w_;
  Index n_;
};

}  // namespace lyap::cells
