// aelle/losses.hpp - what training makes small: reconstruction + alpha * prediction.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>

#include "aelle/architecture.hpp"

namespace lyap::aelle {

enum class Reconstruction { L1, Mse };
enum class Prediction { Mse, L1, Bce };

inline constexpr const char* reconstruction_names[] = {"l1", "mse"};
inline constexpr const char* prediction_names[] = {"mse", "l1", "bce"};

template <class T>
T sign_of(T x) {
  return static_cast<T>((x > 0) - (x < 0));
}

/// Mean over all exponents of all spectra of |r - x| or (r - x)^2.
template <class Made, class Wanted>
double reconstruction_loss(Reconstruction loss, const Eigen::MatrixBase<Made>& made,
                           const Eigen::MatrixBase<Wanted>& wanted) {
  const double sum = loss == Reconstruction::L1 ? (made - wanted).cwiseAbs().sum()
                                                : (made - wanted).cwiseAbs2().sum();
  return sum / static_cast<double>(made.size());
}
/// bar := its derivative by r.
template <Real S, class Made, class Wanted>
void reconstruction_slope(Reconstruction loss, const Eigen::MatrixBase<Made>& made,
                          const Eigen::MatrixBase<Wanted>& wanted, OutOf<S> bar) {
  const S each = S(1) / static_cast<S>(made.size());
  if (loss == Reconstruction::L1)
    bar = (made - wanted).unaryExpr([each](S x) { return each * sign_of(x); });
  else
    bar = 2 * each * (made - wanted);
}

/// What the head says, from its score.
inline double activated(Activation head, double score) {
  if (head == Activation::Sigmoid) return 1 / (1 + std::exp(-score));
  if (head == Activation::Leaky) return score > 0 ? score : leak * score;
  return score;
}
inline double slope(Activation head, double score) {
  if (head == Activation::Sigmoid) return activated(head, score) * activated(head, -score);
  if (head == Activation::Leaky) return score > 0 ? 1 : leak;
  return 1;
}

/// Of one spectrum, and its derivative by the score. The cross entropy -y ln p - (1-y) ln(1-p) of
/// p = sigmoid(score) is softplus(score) - y score, which is never infinite.
struct LossAndSlope {
  double loss, slope;
};
inline LossAndSlope prediction_loss(Prediction loss, Activation head, double score, double target) {
  const double p = activated(head, score), off = p - target;
  switch (loss) {
    case Prediction::L1:
      return {std::abs(off), sign_of(off) * slope(head, score)};
    case Prediction::Bce:
      return {std::max(score, 0.0) + std::log1p(std::exp(-std::abs(score))) - target * score, off};
    default:
      return {off * off, 2 * off * slope(head, score)};
  }
}

}  // namespace lyap::aelle
