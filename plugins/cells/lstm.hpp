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
    layout.remember(4 * n_ + 2 * n_ + w_.read_rows());
  }

  template <Real T>
  struct Tape {
    Tape(const Lstm& cell, Index steps, Index batch)
        : batch(batch),
          gates(4 * cell.n_, steps * batch),
          c(cell.n_, steps * batch),
          tanh_c(cell.n_, steps * batch),
          read(cell.w_.template room_to_read<T>(steps * batch)) {}
    Index batch;
    Weights<T> weights;
    Panels<T> forward, backward;         // (W_ih, b, W_hh) and W_hh^T
    MatrixOf<T> gates, c, tanh_c, read;  // a column per sample, sample by sample, step by step;
                                         // c before the step
    MatrixOf<T> gate_bars;               // of backward; empty until it is called
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    tape.weights = weights;
    tape.forward.set(w_.side_by_side<T>(weights));
    tape.backward = {};
  }

  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    const Index B = chunk.batch;
    w_.read_input(chunk, steps_of(tape.read, chunk.at, chunk.count, B));
    for (Index t = 0; t < chunk.count; ++t) {
      const Index at = chunk.at + t;
      const ConstViewOf<T> before = chunk.before(t);
      const ViewOf<T> read = steps_of(tape.read, at, 1, B), a = steps_of(tape.gates, at, 1, B),
                      tanh_c = steps_of(tape.tanh_c, at, 1, B), after = chunk.after(t);
      ViewOf<T> c = steps_of(tape.c, at, 1, B);
      w_.state_rows(read) = before.topRows(n_);
      c = before.bottomRows(n_);
      tape.forward.multiply(reading(read), a);
      for (Index b = 0; b < B; ++b)
        run_wide<LstmValues>(entry(a, 0, b), entry(reading(c), 0, b), entry(tanh_c, 0, b),
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
    const ViewOf<T> gradient = w_.gradient_room(4 * n_, weight_bars, arena);
    if (gradient.data())
      add_outer(w_.per_sample(a_bar, at.samples, arena),
                samples_of(tape.read, at.t, tape.batch, at.first, at.samples), gradient);
    w_.hand_on(gradient, 0, weight_bars);
  }

  template <Real T>
  void backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    const Index B = tape.batch;
    if (tape.gate_bars.size() == 0) tape.gate_bars.resize(4 * n_, tape.gates.cols());
    if (tape.backward.rows() == 0) tape.backward.set_transposed(tape.weights[w_.weight_hh]);
    Arena<T>& arena = scratch<T>();
    ViewOf<T> all = steps_of(tape.gate_bars, at, count, B);
    const ViewOf<T> nobody = arena.zeros(2 * n_, B);
    const ViewOf<T> gradient = w_.gradient_room(4 * n_, weight_bars, arena);
    GradientSum<T> sum(gradient);
    if (state.data()) state.setZero();
    for (Index t = count - 1; t >= 0; --t) {
      const ViewOf<T> after = columns(bars, t * B, B);
      ViewOf<T> a_bar = columns(all, t * B, B);
      const bool first = t == 0 && !state.data();
      const ViewOf<T> before = t > 0 ? columns(bars, (t - 1) * B, B) : first ? nobody : state;
      const Remembered<T> r(*this, tape, {at + t, 0, B});
      for (Index b = 0; b < B; ++b)
        run_wide<LstmAdjoints>(r.gates(b), r.c(b), r.tanh_c(b), entry(reading(after), 0, b),
                               entry(reading(after), n_, b), entry(a_bar, 0, b),
                               entry(before, n_, b), n_);
      if (!first) tape.backward.add_product(reading(a_bar), rows(before, 0, n_));
      sum.add_step(reading(a_bar), reading(steps_of(tape.read, at + t, 1, B)));
    }
    if (input.data()) input.noalias() = tape.weights[w_.weight_ih].transpose() * all;
    sum.add_all(reading(all), reading(steps_of(tape.read, at, count, B)));
    w_.hand_on(gradient, 0, weight_bars);
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
    const T* c(Index s) const { return tape.c.data() + (column + s) * n; }
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
