// plugins/cells/nnrnn.hpp - the non-normal recurrent network: modReLU and a Schur form.
#pragma once
#include "made_recurrent.hpp"
#include "skew_exponential.hpp"

namespace lyap::cells {

/// V = R^T with R = P S P^T, P = exp(A) orthogonal and S in real Schur form: rotations by theta_i
/// times gamma_i in 2 x 2 blocks on the diagonal, T above. A = L - L^T, L the part of log_P above
/// its diagonal.                                                          Kerg et al., NeurIPS 2019
class SchurRecurrence final : public Recurrence {
 public:
  /// `whole_upper`: T also has the upper right entry of every block.
  explicit SchurRecurrence(bool whole_upper) : whole_upper_(whole_upper) {}

  /// Weights: log_P (n x n), theta, gamma (n/2 x 1), T (n x n).
  Matrix make(const std::vector<Matrix>& weights) override {
    const Matrix L = weights[0].triangularView<Eigen::StrictlyUpper>();
    exponential_ = SkewExponential(L - L.transpose());
    P_ = exponential_.value();
    theta_ = weights[1], gamma_ = weights[2];
    S_ = masked(weights[3]);
    for (Index i = 0; i < theta_.size(); ++i) {
      const double c = std::cos(theta_(i)), s = std::sin(theta_(i));
      S_.block<2, 2>(2 * i, 2 * i) += gamma_(i) * (Eigen::Matrix2d() << c, -s, s, c).finished();
    }
    return P_ * S_.transpose() * P_.transpose();
  }

  std::vector<Matrix> pull(const Matrix& V_bar) const override {
    const Matrix S_bar = P_.transpose() * V_bar.transpose() * P_;
    const Matrix P_bar = V_bar * P_ * S_ + V_bar.transpose() * P_ * S_.transpose();
    const Matrix A_bar = exponential_.pull(P_bar);
    const Matrix L_bar = (A_bar - A_bar.transpose()).triangularView<Eigen::StrictlyUpper>();
    Matrix theta_bar(theta_.size(), 1), gamma_bar(theta_.size(), 1);
    for (Index i = 0; i < theta_.size(); ++i) {
      const Eigen::Matrix2d b = S_bar.block<2, 2>(2 * i, 2 * i);
      const double c = std::cos(theta_(i)), s = std::sin(theta_(i));
      const double along = b(0, 0) + b(1, 1), across = b(1, 0) - b(0, 1);
      gamma_bar(i) = c * along + s * across;
      theta_bar(i) = gamma_(i) * (c * across - s * along);
    }
    return {L_bar, theta_bar, gamma_bar, masked(S_bar)};
  }

 private:
  Matrix masked(const Matrix& T) const {
    Matrix upper = T.triangularView<Eigen::StrictlyUpper>();
    for (Index i = 0; !whole_upper_ && i + 1 < upper.rows(); i += 2) upper(i, i + 1) = 0;
    return upper;
  }

  bool whole_upper_;
  SkewExponential exponential_;
  Matrix P_, S_;
  Vector theta_, gamma_;
};

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
