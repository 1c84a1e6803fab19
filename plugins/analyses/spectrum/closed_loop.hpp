// spectrum/closed_loop.hpp - before the loop is closed the inputs drive the network; afterwards one
// wants to know whether it still moves like them.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>

#include "window.hpp"

namespace lyap::spectrum {

/// Mean and variance of every row over all columns seen so far.
class Moments {
 public:
  void add(In columns) {
    if (count_ == 0) {
      shift_ = columns.col(0);
      sum_ = squares_ = Vector::Zero(columns.rows());
    }
    const Matrix shifted = columns.colwise() - shift_;
    sum_ += shifted.rowwise().sum();
    squares_ += shifted.rowwise().squaredNorm();
    count_ += static_cast<double>(columns.cols());
  }
  bool any() const { return count_ > 0; }
  Vector mean() const { return shift_ + sum_ / count_; }
  Vector variance() const {
    return (squares_ / count_ - (sum_ / count_).cwiseAbs2()).cwiseMax(0.0);
  }
  /// Root mean squared distance from the mean, over all rows.
  double spread() const { return std::sqrt(variance().sum()); }

 private:
  Vector shift_, sum_, squares_;  // about the first column, so that large means cancel nothing
  double count_ = 0;
};

/// softmax of every column: what the kernel feeds back of scores of classes.
inline void soften(Matrix& scores) {
  scores.rowwise() -= scores.colwise().maxCoeff().eval();
  scores = scores.array().exp();
  scores.array().rowwise() /= scores.colwise().sum().array().eval();
}

/// How the network moved: what drove it, and what it fed back over the measured steps.
struct Motion {
  Moments driven, closed;
  /// Of classes: what it would have fed back while it was driven.  An expected symbol spreads less
  /// than the symbols themselves however well the network predicts, so the loop is held against
  /// these.
  Moments predicted;

  /// Spread in closed loop over that while driven; 1 when there is nothing to compare.
  double ratio() const {
    const Moments& before = predicted.any() ? predicted : driven;
    if (!before.any() || !closed.any()) return 1;
    return before.spread() > 0 ? closed.spread() / before.spread() : 1;
  }
};

/// States after the window's driven steps from `start`, state x runs; `start` itself when there are
/// none.
inline Matrix synchronised(const Model& model, Drive& drive, const Window& window, Matrix start,
                           Index longest_chunk, Motion& motion) {
  if (window.drive == 0) return start;
  Matrix outputs(model.outputs(), drive.runs());
  Pass pass = model.begin(drive.runs(), longest_chunk, false, "spectrum/noise");
  if (start.cols() > 0)
    pass.start(start);
  else
    pass.start();
  Index count = 0;
  for (Index at = 0; at < window.drive; at += count) {
    count = std::min(window.drive - at, pass.capacity());
    const Matrix& inputs = drive.inputs(at, count);
    motion.driven.add(inputs);
    pass.run(inputs);
    for (Index t = 1; window.classes && t <= count; ++t) {
      pass.output(t, outputs);
      soften(outputs);
      motion.predicted.add(outputs);
    }
  }
  Matrix state(model.state(), drive.runs());
  pass.state(count, state);
  return state;
}

}  // namespace lyap::spectrum
