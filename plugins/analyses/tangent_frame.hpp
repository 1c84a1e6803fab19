// plugins/analyses/tangent_frame.hpp - orthonormal tangent vectors carried along one sequence, with
// Q and R at every step.
#pragma once
#include <lyap/lyap.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "aligned_lines.hpp"
#include "lower_frame.hpp"

namespace lyap::analyses {

enum class Orientation { Forward, Transposed };

/// What is wanted of every step.
enum class Wanted {
  Lengths,   ///< diag R
  Frame,     ///< Q and R
  FrameAndJ  ///< J too
};

/// Q_t R_t = J_t Q_{t-1} (transposed: J_t^T Q_{t-1}), R's diagonal >= 0, by a Householder QR at
/// every step: Benettin et al. (1980). One vector needs no J and no QR: r_t = |J_t q_{t-1}|.
///
/// diag R alone comes from LU.  With Z_t = Q_t S_t in the place of Q_t, J_t Z_{t-1} = Z_t U_t
/// gives R_t = S_t U_t S_{t-1}^-1, so that r_t = diag S_t |diag U_t| / diag S_{t-1}.
/// [one thread per object]
class TangentFrame {
 public:
  /// What one chunk of steps leaves to the next.
  struct State {
    Matrix Z;  ///< n x k: Q, or what LU has in its place
    std::vector<std::int64_t> order = {};
    Vector lengths = {};  ///< diag S; empty: Z is Q
    bool died = false;    ///< a direction did, so that LU is left for good
  };

  /// first: n x k with orthonormal columns; n rows of the scope.
  TangentFrame(const Host& host, Scope scope, Orientation orientation, Matrix first,
               Wanted wanted = Wanted::Frame)
      : TangentFrame(host, scope, orientation, State{std::move(first)}, wanted) {}
  TangentFrame(const Host& host, Scope scope, Orientation orientation, State begin, Wanted wanted)
      : host_(host),
        scope_(scope),
        orientation_(orientation),
        with_J_(wanted == Wanted::FrameAndJ || begin.Z.cols() > 1),
        died_(begin.died),
        diagonal_(begin.Z.cols()) {
    if (wanted == Wanted::Lengths && begin.Z.cols() > 1 && !died_) {
      by_lu_.emplace(begin, host);
    } else {
      Q_ = std::move(begin.Z);
      prepare_QR();
    }
  }

  /// Takes step t of the chunk the pass last ran, for one of its samples. NotFinite names the step
  /// of the chunk.
  void step(const Pass& pass, Index t, Index sample) {
    if (by_lu_ && !step_by_LU(pass, t, sample)) leave_LU();
    if (!by_lu_) step_by_QR(pass, t, sample);
    if (!diagonal_.allFinite())
      throw NotFinite("the Jacobian of step " + std::to_string(t) +
                      " of the chunk carries tangent vectors to infinity");
  }

  /// To go on from with the same things wanted.
  State state() const {
    if (!by_lu_) return {Q_, {}, {}, died_};
    if (!by_lu_->Z.factored()) return {by_lu_->Z.packed()};
    return {by_lu_->Z.packed(), by_lu_->Z.order(), by_lu_->lengths_before};
  }
  /// n x k after the last step; as all that follows, where it was wanted.
  const Matrix& Q() const { return Q_; }
  /// k x k, upper triangular.
  const Matrix& R() const { return R_; }
  /// diag R, k: the R values of the step.
  const Vector& diagonal() const { return diagonal_; }
  /// n x n; empty for one vector unless it was asked for.
  const Matrix& J() const { return J_; }

 private:
  struct ByLU {
    LowerFrame Z;
    AlignedLines J;
    Vector lengths, pivots, lengths_before;
    ByLU(const State& begin, const Host& host)
        : Z(begin.Z.rows(), begin.Z.cols(), host),
          J(begin.Z.rows(), begin.Z.rows()),
          lengths(begin.Z.cols()),
          pivots(begin.Z.cols()),
          lengths_before(begin.lengths.size() ? begin.lengths : Vector::Ones(begin.Z.cols())) {
      Z.set(begin.Z, begin.lengths.size() ? &begin.order : nullptr);
    }
  };

  /// False when a direction dies, and nothing but the last Z is left to go on from.
  bool step_by_LU(const Pass& pass, Index t, Index sample) {
    ByLU& l = *by_lu_;
    auto J = l.J.columns();
    if (orientation_ == Orientation::Forward) {
      pass.jacobian(t, sample, scope_, J, nullptr, l.Z.column_order());
    } else {
      pass.jacobian(t, sample, scope_, J, l.Z.column_order(), nullptr);
      J.transposeInPlace();
    }
    l.Z.multiply(l.J);
    l.Z.factorise(l.pivots);
    if (l.pivots.cwiseAbs().minCoeff() == 0) return false;
    l.Z.rough_lengths(l.lengths, l.J);
    diagonal_ = l.lengths.array() * (l.pivots.array().abs() / l.lengths_before.array());
    l.lengths_before.swap(l.lengths);
    return true;
  }
  /// Only QR has a unit vector in the place of a direction that died.
  void leave_LU() {
    Q_ = by_lu_->Z.dense_before();
    host_.qr(Q_, diagonal_);
    by_lu_.reset();
    died_ = true;
    prepare_QR();
  }

  void prepare_QR() {
    next_.resize(Q_.rows(), Q_.cols());
    R_.resize(Q_.cols(), Q_.cols());
    if (with_J_) J_.resize(Q_.rows(), Q_.rows());
  }
  void step_by_QR(const Pass& pass, Index t, Index sample) {
    if (with_J_) pass.jacobian(t, sample, scope_, J_);
    if (Q_.cols() == 1)
      step_one(pass, t, sample);
    else
      step_all();
  }
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
  bool with_J_, died_;
  Matrix Q_, next_, R_, J_;
  Vector diagonal_;
  std::optional<ByLU> by_lu_;
};

}  // namespace lyap::analyses
