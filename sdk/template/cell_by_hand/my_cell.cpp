// my_cell.cpp - a vanilla recurrent network with its derivatives written out.
#include <lyap/lyap.hpp>

using lyap::ConstViewOf, lyap::Index, lyap::MatrixOf, lyap::ViewOf;

/// h' = tanh(a), a = U x + V h + b; dh' = D da with D = diag(1 - h'^2).
class MyCell final : public lyap::ByHand {
 public:
  static constexpr lyap::About about{
      "my_cell", "0.1.0", "vanilla RNN, h' = tanh(U x + V h + b)",
      "Vogt et al., Front. Appl. Math. Stat. 8 (2022) 818799, Eq. (1)"};

  static void options(lyap::Options& o) {
    o.integer("units").range(1, 8192).fallback("64").doc("hidden units N");
  }

  MyCell(const lyap::Values& values, Index inputs)
      : units_(values.integer("units")), inputs_(inputs) {
    layout.state("h", units_);
    U_ = layout.weight("weight_ih", units_, inputs, "xavier_normal");
    V_ = layout.weight("weight_hh", units_, units_, "orthogonal");
    b_ = layout.weight("bias", units_, 1, "zeros");
    layout.remember(inputs + 2 * units_);  // numbers a sample and step, of the tape below
  }

  /// What derivatives need of `steps` steps; column t*batch + b is sample b at step t.
  template <lyap::Real T>
  struct Tape {
    Tape(const MyCell& cell, Index steps, Index batch)
        : batch(batch),
          input(cell.inputs_, steps * batch),
          before(cell.units_, steps * batch),
          after(cell.units_, steps * batch) {}
    /// Columns of `kept` for a call with k directions a sample: each sample's column k times.
    MatrixOf<T> columns(const MatrixOf<T>& kept, lyap::Point at, Index count) const {
      MatrixOf<T> out(kept.rows(), count);
      const Index first = at.t * batch + at.first, k = count / at.samples;
      for (Index j = 0; j < count; ++j) out.col(j) = kept.col(first + j / k);
      return out;
    }
    Index batch;
    lyap::Weights<T> weights;
    MatrixOf<T> input, before, after;
  };

  template <lyap::Real T>
  void bind(Tape<T>& tape, const lyap::Weights<T>& weights) const {
    tape.weights = weights;
  }

  template <lyap::Real T>
  void step(Tape<T>& tape, const lyap::Chunk<T>& chunk) const {
    const auto& w = tape.weights;
    for (Index t = 0; t < chunk.count; ++t) {
      const Index first = (chunk.at + t) * chunk.batch;
      auto x = tape.input.middleCols(first, chunk.batch);
      auto h = tape.before.middleCols(first, chunk.batch);
      x = chunk.input.middleCols(t * chunk.batch, chunk.batch);
      h = chunk.before(t);
      const MatrixOf<T> a = (w[U_] * x + w[V_] * h).colwise() + w[b_].col(0);
      chunk.after(t) = tape.after.middleCols(first, chunk.batch) = a.array().tanh();
    }
  }

  /// out = D (V dh + U dx)
  template <lyap::Real T>
  void push(const Tape<T>& tape, lyap::Point at, const ConstViewOf<T>& state,
            const ConstViewOf<T>& input, ViewOf<T> out) const {
    out.setZero();
    if (state.data()) out.noalias() += tape.weights[V_] * state;
    if (input.data()) out.noalias() += tape.weights[U_] * input;
    out.array() *= 1 - tape.columns(tape.after, at, out.cols()).array().square();
  }

  /// state = V^T D bar, input = U^T D bar, and the weights' share.
  template <lyap::Real T>
  void pull(const Tape<T>& tape, lyap::Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const lyap::WeightBars<T>& weight_bars) const {
    const Index count = bar.cols();
    const MatrixOf<T> a = (1 - tape.columns(tape.after, at, count).array().square()) * bar.array();
    if (state.data()) state.noalias() = tape.weights[V_].transpose() * a;
    if (input.data()) input.noalias() = tape.weights[U_].transpose() * a;
    if (weight_bars.wanted(U_))
      weight_bars[U_] += a * tape.columns(tape.input, at, count).transpose();
    if (weight_bars.wanted(V_))
      weight_bars[V_] += a * tape.columns(tape.before, at, count).transpose();
    if (weight_bars.wanted(b_)) weight_bars[b_] += a.rowwise().sum();
  }

 private:
  Index units_, inputs_;
  lyap::WeightId U_, V_, b_;
};

LYAP_PLUGINS(MyCell)
