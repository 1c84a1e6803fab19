// plugins/cells/made_recurrent.hpp - what ornn and nnrnn share: a recurrent network whose recurrent
// matrix is made from other weights when they are bound.
#pragma once
#include <array>
#include <memory>

#include "recurrence.hpp"

namespace lyap::cells {

enum class Activation { Tanh, LeakyRelu, ModRelu };

/// h' = f(W x + V h + b), recorded, with V as if it were a weight; modReLU has its b inside f.
class RecurrentEquations final : public AutoCell {
 public:
  RecurrentEquations(Index units, Index inputs, Activation activation) : activation_(activation) {
    W_ = layout.weight("W", units, inputs, "zeros");
    V_ = layout.weight("V", units, units, "zeros");
    b_ = layout.weight("b", units, 1, "zeros");
    h_ = layout.state("h", units);
    rehearse(inputs, false);
  }

  void equations(Step& s) const override {
    const Value a = s[W_] * s.input() + s[V_] * s[h_];
    switch (activation_) {
      case Activation::Tanh:
        return s.next(h_, tanh(a + s[b_]));
      case Activation::LeakyRelu:
        return s.next(h_, leaky_relu(a + s[b_], 0.1));
      case Activation::ModRelu:
        // sign(a) max(|a| + b, 0), written so that the slope is 1 wherever |a| + b > 0: at a = 0,
        // where a network that starts from rest stays while its input is zero, |a| has none.
        return s.next(h_, sign(relu(abs(a) + s[b_])) * (a + diagonal(s[b_]) * sign(a)));
    }
  }

 private:
  Activation activation_;
  WeightId W_, V_, b_;
  StateId h_;
};

/// Passes steps and derivatives on to the equations, with V made from the cell's own weights, and
/// takes the adjoint of V back to them.
class MadeRecurrent : public ByHand {
 public:
  virtual ~MadeRecurrent() = default;

  template <Real T>
  struct Tape {
    Tape(const MadeRecurrent& cell, Index steps, Index batch)
        : inner(cell.equations_, steps, batch), recurrence(cell.recurrence()) {}
    AutoCell::Tape<T> inner;
    std::unique_ptr<Recurrence> recurrence;
    MatrixOf<T> V;
    std::array<lyap_const_matrix, 3> weights;  // of the equations: W, V, b
  };

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const {
    std::vector<Matrix> wide;
    for (const WeightId id : sources_) wide.push_back(weights[id].template cast<double>());
    tape.V = tape.recurrence->make(wide).template cast<T>();
    tape.weights = {lend(weights[weight_ih_]), lend(std::as_const(tape.V)), lend(weights[bias_])};
    equations_.bind<T>(tape.inner, Weights<T>(tape.weights.data()));
  }
  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const {
    equations_.step<T>(tape.inner, chunk);
  }
  template <Real T>
  void push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const {
    equations_.push<T>(tape.inner, at, state, input, out);
  }
  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
    equations_.jacobian<T>(tape.inner, block, out);
  }
  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    through_recurrence(tape, weight_bars, [&](const WeightBars<T>& bars) {
      equations_.pull<T>(tape.inner, at, bar, state, input, bars);
    });
  }
  template <Real T>
  void backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                ViewOf<T> input, const WeightBars<T>& weight_bars) const {
    through_recurrence(tape, weight_bars, [&](const WeightBars<T>& inner) {
      equations_.backward<T>(tape.inner, at, count, bars, state, input, inner);
    });
  }

 protected:
  /// Declares weight_ih; the cell then declares what V is made from, and last its bias.
  MadeRecurrent(Index units, Index inputs, Activation activation, const std::string& init)
      : equations_(units, inputs, activation) {
    layout.state("h", units);
    layout.remember(equations_.layout.shape(inputs, LYAP_ANALYTIC).tape_rows);
    weight_ih_ = layout.weight("weight_ih", units, inputs, init);
  }
  WeightId source(const std::string& name, Index rows, Index cols, const std::string& init) {
    sources_.push_back(layout.weight(name, rows, cols, init));
    return sources_.back();
  }
  void bias(Index units, const std::string& init) { bias_ = layout.weight("bias", units, 1, init); }
  /// How V is made from the sources; one for each tape.
  virtual std::unique_ptr<Recurrence> recurrence() const = 0;

 private:
  template <Real T, class Adjoint>
  void through_recurrence(const Tape<T>& tape, const WeightBars<T>& weight_bars,
                          Adjoint&& adjoint) const {
    const bool wanted = std::any_of(sources_.begin(), sources_.end(),
                                    [&](WeightId id) { return weight_bars.wanted(id); });
    MatrixOf<T> V_bar = MatrixOf<T>::Zero(wanted ? tape.V.rows() : 0, wanted ? tape.V.cols() : 0);
    ViewOf<T> by_input = weight_bars[weight_ih_], by_bias = weight_bars[bias_];
    const std::array<lyap_matrix, 3> inner{lend(by_input), lend(V_bar), lend(by_bias)};
    adjoint(WeightBars<T>(inner.data()));
    if (!wanted) return;
    const std::vector<Matrix> bars = tape.recurrence->pull(V_bar.template cast<double>());
    for (std::size_t i = 0; i < sources_.size(); ++i)
      if (weight_bars.wanted(sources_[i])) weight_bars[sources_[i]] += bars[i].template cast<T>();
  }

  RecurrentEquations equations_;
  WeightId weight_ih_, bias_;
  std::vector<WeightId> sources_;
};

}  // namespace lyap::cells
