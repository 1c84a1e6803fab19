// plugins/analyses/tangent_frame.hpp - orthonormal tangent vectors carried along one sequence, with
// Q and R at every step.
#pragma once
#include <lyap/lyap.hpp>

#include <cmath>
#include <string>
#include <utility>

namespace lyap::analyses {

enum class Orientation { Forward, Transposed };

/// Q_t R_t = J_t Q_{t-1} (transposed: J_t^T Q_{t-1}), R's diagonal >= 0, by a Householder QR at
/// every step: Benettin et al. (1980). One vector needs no J and no QR: r_t = |J_t q_{t-1}|.
/// [one thread per object]
class TangentFrame {
 public:
  /// first: n x k with orthonormal columns; n rows of the scope. `keep_J`: J_t is wanted too.
  TangentFrame(const Host& host, Scope scope, Orientation orientation, Matrix first,
               bool keep_J = false)
      : host_(host),
        scope_(scope),
        orientation_(orientation),
        with_J_(keep_J || first.cols() > 1),
        Q_(std::move(first)),
        next_(Q_.rows(), Q_.cols()),
        R_(Q_.cols(), Q_.cols()),
        diagonal_(Q_.cols()) {
    if (with_J_) J_.resize(Q_.rows(), Q_.rows());
  }

  /// Takes step t of the chunk the pass last ran, for one of its samples. NotFinite names the step
  /// of the chunk.
  void step(const Pass& pass, Index t, Index sample) {
    if (with_J_) pass.jacobian(t, sample, scope_, J_);
    if (Q_.cols() == 1)
      step_one(pass, t, sample);
    else
      step_all();
    if (!diagonal_.allFinite())
      throw NotFinite("the Jacobian of step " + std::to_string(t) +
                      " of the chunk carries tangent vectors to infinity");
  }

  /// n x k after the last step.
  const Matrix& Q() const { return Q_; }
  /// k x k, upper triangular.
  const Matrix& R() const { return R_; }
  /// diag R, k: the R values of the step.
  const Vector& diagonal() const { return diagonal_; }
  /// n x n; empty for one vector unless it was asked for.
  const Matrix& J() const { return J_; }

 private:
  void step_one(const Pass& pass, Index t, Index sample) {
    if (orientation_ == Orientation::Forward)
      pass.push({t, sample, 1}, scope_, Q_, next_);
    else
      pass.pull({t, sample, 1}, scope_, Q_, next_);
    const double length = next_.norm();
    R_(0, 0) = diagonal_[0] = length;
    // A direction that died has no length to divide by: it stays where it was, as a QR would have
    // some unit vector there.
    if (length > 0) Q_ = next_ / length;
  }

  void step_all() {
    if (orientation_ == Orientation::Forward)
      next_.noalias() = J_ * Q_;
    else
      next_.noalias() = J_.transpose() * Q_;
    Q_.swap(next_);
    if (!Q_.allFinite()) {
      diagonal_.setConstant(std::nan(""));
      return;
    }
    host_.qr(Q_, diagonal_, R_);
  }

  const Host& host_;
  Scope scope_;
  Orientation orientation_;
  bool with_J_;
  Matrix Q_, next_, R_, J_;
  Vector diagonal_;
};

}  // namespace lyap::analyses
