// plugins/tasks/chaotic_flows.hpp - the flows of Lorenz and of Mackey and Glass, by Runge-Kutta
// steps of fourth order.
#pragma once
#include <lyap/views.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace lyap::tasks {

/// A point of state space that follows its flow.
class Flow {
 public:
  virtual ~Flow() = default;
  /// The variables one observes.
  virtual Vector state() const = 0;
  /// Follows the flow for a time of `steps` internal steps of length h.
  virtual void follow(Index steps) = 0;
};

/// x' = sigma (y - x), y' = x (rho - z) - y, z' = x y - beta z with sigma = 10, rho = 28, beta =
/// 8/3. Lorenz, J. Atmos. Sci. 20 (1963) 130. Exponents 0.9056, 0, -14.5723 per unit of time:
/// Viswanath, Ph.D. thesis, Cornell (1998).
class Lorenz63 final : public Flow {
 public:
  Lorenz63(const Eigen::Vector3d& start, double h) : s_(start), h_(h) {}

  static Eigen::Vector3d derivative(const Eigen::Vector3d& s) {
    return {10 * (s[1] - s[0]), s[0] * (28 - s[2]) - s[1], s[0] * s[1] - 8.0 / 3 * s[2]};
  }
  Vector state() const override { return s_; }
  void follow(Index steps) override {
    for (Index i = 0; i < steps; ++i) {
      const Eigen::Vector3d k1 = derivative(s_), k2 = derivative(s_ + h_ / 2 * k1),
                            k3 = derivative(s_ + h_ / 2 * k2), k4 = derivative(s_ + h_ * k3);
      s_ += h_ / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
  }

 private:
  Eigen::Vector3d s_;
  double h_;
};

/// x'(t) = beta x_tau / (1 + x_tau^n) - gamma x, x_tau = x(t - tau), with beta = 0.2, gamma = 0.1,
/// n = 10. Mackey and Glass, Science 197 (1977) 287. Chaotic at tau = 17: Farmer, Physica D 4
/// (1982) 366.
class MackeyGlass final : public Flow {
 public:
  /// `start`: x at all times up to 0; tau >= h > 0.
  MackeyGlass(double start, double tau, double h)
      : x_(start),
        h_(h),
        delay_(tau / h),
        past_(static_cast<std::size_t>(delay_) + 1, Piece{start, 0, start, 0}) {}

  Vector state() const override { return Vector::Constant(1, x_); }
  void follow(Index steps) override {
    for (Index i = 0; i < steps; ++i) {
      const double begin = delayed(0), middle = delayed(0.5), end = delayed(1), before = x_;
      const double k1 = slope(x_, begin), k2 = slope(x_ + h_ / 2 * k1, middle),
                   k3 = slope(x_ + h_ / 2 * k2, middle), k4 = slope(x_ + h_ * k3, end);
      x_ += h_ / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
      past_[oldest_] = {before, k1, x_, slope(x_, end)};
      oldest_ = (oldest_ + 1) % past_.size();
    }
  }

 private:
  /// One step: x and its slope at both ends.
  struct Piece {
    double x0, slope0, x1, slope1;
  };

  static double slope(double x, double x_tau) {
    return 0.2 * x_tau / (1 + std::pow(x_tau, 10)) - 0.1 * x;
  }
  /// x at `ahead` steps after now - tau: the cubic of the step it falls into, whose error is of the
  /// order of the Runge-Kutta step's.
  double delayed(double ahead) const {
    const double at = static_cast<double>(past_.size()) - delay_ + ahead;
    const auto step = std::min(static_cast<std::size_t>(at), past_.size() - 1);
    const Piece& p = past_[(oldest_ + step) % past_.size()];
    const double u = at - static_cast<double>(step), v = 1 - u;
    return v * v * ((1 + 2 * u) * p.x0 + u * h_ * p.slope0) +
           u * u * ((1 + 2 * v) * p.x1 - v * h_ * p.slope1);
  }

  double x_, h_, delay_;     ///< the delay in steps
  std::vector<Piece> past_;  ///< a ring of the steps of the last tau and the one it ends in
  std::size_t oldest_ = 0;
};

}  // namespace lyap::tasks
