// gradient/frame_history.hpp - Q and R of all steps of one sequence, for those who go back in time.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "frame_settings.hpp"
#include "number_text.hpp"
#include "tangent_frame.hpp"

namespace lyap::gradient {

/// Holds Q_t and R_t (n x n each) of a segment of steps. A sequence that does not fit as a whole
/// is gone through twice: once for Q where every segment begins, once backwards segment by segment.
/// [one thread per object]
class FrameHistory {
 public:
  FrameHistory(const Host& host, const analyses::FrameSettings& frames, Index n, Index steps,
               Index segment)
      : host_(host),
        frames_(frames),
        n_(n),
        steps_(steps),
        segment_(segment),
        begins_(static_cast<std::size_t>((steps + segment - 1) / segment)),
        Q_(n, (segment + 1) * n),
        R_(n, segment * n) {}

  static double bytes(Index n, Index steps, Index segment) {
    const Index kept = steps > segment ? (steps + segment - 1) / segment : 1;
    return static_cast<double>(n * n) * static_cast<double>(2 * segment + 1 + kept) *
           sizeof(double);
  }
  /// The segment that needs least memory: 2 segment + steps / segment matrices.
  static Index least(Index steps) {
    return std::clamp<Index>(std::llround(std::sqrt(static_cast<double>(steps) / 2)), 1, steps);
  }
  /// All steps if `budget` bytes allow it, else the segment that needs least; 0: neither fits.
  static Index segment_for(Index n, Index steps, double budget) {
    for (const Index segment : {steps, least(steps)})
      if (bytes(n, steps, segment) <= budget) return segment;
    return 0;
  }

  /// visit(t, Q_t, R_t) for t = steps .. 0 of the sequence that the pass has run, its only sample;
  /// R_0 has no meaning. first: Q_0.
  template <class Visit>
  void backwards(const Pass& pass, const Matrix& first, Visit&& visit) {
    begins_[0] = first;
    const auto segments = static_cast<Index>(begins_.size());
    for (Index i = 0; i + 1 < segments; ++i) begins_[at(i + 1)] = go_through(pass, i, false);
    for (Index i = segments; i-- > 0;) {
      go_through(pass, i, true);
      for (Index t = end_of(i); t > i * segment_; --t) visit(t, Q(t), R(t));
    }
    visit(Index{0}, Q(0), R_.leftCols(n_));
  }

  /// Fills Q and R of all steps; the segment is the whole sequence.
  void fill(const Pass& pass, const Matrix& first) {
    begins_[0] = first;
    go_through(pass, 0, true);
  }
  /// t = 0 .. steps, within the segment last gone through.
  Matrix::ConstColsBlockXpr Q(Index t) const { return Q_.middleCols((t - begin_) * n_, n_); }
  /// t = 1 .. steps.
  Matrix::ConstColsBlockXpr R(Index t) const { return R_.middleCols((t - begin_ - 1) * n_, n_); }

  Index rows() const { return n_; }
  Index steps() const { return steps_; }

 private:
  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }
  Index end_of(Index i) const { return std::min(steps_, (i + 1) * segment_); }

  /// Q where the segment ends.
  Matrix go_through(const Pass& pass, Index i, bool keep) {
    analyses::TangentFrame frame(host_, frames_.scope, frames_.orientation, begins_[at(i)]);
    begin_ = i * segment_;
    if (keep) Q_.leftCols(n_) = frame.Q();
    for (Index t = begin_ + 1; t <= end_of(i); ++t) {
      if (host_.stopped())
        throw Stopped("the gradient was interrupted; the sequences that were done are not kept");
      frame.step(pass, t, 0);
      if (!keep) continue;
      Q_.middleCols((t - begin_) * n_, n_) = frame.Q();
      R_.middleCols((t - begin_ - 1) * n_, n_) = frame.R();
    }
    return frame.Q();
  }

  const Host& host_;
  const analyses::FrameSettings& frames_;
  Index n_, steps_, segment_, begin_ = 0;
  std::vector<Matrix> begins_;  ///< Q where each segment begins
  Matrix Q_, R_;                ///< side by side: of segment + 1 steps and of segment steps
};

}  // namespace lyap::gradient
