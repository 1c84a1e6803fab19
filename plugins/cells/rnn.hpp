// plugins/cells/rnn.hpp - the vanilla recurrent network with its derivatives written out.
#pragma once
#include "gate_columns.hpp"

namespace lyap::cells {

/// h = f(a), written twice, with its slope in a's place.
struct TanhInPlace {
  template <Real T>
  [[gnu::always_inline]] static void run(T* __restrict a, T* __restrict h, T* __restrict h_again,
                                         Index n) {
    for (Index i = 0; i < n; ++i) {
      const T x = a[i];
      h[i] = h_again[i] = elementwise::tanh(x), a[i] = elementwise::tanh_slope(x);
    }
  }
};
struct ReluInPlace {
  template <Real T>
  [[gnu::always_inline]] static void run(T* __restrict a, T* __restrict h, T* __restrict h_again,
                                         Index n) {
    for (Index i = 0; i < n; ++i) {
      const T x = a[i];
      h[i] = h_again[i] = x < 0 ? T(0) : x, a[i] = x > 0 ? T(1) : T(0);
    }
  }
};

struct Product {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict a, const T* __restrict b,
                                         T* __restrict out, Index n) {
    for (Index i = 0; i < n; ++i) out[i] = a[i] * b[i];
  }
};

/// a = W_ih x + b_ih + W_hh h + b_hh, h' = f(a) with f = tanh or relu; J = D(f'(a)) W_hh. The slope
/// of tanh keeps its relative accuracy in saturation, where 1 - h'^2 loses it.
class Rnn : public ByHand {
 public:
  static constexpr About about{"rnn", "1.0.0", "vanilla RNN, PyTorch's names",
                               "Vogt et al., Front. Appl. Math. Stat. 8 (2022) 818799, Eq. (1)"};
  static void options(Options& o) {
    static constexpr const char* functions[] = {"tanh", "relu", nullptr};
    Recurrent::options(o);
    o.choice("activation", functions).fallback("tanh").doc("the function f in h' = f(a)");
  }

  Rnn(const Values& values, Index inputs)
      : w_(layout, values, inputs, 1), n_(w_.units), relu_(values.is("activation", "relu")) {
    layout.state("h", n_);
    layout.remember(n_ + w_.read_rows());
  }

  template <Real T>
  struct Tape {
    Tape(const Rnn& cell, Index steps, Index batch)
        : batch(batch),
          slopes(cell.n_, steps * batch),
          read(cell.w_.template room_to_read<T>(steps, batch)) {}
    Index batch;
    Weights<T> weights;
    Panels<T> forward, backward;  // (W_ih, b, W_hh) and W_hh^T
    MatrixOf<T> slopes, read;     // a column per sample, sample by sample, step by step
    MatrixOf<T> bars;             // of backward, by a, of a few steps
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
    for (Index t = 0; t < chunk.count; ++t) {
      const ViewOf<T> read = steps_of(tape.read, chunk.at + t, 1, B),
                      a = steps_of(tape.slopes, chunk.at + t, 1, B), after = chunk.after(t);
      const Index then = step_after(chunk, t, tape.slopes.cols() / B);
      const ViewOf<T> next = w_.state_rows(steps_of(tape.read, then, 1, B));
      w_.read_input(chunk, t, read);
      tape.forward.multiply(reading(read), a,
                            Ahead(after, next, step_if_any(tape.slopes, chunk.at + t + 1, B)));
      if (relu_)
        run_each_sample<ReluInPlace>(B, n_, walk(a), walk(after), walk(next));
      else
        run_each_sample<TanhInPlace>(B, n_, walk(a), walk(after), walk(next));
    }
  }

  template <Real T>
  void push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const {
    out.setZero();
    if (input.data()) out.noalias() += tape.weights[w_.weight_ih] * input;
    if (state.data()) out.noalias() += tape.weights[w_.weight_hh] * state;
    const ConstViewOf<T> d = samples_of(tape.slopes, at.t, tape.batch, at.first, at.samples);
    const Index k = out.cols() / at.samples;
    for (Index j = 0; j < out.cols(); ++j) out.col(j).array() *= d.col(j / k).array();
  }

  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    Arena<T>& arena = scratch<T>();
    const ConstViewOf<T> d = samples_of(tape.slopes, at.t, tape.batch, at.first, at.samples);
    ViewOf<T> a_bar = arena.take(n_, bar.cols());
    const Index k = bar.cols() / at.samples;
    for (Index j = 0; j < bar.cols(); ++j) a_bar.col(j) = d.col(j / k).cwiseProduct(bar.col(j));
    if (state.data()) state.noalias() = tape.weights[w_.weight_hh].transpose() * a_bar;
    if (input.data()) input.noalias() = tape.weights[w_.weight_ih].transpose() * a_bar;
    const ViewOf<T> gradient = w_.gradient_room(n_, weight_bars, arena);
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
    const ViewOf<T> gradient = w_.gradient_room(n_, weight_bars, scratch<T>());
    const GatheredSteps<T> gathered(tape.bars, n_, B, count);
    if (state.data()) state.setZero();
    for (Index t = count - 1; t >= 0; --t) {
      const ViewOf<T> a_bar = gathered.step(t);
      const ViewOf<T> slopes = steps_of(tape.slopes, at + t, 1, B), after = columns(bars, t * B, B);
      run_each_sample<Product>(B, n_, walk(reading(slopes)), walk(reading(after)), walk(a_bar));
      const ViewOf<T> before = t > 0 ? columns(bars, (t - 1) * B, B) : state;
      if (before.data())
        tape.backward.add_product(reading(a_bar), before,
                                  Ahead(step_if_any(tape.slopes, at + t - 1, B),
                                        step_if_any(tape.read, at + t - gathered.most(), B)));
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

  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    const T* d = samples_of(tape.slopes, block.t, tape.batch, block.sample, 1).data();
    const bool whole = block.rows_in_order && out.rows() == n_;
    ViewOf<T> aside = arena.take(n_, whole ? 0 : tile);
    const ConstViewOf<T> u = tape.weights[w_.weight_hh];
    for (std::size_t j = 0; j < block.columns.size(); j += tile) {
      const std::span<const Index> now =
          block.columns.subspan(j, std::min(tile, block.columns.size() - j));
      ViewOf<T> to = columns(out, static_cast<Index>(j), static_cast<Index>(now.size()));
      gate_columns<1, T>(u, d, n_, now, whole ? to : aside);
      if (!whole) pick_rows(aside, block.rows, to);
    }
  }

 private:
  Recurrent w_;
  Index n_;
  bool relu_;
};

}  // namespace lyap::cells
