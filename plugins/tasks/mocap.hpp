// plugins/tasks/mocap.hpp - human motion: the next frame of a motion capture recording.
#pragma once
#include <lyap/plugin.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "frame_scale.hpp"
#include "frame_windows.hpp"
#include "recordings.hpp"
#include "splits.hpp"

namespace lyap::tasks {

/// x_t is a frame of joint angles, the target the frame after it. The windows of a split are all
/// there are, numbered in the order of the files.
class Mocap final : public Task {
 public:
  static constexpr About about{
      "mocap", "1.0.0", "Prediction of the next frame of CMU motion capture recordings",
      "Vogt, Puelma Touzel, Shlizerman and Lajoie, Front. Appl. Math. Stat. 8 (2022) 818799; files "
      "and scaling of Li, Zhang, Lee and Lee (2018), arXiv:1805.00655; data from mocap.cs.cmu.edu"};

  static void options(Options& o) {
    static const char* const splits[] = {"frames", "files", nullptr};
    static const char* const targets[] = {"frame", "change", nullptr};
    static const char* const switches[] = {"on", "off", nullptr};
    o.text("folder")
        .fallback("cmu_mocap")
        .doc(
            "folder with train/ and test/, and in both a folder for each action: below the data "
            "folders "
            "(--data, LYAP_DATA) or absolute");
    o.texts("actions")
        .fallback("[basketball, soccer, walking, jumping]")
        .doc("folders to read; Vogt et al. take these four");
    o.choice("split", splits)
        .fallback("frames")
        .doc(
            "frames: the first 80 % of the frames of every file are trained on, the rest is the "
            "validation split; files: the files in train/ and those in test/. The test split is "
            "the "
            "validation split again");
    o.integer("downsample")
        .range(1, 1e6)
        .fallback("2")
        .unit("frames")
        .doc("every so many-th frame is kept");
    o.integer("window").range(1, 1e6).fallback("25").unit("steps").doc("length of a sequence");
    o.choice("target", targets)
        .fallback("frame")
        .doc(
            "frame: the next frame, as Vogt et al. say; change: the next frame minus this one. "
            "Both "
            "have the same errors, but a network need not learn to copy its input first, which "
            "keeps "
            "it above persistence here: Martinez, Black and Romero (2017), arXiv:1705.02445");
    o.integer("features")
        .at_least(0)
        .fallback("20")
        .doc(
            "the first so many of the columns that vary: whose standard deviation over the "
            "training "
            "frames, before `downsample`, is 1e-4 or more; 0 = all of them");
    o.choice("center", switches)
        .fallback("on")
        .doc(
            "subtract the mean over the training frames before the division by the standard "
            "deviation; off: as the text of Vogt et al. says");
    o.integer("drive").range(0, 1e9).fallback("0").unit("steps").doc(
        "length of the inputs that drive an analysis, warm-up included; only files that are long "
        "enough have some; 0 = as long as a window");
    o.integer("limit_train")
        .at_least(0)
        .fallback("0")
        .unit("sequences")
        .doc("use only so many training windows, spread evenly over all; 0 = all");
  }

  Mocap(const Values& values, const Host& host)
      : window_(values.integer("window")),
        drive_(values.integer("drive") > 0 ? values.integer("drive") : window_),
        change_(values.is("target", "change")) {
    divide(read_recordings(host, values.text("folder"), actions(values)),
           values.is("split", "frames"));
    scale(values);
    cut(Split::Train, values.integer("limit_train"));
    cut(Split::Validation, 0);
  }

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = s.outputs = s.targets = footage_[0].front().frames.rows();
    s.steps = window_;
    s.loss = Loss::MeanSquared;
    s.next_step = !change_;
    splits().put_into(s);
    s.drive_steps = drive_;
    s.drive_count = std::min(drives_[0].distinct(), drives_[1].distinct());
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    splits().check(request);
    if (input.data()) fill(windows_[at(request.split)], request, 0, window_, input);
    if (!target.data()) return;
    fill(windows_[at(request.split)], request, 1, window_, target);
    if (!change_) return;
    Matrix now(target.rows(), target.cols());
    fill(windows_[at(request.split)], request, 0, window_, now);
    target -= now;
  }

  void drive(const Request& request, Index from, Index count, Out input) const override {
    splits().check(request);
    if (from + count > drive_)
      throw BadShape("an input has " + std::to_string(drive_) + " steps, and " +
                     std::to_string(from + count) +
                     " are asked for; raise `drive`, or lower `warmup` or `steps`");
    fill(drives_[at(request.split)], request, from, count, input);
  }

  /// persistence: the error of saying that the next frame will be like this one; when the targets
  /// are frames, in all steps of a sequence but the first, whose own frame they do not show.
  std::vector<std::pair<std::string, double>> metrics(In, In target) const override {
    if (change_) return {{"persistence", target.array().square().mean()}};
    const Index steps = target.cols() - target.cols() / window_;
    if (steps == 0) return {};
    return {{"persistence",
             (target.rightCols(steps) - target.leftCols(steps)).array().square().mean()}};
  }

 private:
  /// The test split is the validation split.
  static std::size_t at(Split split) { return split == Split::Train ? 0 : 1; }
  Splits splits() const { return {windows_[0].count(), windows_[1].count(), windows_[1].count()}; }

  static std::vector<std::string> actions(const Values& values) {
    std::vector<std::string> actions = values.texts("actions");
    if (actions.empty()) throw BadOption("`actions` names no folder; give one, e.g. [walking]");
    return actions;
  }

  void divide(const std::vector<Recording>& recordings, bool by_frames) {
    for (const Recording& recording : recordings) {
      if (!by_frames) {
        footage_[recording.for_test ? 1 : 0].push_back({recording.path, recording.frames});
        continue;
      }
      const Index all = recording.frames.cols(), trained = all * 4 / 5;
      footage_[0].push_back({recording.path, recording.frames.leftCols(trained)});
      footage_[1].push_back({recording.path, recording.frames.rightCols(all - trained)});
    }
  }

  void scale(const Values& values) {
    const FrameScale scale(footage_[0], values.integer("features"), values.is("center", "on"));
    for (std::vector<Footage>& split : footage_)
      for (Footage& footage : split)
        footage.frames = scale(footage.frames, values.integer("downsample"));
  }

  /// BadData: a split has no stretch of the length asked for.
  void cut(Split split, Index limit) {
    const std::vector<Footage>& footage = footage_[at(split)];
    FrameWindows &windows = windows_[at(split)], &drives = drives_[at(split)];
    windows = FrameWindows(footage, window_ + 1);
    drives = FrameWindows(footage, drive_);
    const bool no_window = windows.count() == 0;
    if (!no_window && drives.count() > 0) {
      if (limit > 0) windows.renumber(std::min(limit, windows.count()));
      drives.renumber(windows.count());
      return;
    }
    const auto longest = std::max_element(
        footage.begin(), footage.end(),
        [](const Footage& a, const Footage& b) { return a.frames.cols() < b.frames.cols(); });
    throw BadData(
        longest->path + " gives the " + name_of(split) + " split " +
        std::to_string(longest->frames.cols()) + " frames, the most of all files, and " +
        std::to_string(no_window ? window_ + 1 : drive_) + " in a row are needed for `" +
        (no_window ? "window: " + std::to_string(window_) : "drive: " + std::to_string(drive_)) +
        "`; lower it or `downsample`");
  }

  void fill(const FrameWindows& windows, const Request& request, Index from, Index count,
            Out to) const {
    for (Index b = 0; b < request.count(); ++b)
      for (Index t = 0; t < count; ++t)
        to.col(t * request.count() + b) = windows.frame(request.which[b], from + t);
  }

  Index window_, drive_;
  bool change_;                                  ///< targets are differences of frames
  std::array<std::vector<Footage>, 2> footage_;  ///< training, validation
  std::array<FrameWindows, 2> windows_, drives_;
};

}  // namespace lyap::tasks
