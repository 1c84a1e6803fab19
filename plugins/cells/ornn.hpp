// plugins/cells/ornn.hpp - recurrent networks whose recurrent matrix is orthogonal, or starts so.
#pragma once
#include "factorised.hpp"
#include "householder.hpp"
#include "initialisers.hpp"
#include "made_recurrent.hpp"

namespace lyap::cells {

/// h' = f(W_ih x + V h + b), J = D(f'(a)) V. V is orthogonal as a product of reflections, nearly so
/// by its singular values, or a free matrix that starts orthogonal. After every step of the
/// optimiser the constraints are restored: reflections to unit length, orthogonal factors by a
/// Cayley step of their own.
class Ornn final : public MadeRecurrent {
 public:
  static constexpr About about{"ornn", "1.0.0", "orthogonal RNN",
                               "Mhammedi et al., ICML 2017; Vorontsov et al., ICML 2017"};
  static void options(Options& o) {
    static constexpr const char* forms[] = {"householder", "factorized", "init", nullptr};
    static constexpr const char* functions[] = {"leaky_relu", "tanh", nullptr};
    static constexpr const char* starts[] = {"learned", "zero", nullptr};
    static constexpr const char* steps[] = {"descent", "published", nullptr};
    o.integer("units").range(1, 8192).fallback("64").doc("number of hidden units N");
    o.choice("param", forms)
        .fallback("householder")
        .doc(
            "V as a product of reflections U; as U D(s) V^T with U, V orthogonal and s = 1 - "
            "margin + 2 margin sigmoid(p); or free and orthogonal at first only");
    o.choice("activation", functions)
        .fallback("leaky_relu")
        .doc("the function f in h' = f(a); leaky_relu has slope 0.1 for negative a");
    o.integer("reflections")
        .range(0, 8192)
        .fallback("0")
        .doc("householder: number of reflections, at most N; 0 = N, of which the last is a sign");
    o.real("margin").range(0, 1).fallback("0").doc(
        "factorized: largest distance of a singular value from 1; 0 = strictly orthogonal");
    o.real("orthogonal_rate")
        .range(0, 1e3)
        .fallback("1e-6")
        .doc(
            "factorized: step size of U and V along their gradients as they are, before any "
            "clipping; 0 = the trainer's learning rate");
    o.choice("cayley", steps)
        .fallback("descent")
        .doc(
            "factorized: a step of U and V against their gradients; `published` reproduces "
            "published behaviour, whose direction lowers the loss only by chance");
    o.choice("start", starts)
        .fallback("learned")
        .doc("the state before the first step: a trained weight `start`, or zero");
  }

  /// Throws std::invalid_argument when there are more reflections than units.
  Ornn(const Values& values, Index inputs)
      : MadeRecurrent(values.integer("units"), inputs,
                      values.is("activation", "tanh") ? Activation::Tanh : Activation::LeakyRelu,
                      "xavier_uniform"),
        form_(values.is("param", "householder")  ? Form::Householder
              : values.is("param", "factorized") ? Form::Factorised
                                                 : Form::Free),
        margin_(values.real("margin")),
        orthogonal_rate_(values.real("orthogonal_rate")),
        cayley_(values.is("cayley", "descent") ? CayleyStep::Descent : CayleyStep::Published) {
    const Index n = values.integer("units");
    if (form_ == Form::Householder) {
      const Index m = values.integer("reflections");
      if (m > n)
        throw std::invalid_argument("'reflections' must be at most 'units', " + std::to_string(n) +
                                    ", not " + std::to_string(m));
      U_ = source("U", n, m == 0 ? n : m, "householder");
    } else if (form_ == Form::Factorised) {
      U_ = source("U", n, n, "orthogonal");
      source("p", n, 1, "zeros");
      V_ = source("V", n, n, "orthogonal");
    } else {
      source("weight_hh", n, n, "orthogonal");
    }
    bias(n, "zeros");
    if (values.is("start", "learned"))
      start_ = layout.weight("start", n, 1,
                             "uniform(" + shortest(std::sqrt(1.5 / static_cast<double>(n))) + ")");
  }

  template <Real T>
  void start(const Weights<T>& weights, const ConstViewOf<T>&, ViewOf<T> state) const {
    if (start_.index < 0)
      state.setZero();
    else
      state.colwise() = weights[start_].col(0);
  }
  template <Real T>
  void start_pull(const Weights<T>&, const ConstViewOf<T>& state_bar,
                  const WeightBars<T>& weight_bars) const {
    if (start_.index >= 0 && weight_bars.wanted(start_))
      weight_bars[start_].col(0) += state_bar.rowwise().sum();
  }

  template <Real T>
  void project(const Projection<T>& step) const {
    if (form_ == Form::Householder) normalise_reflections<T>(step.weight(U_));
    if (form_ != Form::Factorised) return;
    for (const WeightId id : {U_, V_}) {
      const Matrix W = step.previous(id).template cast<double>();
      // Without a gradient there is no direction to go.
      const Matrix G = step.gradient(id).data() ? Matrix(step.gradient(id).template cast<double>())
                                                : Matrix(Matrix::Zero(W.rows(), W.cols()));
      const double rate = orthogonal_rate_ > 0 ? orthogonal_rate_ : step.learning_rate;
      step.weight(id) = cayley_step(W, G, rate, cayley_).template cast<T>();
    }
  }

 private:
  enum class Form { Householder, Factorised, Free };

  std::unique_ptr<Recurrence> recurrence() const override {
    if (form_ == Form::Householder) return std::make_unique<HouseholderRecurrence>();
    if (form_ == Form::Factorised) return std::make_unique<FactorisedRecurrence>(margin_);
    return std::make_unique<FreeRecurrence>();
  }

  Form form_;
  double margin_, orthogonal_rate_;
  CayleyStep cayley_;
  WeightId U_, V_, start_;
};

}  // namespace lyap::cells
