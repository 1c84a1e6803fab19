// plugins/cells/nnrnn.hpp - the non-normal recurrent network: modReLU and a Schur form.
#pragma once
#include "made_recurrent.hpp"
#include "schur.hpp"

namespace lyap::cells {

/// h' = modReLU(W_ih x + R^T h), modReLU(v) = sign(v) max(|v| + b, 0); J = D(|v| + b > 0) R^T. What
/// is trained is the skew logarithm of P, with its exact gradient: P stays orthogonal by itself.
class Nnrnn final : public MadeRecurrent {
 public:
  static constexpr About about{"nnrnn", "1.0.0", "non-normal RNN with modReLU, by its Schur form",
                               "Kerg et al., NeurIPS 32 (2019)"};
  static void options(Options& o) {
    static constexpr const char* uppers[] = {"above_blocks", "above_diagonal", nullptr};
    o.integer("units").range(2, 8192).fallback("64").doc("number of hidden units N, even");
    o.choice("upper", uppers)
        .fallback("above_blocks")
        .doc(
            "entries of T that count; `above_diagonal` reproduces published behaviour, where T "
            "also has the upper right entry of every 2 x 2 block");
    o.real("orthogonal_rate")
        .range(0, 1e3)
        .fallback("2e-5")
        .doc(
            "learning rate of log_P: its step of the optimiser is scaled by this over the "
            "trainer's rate; 0 = the trainer's rate");
    o.real("gamma_penalty")
        .range(0, 1e3)
        .fallback("0.1")
        .doc(
            "delta: each step draws gamma to 1 by 2 delta rate (gamma - 1), the gradient step of "
            "the published penalty delta sum (gamma - 1)^2, past the optimiser");
    o.real("upper_decay")
        .range(0, 1e3)
        .fallback("1e-4")
        .doc("each step shrinks T by this times the learning rate, past the optimiser");
  }

  /// Throws std::invalid_argument when the number of units is odd.
  Nnrnn(const Values& values, Index inputs)
      : MadeRecurrent(values.integer("units"), inputs, Activation::ModRelu, "xavier_normal"),
        whole_upper_(values.is("upper", "above_diagonal")),
        orthogonal_rate_(values.real("orthogonal_rate")),
        gamma_penalty_(values.real("gamma_penalty")),
        upper_decay_(values.real("upper_decay")) {
    const Index n = values.integer("units");
    if (n % 2 != 0)
      throw std::invalid_argument("'units' must be even, for blocks of two, not " +
                                  std::to_string(n));
    log_P_ = source("log_P", n, n, "cayley");
    source("theta", n / 2, 1, "uniform(0, 6.283185307179586)");
    gamma_ = source("gamma", n / 2, 1, "ones");
    T_ = source("T", n, n, "zeros");
    bias(n, "uniform(-0.01, 0.01)");
  }

  template <Real T>
  void project(const Projection<T>& step) const {
    if (orthogonal_rate_ > 0) {
      const T share = static_cast<T>(orthogonal_rate_ / step.learning_rate);
      const auto before = step.previous(log_P_);
      step.weight(log_P_) = before + share * (step.weight(log_P_) - before);
    }
    const auto shrink = [&](WeightId id, double towards, double strength) {
      step.weight(id).array() -= static_cast<T>(strength * step.learning_rate) *
                                 (step.previous(id).array() - static_cast<T>(towards));
    };
    shrink(gamma_, 1, 2 * gamma_penalty_);
    shrink(T_, 0, upper_decay_);
  }

 private:
  std::unique_ptr<Recurrence> recurrence() const override {
    return std::make_unique<SchurRecurrence>(whole_upper_);
  }

  bool whole_upper_;
  double orthogonal_rate_, gamma_penalty_, upper_decay_;
  WeightId log_P_, gamma_, T_;
};

}  // namespace lyap::cells
