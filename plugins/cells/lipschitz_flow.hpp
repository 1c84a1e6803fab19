// plugins/cells/lipschitz_flow.hpp - what Lipschitz and noisy RNNs share: dh/dt = alpha A h +
// tanh(W h + E_in x + b_in).
#pragma once
#include "initialisers.hpp"
#include "square_product.hpp"

namespace lyap::cells {

/// A = M(B; beta_a, gamma_a), W = M(C; beta_w, gamma_w) with
/// M(B; beta, gamma) = beta (B - B^T) + (1 - beta)(B + B^T) - gamma E: skew for beta = 1, symmetric
/// for beta = 0.
class LipschitzFlow {
 public:
  static void options(Options& o, const char* beta) {
    static constexpr const char* beta_doc =
        "share of the skew part: M(B) = beta (B - B^T) + (1 - beta)(B + B^T) - gamma E";
    o.integer("units").range(1, 8192).fallback("64").doc("number of hidden units N");
    o.real("beta_a").range(0, 1).fallback(beta).doc(beta_doc);
    o.real("gamma_a").at_least(0).fallback("0.001").doc("damping of A = M(B)");
    o.real("beta_w").range(0, 1).fallback(beta).doc(beta_doc);
    o.real("gamma_w").at_least(0).fallback("0.001").doc("damping of W = M(C)");
    o.real("epsilon").at_least(0).fallback("0.1").doc("time step");
    o.real("alpha").fallback("1").doc("weight of the linear part A h");
    SquareProduct::options(o);
  }

  LipschitzFlow(Layout& layout, const Values& values, Index inputs)
      : units(values.integer("units")),
        epsilon(values.real("epsilon")),
        product_(values),
        alpha_(values.real("alpha")),
        beta_a_(values.real("beta_a")),
        gamma_a_(values.real("gamma_a")),
        beta_w_(values.real("beta_w")),
        gamma_w_(values.real("gamma_w")) {
    // The authors' init_std / N is a standard deviation, with init_std = 0.1.
    const std::string init = normal_init(0.1 / static_cast<double>(units));
    B_ = layout.weight("B", units, units, init);
    C_ = layout.weight("C", units, units, init);
    E_ = layout.weight("E_in", units, inputs, linear_init(inputs));
    b_ = layout.weight("b_in", units, 1, linear_init(inputs));
  }

  WeightSum alpha_A(Step& s) const { return product_(alpha_ * square(s[B_], beta_a_, gamma_a_)); }
  WeightSum W(Step& s) const { return product_(square(s[C_], beta_w_, gamma_w_)); }
  /// E_in x + b_in
  Value driven(Step& s) const { return s[E_] * s.input() + s[b_]; }

  const Index units;
  const double epsilon;

 private:
  /// The factors of B and B^T in M, collected.
  static WeightSum square(const WeightSum& B, double beta, double gamma) {
    return B + (1 - 2 * beta) * transpose(B) - gamma * identity(B.rows);
  }

  SquareProduct product_;
  double alpha_, beta_a_, gamma_a_, beta_w_, gamma_w_;
  WeightId B_, C_, E_, b_;
};

}  // namespace lyap::cells
