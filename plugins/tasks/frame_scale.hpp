// plugins/tasks/frame_scale.hpp - columns of motion capture that vary, in units of their deviation.
#pragma once
#include <lyap/border.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "frame_windows.hpp"

namespace lyap::tasks {

/// x -> (x - mean) / standard deviation over the training frames, for the columns of a file whose
/// standard deviation is 1e-4 or more: the others are joints that do not move. Li et al. (2018).
class FrameScale {
 public:
  /// The first `features` columns that vary, 0 = all.  BadOption: more than there are.
  FrameScale(const std::vector<Footage>& training, Index features, bool center) {
    Index frames = 0;
    Vector sum = Vector::Zero(training.front().frames.rows()), squares = sum;
    for (const Footage& each : training)
      sum += each.frames.rowwise().sum(), frames += each.frames.cols();
    mean_ = sum / static_cast<double>(frames);
    for (const Footage& each : training)
      squares += (each.frames.colwise() - mean_).rowwise().squaredNorm();
    deviation_ = (squares / static_cast<double>(frames)).cwiseSqrt();
    if (!center) mean_.setZero();
    for (Index column = 0; column < deviation_.size(); ++column)
      if (deviation_(column) >= least) columns_.push_back(column);
    const Index varying = std::ssize(columns_);
    if (varying == 0 || features > varying)
      throw BadOption("`features: " + std::to_string(features) + "` asks for more than the " +
                      std::to_string(varying) + " columns that vary over the training frames; " +
                      (varying > 0 ? "lower it, or 0 for all" : "get the files again"));
    if (features > 0) columns_.resize(static_cast<std::size_t>(features));
  }

  /// features x frames, every `downsample`-th frame from the first.
  Matrix operator()(const Matrix& frames, Index downsample) const {
    const Index count = (frames.cols() + downsample - 1) / downsample;
    Matrix scaled = frames(columns_, Eigen::seqN(0, count, downsample));
    scaled.colwise() -= mean_(columns_);
    scaled.array().colwise() /= deviation_(columns_).array();
    return scaled;
  }

  /// Counted from 0.
  const std::vector<Index>& columns() const { return columns_; }

 private:
  static constexpr double least = 1e-4;
  Vector mean_, deviation_;
  std::vector<Index> columns_;
};

}  // namespace lyap::tasks
