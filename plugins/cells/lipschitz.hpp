// plugins/cells/lipschitz.hpp - the Lipschitz RNN: a tanh flow with a linear part, both controlled.
#pragma once
#include "lipschitz_flow.hpp"

namespace lyap::cells {

/// f(h) = alpha A h + tanh(W h + E_in x + b_in), gated: times sigmoid(W h + E_g x + b_g).
/// euler: h' = h + epsilon f(h);  midpoint: h' = h + epsilon f(h + epsilon/2 f(h)).
class Lipschitz final : public AutoCell {
 public:
  static constexpr About about{"lipschitz", "1.0.0", "Lipschitz RNN, plain and gated",
                               "Erichson, Azencot, Queiruga, Hodgkinson and Mahoney, Lipschitz "
                               "recurrent neural networks, ICLR 2021, arXiv:2006.12070"};

  static void options(Options& o) {
    static constexpr const char* solvers[] = {"euler", "midpoint", nullptr};
    LipschitzFlow::options(o, "0.7");
    o.choice("solver", solvers)
        .fallback("euler")
        .doc("one step of Euler's or of the midpoint rule");
    o.flag("gated").fallback("false").doc("with a gate that shares W and adds E_g and b_g");
  }

  Lipschitz(const Values& values, Index inputs)
      : flow_(layout, values, inputs),
        midpoint_(values.is("solver", "midpoint")),
        gated_(values.flag("gated")) {
    h_ = layout.state("h", flow_.units);
    if (!gated_) return;
    E_gate_ = layout.weight("E_g", flow_.units, inputs, linear_init(inputs));
    b_gate_ = layout.weight("b_g", flow_.units, 1, linear_init(inputs));
  }

  void equations(Step& s) const override {
    const WeightSum A = flow_.alpha_A(s), W = flow_.W(s);
    const Value driven = flow_.driven(s);
    const Value driven_gate = gated_ ? s[E_gate_] * s.input() + s[b_gate_] : Value{};
    const auto f = [&](Value h) {
      const Value Wh = W * h, open = A * h + tanh(Wh + driven);
      return gated_ ? open * sigmoid(Wh + driven_gate) : open;
    };
    const Value h = s[h_], here = midpoint_ ? h + flow_.epsilon / 2 * f(h) : h;
    s.next(h_, h + flow_.epsilon * f(here));
  }

 private:
  LipschitzFlow flow_;
  bool midpoint_, gated_;
  StateId h_;
  WeightId E_gate_, b_gate_;
};

}  // namespace lyap::cells
