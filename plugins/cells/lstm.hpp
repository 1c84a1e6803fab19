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
          c(cell.n_, (steps + 1) * batch),
          tanh_c(cell.n_, steps * batch),
          read(cell.w_.template room_to_read<T>(steps, batch)) {}
    Index batch;
    Weights<T> weights;
    Panels<T> forward, backward;         // (W_ih, b, W_hh) and W_hh^T
    MatrixOf<T> gates, c, tanh_c, read;  // a column per sample, sample by sample, step by step;
                                         // c before the step
    MatrixOf<T> gate_bars;               // of backward, of a few steps
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
    ViewOf<T> first = steps_of(tape.c, chunk.at, 1, B);
    first = chunk.state.bottomRows(n_);
    for (Index t = 0; t < chunk.count; ++t) {
      const Index at = chunk.at + t, then = step_after(chunk, t, tape.gates.cols() / B);
      const ViewOf<T> read = steps_of(tape.read, at, 1, B), a = steps_of(tape.gates, at, 1, B),
                      c = steps_of(tape.c, at, 1, B), tanh_c = steps_of(tape.tanh_c, at, 1, B),
                      after = chunk.after(t), next_c = steps_of(tape.c, then, 1, B),
                      next_h = w_.state_rows(steps_of(tape.read, then, 1, B));
      w_.read_input(chunk, t, read);
      tape.forward.multiply(
          reading(read), a,
          Ahead(tanh_c, after, next_c, step_if_any(tape.gates, at + 1, B), next_h));
      run_each_sample<LstmValues>(B, n_, walk(a), walk(reading(c)), walk(tanh_c), walk(after),
                                  walk(after, n_), walk(next_h), walk(next_c));
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
    if (tape.backward.rows() == 0) tape.backward.set_transposed(tape.weights[w_.weight_hh]);
    Arena<T>& arena = scratch<T>();
    const ViewOf<T> nobody = arena.zeros(2 * n_, B);
    const ViewOf<T> gradient = w_.gradient_room(4 * n_, weight_bars, arena);
    const GatheredSteps<T> gathered(tape.gate_bars, 4 * n_, B, count);
    if (state.data()) state.setZero();
    for (Index t = count - 1; t >= 0; --t) {
      const ViewOf<T> after = columns(bars, t * B, B), a_bar = gathered.step(t);
      const bool first = t == 0 && !state.data();
      const ViewOf<T> before = t > 0 ? columns(bars, (t - 1) * B, B) : first ? nobody : state;
      const auto kept = [&](MatrixOf<T>& m) { return walk(reading(steps_of(m, at + t, 1, B))); };
      run_each_sample<LstmAdjoints>(B, n_, kept(tape.gates), kept(tape.c), kept(tape.tanh_c),
                                    walk(reading(after)), walk(reading(after), n_), walk(a_bar),
                                    walk(before, n_));
      const auto earlier = [&](const MatrixOf<T>& m, Index steps) {
        return step_if_any(m, at + t - steps, B);
      };
      if (!first)
        tape.backward.add_product(
            reading(a_bar), rows(before, 0, n_),
            Ahead(earlier(tape.gates, 1), earlier(tape.c, 1), earlier(tape.tanh_c, 1),
                  earlier(tape.read, gathered.most())));
      gathered.hand_on(t, [&](Index from, Index steps, const ConstViewOf<T>& a_bars) {
        if (input.data())
          columns(input, from * B, steps * B).noalias() =
              tape.weights[w_.weight_ih].transpose() * a_bars;
        if (gradient.data())
          add_outer(a_bars, reading(steps_of(tape.read, at + from, steps, B)), gradient);
      });
    }
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
