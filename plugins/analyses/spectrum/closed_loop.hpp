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

 private:
  Vector shift_, sum_, squares_;  // about the first column, so that large means cancel nothing
  double count_ = 0;
};

/// How the network moved: what drove it, and its outputs over the measured steps in closed loop.
struct Motion {
  Moments driven, closed;

  /// Standard deviation of the outputs over that of the inputs; 1 when there is nothing to compare.
  double spread() const {
    if (!driven.any() || !closed.any()) return 1;
    const double inputs = driven.variance().sum();
    return inputs > 0 ? std::sqrt(closed.variance().sum() / inputs) : 1;
  }
};

/// States after the window's driven steps from `start`, state x runs; `start` itself when there are
/// none.
inline Matrix synchronised(const Model& model, Drive& drive, const Window& window, Matrix start,
                           Index longest_chunk, Moments& driven) {
  if (window.drive == 0) return start;
  Pass pass = model.begin(drive.runs(), longest_chunk, false, "spectrum/noise");
  if (start.cols() > 0)
    pass.start(start);
  else
    pass.start();
  Index count = 0;
  for (Index at = 0; at < window.drive; at += count) {
    count = std::min(window.drive - at, pass.capacity());
    const Matrix& inputs = drive.inputs(at, count);
    driven.add(inputs);
    pass.run(inputs);
  }
  Matrix state(model.state(), drive.runs());
  pass.state(count, state);
  return state;
}

}  // namespace lyap::spectrum
