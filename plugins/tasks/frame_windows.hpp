// plugins/tasks/frame_windows.hpp - stretches of consecutive frames, numbered.
#pragma once
#include <lyap/views.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace lyap::tasks {

/// Consecutive frames of one file.
struct Footage {
  std::string path;
  Matrix frames;  ///< numbers of a frame x frames
};

/// Every stretch of `length` frames, footage after footage and start after start. Numbers 0 ..
/// count-1 are spread evenly over all of them; at first each has one number.
class FrameWindows {
 public:
  FrameWindows() = default;
  FrameWindows(const std::vector<Footage>& footage, Index length) {
    for (const Footage& each : footage)
      for (Index start = 0; start + length <= each.frames.cols(); ++start)
        starts_.push_back({&each.frames, start});
    count_ = std::ssize(starts_);
  }

  Index count() const { return count_; }
  void renumber(Index count) { count_ = count; }
  /// How many of the numbered stretches are different.
  Index distinct() const { return std::min<Index>(count_, std::ssize(starts_)); }

  /// Frame `t` of stretch `number`.
  auto frame(Index number, Index t) const {
    const Start& start = starts_[static_cast<std::size_t>(number * std::ssize(starts_) / count_)];
    return start.frames->col(start.first + t);
  }

 private:
  struct Start {
    const Matrix* frames;
    Index first;
  };
  std::vector<Start> starts_;
  Index count_ = 0;
};

}  // namespace lyap::tasks
