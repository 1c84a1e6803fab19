// plugins/cells/noisy.hpp - the noisy RNN: the flow of the Lipschitz RNN, shaken while it trains.
#pragma once
#include "lipschitz_flow.hpp"

namespace lyap::cells {

/// f(h) = alpha A h + tanh(W h + E_in x + b_in), xi ~ N(0, 1) and u ~ U(0, 1) fresh in every unit.
/// sde: h' = h + epsilon f + sqrt(epsilon) (additive + multiplicative f) xi.
/// repository: h' = h + d m f + additive xi,  m = multiplicative u + 1 - multiplicative, d learned.
/// Without noise xi = 0 and m = 1: validation, and analyses unless they ask for it.
class Noisy final : public AutoCell {
 public:
  static constexpr About about{"noisy", "1.0.0", "noisy RNN, the Lipschitz RNN with noise",
                               "Lim, Erichson, Hodgkinson and Mahoney, Noisy recurrent neural "
                               "networks, NeurIPS 2021, arXiv:2102.04877"};

  static void options(Options& o) {
    static constexpr const char* kinds[] = {"sde", "repository", nullptr};
    LipschitzFlow::options(o, "0.75");
    o.choice("noise", kinds)
        .fallback("sde")
        .doc(
            "sde: the paper's stochastic differential equation, noise grows as sqrt(epsilon); "
            "repository: unscaled noise and a learned step d, which reproduces published "
            "behaviour, that of the authors' code");
    o.real("additive").at_least(0).fallback("0.02").doc("level of additive noise in training");
    o.real("multiplicative")
        .at_least(0)
        .fallback("0.02")
        .doc("level of multiplicative noise in training");
    o.flag("analysis_noise").fallback("false").doc("draw noise in analyses too");
  }

  Noisy(const Values& values, Index inputs)
      : flow_(layout, values, inputs),
        additive_(values.real("additive")),
        multiplicative_(values.real("multiplicative")),
        learned_step_(values.is("noise", "repository")) {
    h_ = layout.state("h", flow_.units);
    layout.normal_noise(flow_.units);
    layout.noise_in_analysis(values.flag("analysis_noise"));
    if (!learned_step_) return;
    layout.uniform_noise(flow_.units);
    d_ = layout.weight("d", flow_.units, 1, "constant(" + shortest(flow_.epsilon) + ")");
  }

  void equations(Step& s) const override {
    // Which operand of a sum comes first is the compiler's choice, and J's rounding follows: the
    // order of the Lipschitz RNN is written out.
    const WeightSum A = flow_.alpha_A(s), W = flow_.W(s);
    const Value driven = flow_.driven(s), h = s[h_], Wh = W * h;
    const Value f = A * h + tanh(Wh + driven);
    s.next(h_, learned_step_ ? by_learned_step(s, h, f) : by_sde(s, h, f));
  }

 private:
  Value by_sde(Step& s, Value h, Value f) const {
    const Value next = h + flow_.epsilon * f;
    if (!s.noisy()) return next;
    const Value shake = (additive_ + multiplicative_ * f) * s.normal();
    return next + std::sqrt(flow_.epsilon) * shake;
  }
  Value by_learned_step(Step& s, Value h, Value f) const {
    const Value moved = diagonal(s[d_]) * f;
    if (!s.noisy()) return h + moved;
    const Value m = multiplicative_ * s.uniform() + (1 - multiplicative_);
    return h + m * moved + additive_ * s.normal();
  }

  LipschitzFlow flow_;
  double additive_, multiplicative_;
  bool learned_step_;
  StateId h_;
  WeightId d_;
};

}  // namespace lyap::cells
