// plugins/cells/rank1.hpp - the sparse rate network of FORCE learning, by hand.
#pragma once
#include <cmath>

#include "last_rates.hpp"
#include "recurrent.hpp"
#include "sparse_matrix.hpp"

namespace lyap::cells {

/// x' = x + (dt/tau) (-x + g M r + w_f u), r = tanh(x), and the readout sees r. The feedback is
/// carried: in closed loop u is the output z = w_o.r of the step before, and the kernel composes
///   J = (1 - dt/tau) E + (dt/tau) (g M + w_f w_o^T) D(1 - r^2).
/// With `feedback: inside` the cell has w.r itself and u stands beside it, g M r + w_f (w.r) +
/// W_in u. `derivative: lae` gives the matrix of AeLLE's published code in the place of J, which is
/// not the derivative of this map and is there to reproduce its spectra alone: in closed loop
///   D(1 - x'^2) ((dt/tau) g M + w_f w_o^T), x' the state after the step.
/// With `coordinates: r` the state is r and J becomes D(1 - r'^2) J D(1 - r^2)^-1.
class Rank1 : public ByHand {
 public:
  static constexpr About about{"rank1", "1.0.0", "rate network with rank-one feedback, for FORCE",
                               "Sussillo and Abbott, Neuron 63 (2009) 544, Eqs. (1) and (2)"};
  static void options(Options& o) {
    static constexpr const char* feedbacks[] = {"loop", "inside", nullptr};
    static constexpr const char* coordinates[] = {"x", "r", nullptr};
    static constexpr const char* derivatives[] = {"exact", "lae", nullptr};
    o.integer("units").range(1, 8192).fallback("512").doc("number of units N");
    o.real("gain").range(0, 1e3).fallback("1.4").doc("g, in front of the recurrent matrix M");
    o.real("dt").range(1e-9, 1e3).fallback("0.1").doc("model time of a step");
    o.real("tau").range(1e-9, 1e9).fallback("1").doc("time constant of a unit");
    o.choice("feedback", feedbacks)
        .fallback("loop")
        .doc("loop: the input is the output of the step before; inside: the cell has w_f (w.r)");
    o.choice("coordinates", coordinates)
        .fallback("x")
        .doc("the state is x or r = tanh(x); exponents differ in finite time only");
    o.choice("derivative", derivatives)
        .fallback("exact")
        .doc("exact: J; lae: the matrix that AeLLE's published code takes for it, which is wrong");
    o.real("start_std").range(0, 1e3).fallback("0.5").doc("standard deviation of x at the start");
  }

  Rank1(const Values& values, Index inputs)
      : n_(values.integer("units")),
        inputs_(inputs),
        leak_(values.real("dt") / values.real("tau")),
        gain_(values.real("gain")),
        start_std_(values.real("start_std")),
        in_rates_(values.is("coordinates", "r")),
        as_published_(values.is("derivative", "lae")) {
    const bool inside = values.is("feedback", "inside");
    if (as_published_ && (inside || in_rates_))
      throw BadOption("`derivative: lae` is that of `feedback: loop` and `coordinates: x`");
    layout.state(in_rates_ ? "r" : "x", n_);
    layout.output_rows(n_);
    recurrent_ = layout.weight("M", n_, n_, "sparse_normal(0.1)");
    if (inside) reading_ = layout.weight("w", n_, 1, "zeros");
    if (inside) feedback_ = layout.weight("w_f", n_, 1, "uniform(-1, 1)");
    input_ = layout.weight(inside ? "W_in" : "w_f", n_, inputs, "uniform(-1, 1)");
    layout.remember((has_slope() ? 2 : 3) * n_ + inputs);
  }

  template <Real T>
  struct Tape {
    Tape(const Rank1& cell, Index steps, Index batch)
        : batch(batch),
          rates(cell.n_, steps * batch),
          before(cell.has_slope() ? cell.n_ : 0, steps * batch),
          x_by_state(cell.has_slope() ? 0 : cell.n_, steps * batch),
          state_by_x(x_by_state.rows(), steps * batch),
          input(cell.inputs_, steps * batch) {}
    Index batch;
    Weights<T> weights;
    SparseMatrix<T> sparse;
    bool is_sparse = false;
    // A column per sample, sample by sample, step by step: r before the step; the state x before
    // it, where dr/ds is not 1 (its slope is taken when derivatives are asked for); dx/ds before
    // the step and ds'/dx' after it, where they are not 1.
    MatrixOf<T> rates, before, x_by_state, state_by_x, input;
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    tape.weights = weights;
    tape.is_sparse = tape.sparse.read(weights[recurrent_], most_entries);
  }

  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    const Index B = chunk.batch;
    steps_of(tape.input, chunk.at, chunk.count, B) = chunk.input;
    for (Index t = 0; t < chunk.count; ++t) {
      const auto of_step = [&](MatrixOf<T>& m) { return steps_of(m, chunk.at + t, 1, B); };
      ViewOf<T> r = of_step(tape.rates), after = chunk.after(t);
      if (has_slope()) of_step(tape.before) = chunk.before(t);
      enter(chunk.before(t), after, r, of_step(tape.x_by_state));
      add_rates(tape, reading(r), after);
      add_input(tape, columns(chunk.input, t * B, B), after);
      leave(after, of_step(tape.state_by_x));
    }
  }

  template <Real T>
  void push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const {
    Arena<T>& arena = scratch<T>();
    out.setZero();
    if (state.data()) {
      ViewOf<T> r = arena.take(n_, out.cols());
      r = state, out = state;
      scale_by_slopes(tape, at, r, arena);
      scale(tape.x_by_state, tape, at, out);
      out *= T(1 - leak_);
      add_rates(tape, reading(r), out);
    }
    if (input.data()) out.noalias() += T(input_slope()) * tape.weights[input_] * input;
    scale(tape.state_by_x, tape, at, out);
  }

  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    Arena<T>& arena = scratch<T>();
    ViewOf<T> x = arena.take(n_, bar.cols());  // adjoints of x'
    x = bar;
    scale(tape.state_by_x, tape, at, x);
    if (input.data()) input.noalias() = T(input_slope()) * tape.weights[input_].transpose() * x;
    if (state.data()) {
      ViewOf<T> r = arena.zeros(n_, bar.cols());
      add_rates_bar(tape, reading(x), r);
      state = T(1 - leak_) * x;
      scale(tape.x_by_state, tape, at, state);
      scale_by_slopes(tape, at, r, arena);
      state += r;
    }
    accumulate(tape, at, x, weight_bars, arena);
  }

  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
    const auto of_sample = [&](const MatrixOf<T>& m) {
      return samples_of(m, block.t, tape.batch, block.sample, 1);
    };
    const auto x = of_sample(tape.x_by_state), outer = of_sample(tape.state_by_x);
    Arena<T>& arena = scratch<T>();
    ViewOf<T> column = arena.take(n_, 1), r = arena.take(n_, 1);
    r.setOnes();
    scale_by_slopes(tape, {block.t, block.sample, 1}, r, arena);
    for (Index j = 0; j < out.cols(); ++j) {
      const Index c = block.columns[static_cast<std::size_t>(j)];
      column.setZero();
      add_column(tape, c, T(leak_) * r(c, 0), column);
      column(c, 0) += T(1 - leak_) * (x.rows() ? x(c, 0) : 1);
      if (outer.rows()) column.array() *= outer.array();
      for (Index i = 0; i < out.rows(); ++i)
        out(i, j) = column(block.rows[static_cast<std::size_t>(i)], 0);
    }
  }

  template <Real T>
  void output(const Weights<T>&, const ConstViewOf<T>& state, ViewOf<T> out) const {
    if (in_rates_)
      out = state;
    else
      last_rates<T>().make(state, out);
  }
  template <Real T>
  void output_push(const Weights<T>&, const ConstViewOf<T>& state, const ConstViewOf<T>& tangent,
                   ViewOf<T> out) const {
    out = tangent;
    if (has_slope()) scale_columns(slopes(state, scratch<T>()), out);
  }
  template <Real T>
  void output_pull(const Weights<T>&, const ConstViewOf<T>& state, const ConstViewOf<T>& bar,
                   ViewOf<T> state_bar, const WeightBars<T>&) const {
    if (!has_slope()) return void(state_bar += bar);
    const ConstViewOf<T> slope = slopes(state, scratch<T>());
    const Index k = bar.cols() / state.cols();
    for (Index j = 0; j < bar.cols(); ++j)
      state_bar.col(j) += slope.col(j / k).cwiseProduct(bar.col(j));
  }

  template <Real T>
  void start(const Weights<T>&, const ConstViewOf<T>& normal, ViewOf<T> state) const {
    state.setZero();
    if (!normal.data()) return;
    state = T(start_std_) * normal;
    if (in_rates_) elementwise::apply<elementwise::Tanh>(reading(state), state);
  }

 private:
  /// (1 - dt/tau) x, r and dx/ds of a state s. What the published code takes for dx/ds: no leak.
  template <Real T>
  void enter(const ConstViewOf<T>& s, ViewOf<T> x, ViewOf<T> r, ViewOf<T> x_by_state) const {
    if (in_rates_) {
      r = s;
      x = T(1 - leak_) * s.unaryExpr([](T rate) { return std::atanh(rate); });
      x_by_state = s.unaryExpr([](T rate) { return 1 / ((1 - rate) * (1 + rate)); });
    } else {
      x = T(1 - leak_) * s;
      last_rates<T>().get(s, r);
      if (as_published_) x_by_state.setZero();
    }
  }
  /// s and ds/dx of x, s in its place. What the published code takes for ds/dx: 1 - x^2, in the
  /// place of the slope and after the step.
  template <Real T>
  void leave(ViewOf<T> x, ViewOf<T> state_by_x) const {
    if (as_published_) state_by_x = x.unaryExpr([](T value) { return 1 - value * value; });
    if (!in_rates_) return;
    elementwise::apply<elementwise::TanhSlope>(reading(x), state_by_x);
    elementwise::apply<elementwise::Tanh>(reading(x), x);
  }

  /// Of the thread at hand.
  template <Real T>
  static LastRates<T>& last_rates() {
    thread_local LastRates<T> last;
    return last;
  }

  double input_slope() const { return as_published_ ? 1 : leak_; }
  /// Whether dr/ds is the slope of tanh; else it is taken for 1, and dx/ds and ds'/dx' are not 1.
  bool has_slope() const { return !in_rates_ && !as_published_; }

  /// x += (dt/tau) (g M r + w_f (w.r))
  template <Real T>
  void add_rates(const Tape<T>& tape, const ConstViewOf<T>& r, ViewOf<T> x) const {
    const T factor = T(leak_ * gain_);
    if (tape.is_sparse)
      tape.sparse.add_product(factor, r, x);
    else
      x.noalias() += factor * tape.weights[recurrent_] * r;
    if (feedback_.index < 0) return;
    for (Index j = 0; j < r.cols(); ++j)
      x.col(j) +=
          T(leak_) * tape.weights[reading_].col(0).dot(r.col(j)) * tape.weights[feedback_].col(0);
  }
  /// r += (dt/tau) (g M^T x + w (w_f.x))
  template <Real T>
  void add_rates_bar(const Tape<T>& tape, const ConstViewOf<T>& x, ViewOf<T> r) const {
    const T factor = T(leak_ * gain_);
    if (tape.is_sparse)
      tape.sparse.add_transposed(factor, x, r);
    else
      r.noalias() += factor * tape.weights[recurrent_].transpose() * x;
    if (feedback_.index < 0) return;
    for (Index j = 0; j < x.cols(); ++j)
      r.col(j) +=
          T(leak_) * tape.weights[feedback_].col(0).dot(x.col(j)) * tape.weights[reading_].col(0);
  }
  /// to += factor (g M + w_f w^T)(., c)
  template <Real T>
  void add_column(const Tape<T>& tape, Index c, T factor, ViewOf<T> to) const {
    if (tape.is_sparse)
      tape.sparse.add_column(c, T(gain_) * factor, to.data());
    else
      to += T(gain_) * factor * tape.weights[recurrent_].col(c);
    if (feedback_.index >= 0)
      to += factor * tape.weights[reading_](c, 0) * tape.weights[feedback_].col(0);
  }
  template <Real T>
  void add_input(const Tape<T>& tape, const ConstViewOf<T>& input, ViewOf<T> x) const {
    x.noalias() += T(leak_) * tape.weights[input_] * input;
  }

  /// Weight bars from the adjoints of x', k columns a sample.
  template <Real T>
  void accumulate(const Tape<T>& tape, Point at, const ViewOf<T>& x, const WeightBars<T>& bars,
                  Arena<T>& arena) const {
    ViewOf<T> sums = arena.zeros(n_, at.samples);
    const Index k = x.cols() / at.samples;
    for (Index j = 0; j < x.cols(); ++j) sums.col(j / k) += T(leak_) * x.col(j);
    const auto r = samples_of(tape.rates, at.t, tape.batch, at.first, at.samples);
    const auto u = samples_of(tape.input, at.t, tape.batch, at.first, at.samples);
    if (bars.wanted(recurrent_)) bars[recurrent_].noalias() += T(gain_) * sums * r.transpose();
    if (bars.wanted(input_)) bars[input_].noalias() += sums * u.transpose();
    for (Index b = 0; feedback_.index >= 0 && b < at.samples; ++b) {
      if (bars.wanted(feedback_))
        bars[feedback_].col(0) += tape.weights[reading_].col(0).dot(r.col(b)) * sums.col(b);
      if (bars.wanted(reading_))
        bars[reading_].col(0) += tape.weights[feedback_].col(0).dot(sums.col(b)) * r.col(b);
    }
  }

  /// 1 - tanh(x)^2
  template <Real T>
  ConstViewOf<T> slopes(const ConstViewOf<T>& x, Arena<T>& arena) const {
    ViewOf<T> slope = arena.take(n_, x.cols());
    elementwise::apply<elementwise::TanhSlope>(x, slope);
    return reading(slope);
  }
  /// Times dr/ds.
  template <Real T>
  void scale_by_slopes(const Tape<T>& tape, Point at, ViewOf<T> out, Arena<T>& arena) const {
    if (has_slope())
      scale_columns(slopes(samples_of(tape.before, at.t, tape.batch, at.first, at.samples), arena),
                    out);
  }
  /// Column j of `out` times column j / k of the factors, k columns a sample.
  template <Real T>
  static void scale_columns(const ConstViewOf<T>& factors, ViewOf<T> out) {
    const Index k = out.cols() / factors.cols();
    for (Index j = 0; j < out.cols(); ++j) out.col(j).array() *= factors.col(j / k).array();
  }
  /// Times factors that are kept, or 1.
  template <Real T>
  static void scale(const MatrixOf<T>& factors, const Tape<T>& tape, Point at, ViewOf<T> out) {
    if (factors.rows())
      scale_columns(samples_of(factors, at.t, tape.batch, at.first, at.samples), out);
  }

  // Beyond this BLAS wins. [512 units, one entry in ten: 7 us for one column, gemv 27; 1.1 ms for
  // 512 columns, gemm 5.7. Three in ten: 20 us and 26; 3.4 ms and 5.7]
  static constexpr double most_entries = 0.33;

  Index n_, inputs_;
  double leak_, gain_, start_std_;
  bool in_rates_, as_published_;
  WeightId recurrent_, reading_, feedback_, input_;
};

}  // namespace lyap::cells
