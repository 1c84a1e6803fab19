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
    layout.remember(4 * n_ + w_.read_rows());
  }

  template <Real T>
  struct Tape {
    Tape(const Gru& cell, Index steps, Index batch)
        : batch(batch),
          gates(4 * cell.n_, steps * batch),
          read(cell.w_.template room_to_read<T>(steps, batch)) {}
    Index batch;
    Weights<T> weights;
    Panels<T> rz, q, m;       // (W_ih, b, W_hh) of r and z, (b_hn, W_hn), (W_in, b_in)
    Panels<T> backward;       // W_hh^T
    MatrixOf<T> gates, read;  // a column per sample, sample by sample, step by step
    MatrixOf<T> bars;         // of backward, by the gates, of a few steps
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    tape.weights = weights;
    tape.rz.set(w_.side_by_side<T>(weights).topRows(2 * n_));
    MatrixOf<T> q(n_, 1 + n_), m(n_, w_.inputs + 1);
    q << w_.state_bias<T>(weights).tail(n_), weights[w_.weight_hh].bottomRows(n_);
    m << weights[w_.weight_ih].bottomRows(n_), w_.input_bias<T>(weights).tail(n_);
    tape.q.set(q);
    tape.m.set(m);
    tape.backward = {};
  }

  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    const Index B = chunk.batch;
    for (Index t = 0; t < chunk.count; ++t) {
      const ViewOf<T> read = steps_of(tape.read, chunk.at + t, 1, B),
                      a = steps_of(tape.gates, chunk.at + t, 1, B), after = chunk.after(t);
      const Index then = step_after(chunk, t, tape.gates.cols() / B);
      const ViewOf<T> next = w_.state_rows(steps_of(tape.read, then, 1, B));
      w_.read_input(chunk, t, read);
      tape.rz.multiply(reading(read), rows(a, 0, 2 * n_),
                       Ahead(after, next, step_if_any(tape.gates, chunk.at + t + 1, B)));
      tape.q.multiply(of_q(reading(read)), rows(a, 2 * n_, n_));
      tape.m.multiply(of_m(reading(read)), rows(a, 3 * n_, n_));
      run_each_sample<GruValues>(B, n_, walk(a), walk(chunk.before(t)), walk(after), walk(next));
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
      run_wide<GruTangents>(
          r.gates(j / k), r.h(j / k), entry(reading(a_dot), 0, j), entry(reading(u_dot), 0, j),
          state.data() ? entry(state, 0, j) : entry(reading(still), 0, 0), entry(out, 0, j), n_);
  }

  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    Arena<T>& arena = scratch<T>();
    const Index k = bar.cols() / at.samples;
    ViewOf<T> a_bar = arena.take(4 * n_, bar.cols()), h_bar = arena.zeros(n_, bar.cols());
    const Remembered<T> r(*this, tape, at);
    for (Index j = 0; j < bar.cols(); ++j)
      run_wide<GruAdjoints>(r.gates(j / k), r.h(j / k), entry(bar, 0, j), entry(a_bar, 0, j),
                            entry(h_bar, 0, j), n_);
    if (state.data()) {
      state = h_bar;
      state.noalias() += tape.weights[w_.weight_hh].transpose() * a_bar.topRows(3 * n_);
    }
    if (input.data()) pull_input(tape, reading(a_bar), input);
    Gradient<T> gradient(*this, weight_bars, arena);
    if (gradient.wanted())
      gradient.add(w_.per_sample(a_bar, at.samples, arena),
                   samples_of(tape.read, at.t, tape.batch, at.first, at.samples));
    gradient.hand_on(weight_bars);
  }

  template <Real T>
  void backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    const Index B = tape.batch;
    if (tape.backward.rows() == 0) tape.backward.set_transposed(tape.weights[w_.weight_hh]);
    Arena<T>& arena = scratch<T>();
    const ViewOf<T> nobody = arena.zeros(n_, B);
    Gradient<T> gradient(*this, weight_bars, arena);
    const GatheredSteps<T> gathered(tape.bars, 4 * n_, B, count);
    if (state.data()) state.setZero();
    for (Index t = count - 1; t >= 0; --t) {
      const ViewOf<T> after = columns(bars, t * B, B), a_bar = gathered.step(t);
      const bool first = t == 0 && !state.data();
      const ViewOf<T> before = t > 0 ? columns(bars, (t - 1) * B, B) : first ? nobody : state;
      const ViewOf<T> h = w_.state_rows(steps_of(tape.read, at + t, 1, B));
      run_each_sample<GruAdjoints>(B, n_, walk(reading(steps_of(tape.gates, at + t, 1, B))),
                                   walk(reading(h)), walk(reading(after)), walk(a_bar),
                                   walk(before));
      if (!first)
        tape.backward.add_product(rows(reading(a_bar), 0, 3 * n_), before,
                                  Ahead(step_if_any(tape.gates, at + t - 1, B),
                                        step_if_any(tape.read, at + t - gathered.most(), B)));
      gathered.hand_on(t, [&](Index from, Index steps, const ConstViewOf<T>& a_bars) {
        if (input.data()) pull_input(tape, a_bars, columns(input, from * B, steps * B));
        if (gradient.wanted())
          gradient.add(a_bars, reading(steps_of(tape.read, at + from, steps, B)));
      });
    }
    gradient.hand_on(weight_bars);
  }

  /// J = D(z) + D(d_r) U_r + D(d_z) U_z + D(d_n r) U_n.
  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    const Remembered<T> r(*this, tape, {block.t, block.sample, 1});
    T* d = arena.take(3 * n_, 1).data();
    run_wide<GruCoefficients>(r.gates(0), r.h(0), d, n_);
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
        : gates_(samples_of(tape.gates, at.t, tape.batch, at.first, at.samples)),
          h_(rows(samples_of(tape.read, at.t, tape.batch, at.first, at.samples), cell.w_.inputs + 1,
                  cell.n_)) {}
    const T* gates(Index s) const { return entry(gates_, 0, s); }
    const T* h(Index s) const { return entry(h_, 0, s); }

   private:
    ConstViewOf<T> gates_, h_;
  };

  /// Of the rows x, 1, h: what the products of q and of m read.
  template <Real T>
  ConstViewOf<T> of_q(const ConstViewOf<T>& read) const {
    return rows(read, w_.inputs, 1 + n_);
  }
  template <Real T>
  ConstViewOf<T> of_m(const ConstViewOf<T>& read) const {
    return rows(read, 0, w_.inputs + 1);
  }

  /// Gradients by the weights of the three products.
  template <Real T>
  class Gradient {
   public:
    Gradient(const Gru& cell, const WeightBars<T>& bars, Arena<T>& arena)
        : cell_(cell),
          n_(cell.n_),
          by_rz_(cell.w_.gradient_room(2 * n_, bars, arena)),
          by_q_(wanted() ? arena.zeros(n_, 1 + n_) : by_rz_),
          by_m_(wanted() ? arena.zeros(n_, cell.w_.inputs + 1) : by_rz_) {}
    bool wanted() const { return by_rz_.data(); }

    /// a_bar: 4 n x samples, read: x, 1, h of the same samples.
    void add(const ConstViewOf<T>& a_bar, const ConstViewOf<T>& read) {
      add_outer(rows(a_bar, 0, 2 * n_), read, by_rz_);
      add_outer(rows(a_bar, 2 * n_, n_), cell_.of_q(read), by_q_);
      add_outer(rows(a_bar, 3 * n_, n_), cell_.of_m(read), by_m_);
    }
    void hand_on(const WeightBars<T>& bars) const {
      if (!wanted()) return;
      const Recurrent& w = cell_.w_;
      w.hand_on(by_rz_, 0, bars);
      const auto last = [&](WeightId id) { return bars[id].bottomRows(n_); };
      if (bars.wanted(w.weight_hh)) last(w.weight_hh) += by_q_.rightCols(n_);
      if (bars.wanted(w.weight_ih)) last(w.weight_ih) += by_m_.leftCols(w.inputs);
      if (w.has(w.bias_hh) && bars.wanted(w.bias_hh)) last(w.bias_hh) += by_q_.col(0);
      if (w.has(w.bias_ih) && bars.wanted(w.bias_ih)) last(w.bias_ih) += by_m_.col(w.inputs);
    }

   private:
    const Gru& cell_;
    const Index n_;
    ViewOf<T> by_rz_, by_q_, by_m_;
  };

  /// input = W_ih^T (r, z, m rows of a_bar).
  template <Real T>
  void pull_input(const Tape<T>& tape, const ConstViewOf<T>& a_bar, ViewOf<T> input) const {
    const ConstViewOf<T> w = tape.weights[w_.weight_ih];
    input.noalias() = w.topRows(2 * n_).transpose() * a_bar.topRows(2 * n_);
    input.noalias() += w.bottomRows(n_).transpose() * a_bar.bottomRows(n_);
  }

  Recurrent w_;
  Index n_;
};

}  // namespace lyap::cells
