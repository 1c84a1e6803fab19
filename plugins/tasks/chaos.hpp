// plugins/tasks/chaos.hpp - chaotic flows whose next sample is to be predicted.
#pragma once
#include <lyap/plugin.hpp>

#include <cmath>
#include <memory>
#include <string>

#include "chaotic_flows.hpp"
#include "seeded.hpp"
#include "splits.hpp"

namespace lyap::tasks {

/// One long trajectory, sampled at equal times and divided in time: training, then validation, then
/// test. A sequence is a window of its part, the target of a step is the next sample.
class Chaos final : public Task {
 public:
  static constexpr About about{
      "chaos", "1.0.0", "Next sample of a chaotic flow: Lorenz-63 or Mackey-Glass",
      "Lorenz, J. Atmos. Sci. 20 (1963) 130; Mackey and Glass, Science 197 (1977) 287; learned for "
      "its exponents as in Pathak, Lu, Hunt, Girvan and Ott, Chaos 27 (2017) 121102"};

  static void options(Options& o) {
    static const char* const systems[] = {"lorenz63", "mackey_glass", nullptr};
    o.choice("system", systems)
        .fallback("lorenz63")
        .doc("lorenz63: 3 variables; mackey_glass: one variable with a delay");
    o.real("step_time")
        .range(0, 100)
        .fallback("0")
        .unit("time units")
        .doc("time between two samples; 0 = 0.02 for lorenz63, 1 for mackey_glass");
    o.real("delay")
        .range(1, 1000)
        .fallback("17")
        .unit("time units")
        .doc("mackey_glass: tau; periodic below about 16.8, chaotic at 17");
    o.integer("length").range(10, 1e8).fallback("50000").unit("samples").doc(
        "samples in all splits together");
    o.reals("fractions")
        .range(0, 1)
        .fallback("[0.8, 0.1]")
        .doc(
            "shares of the first two parts in time, training and validation; the rest is the test "
            "split");
    o.integer("window").range(1, 1e7).fallback("100").unit("steps").doc(
        "length of a sequence; a part is cut into as many as it holds");
    o.real("transient")
        .range(0, 1e7)
        .fallback("0")
        .unit("time units")
        .doc("time before the first sample; 0 = 50 for lorenz63, 1000 for mackey_glass");
    o.flag("normalise")
        .fallback("on")
        .doc("shift and scale every variable to mean 0 and variance 1 over the training part");
    o.integer("draw").range(0, 0x1p53).fallback("1").doc(
        "number of the trajectory: where it starts; it alone fixes the data, whatever the seed of "
        "the run");
  }

  Chaos(const Values& values, const Host&)
      : lorenz_(values.is("system", "lorenz63")),
        step_time_(values.real("step_time") > 0 ? values.real("step_time")
                   : lorenz_                    ? 0.02
                                                : 1),
        parts_(Splits::shared(values.integer("length"), values.reals("fractions"))),
        window_(values.integer("window")),
        windows_{windows(parts_.train), windows(parts_.validation), windows(parts_.test)} {
    if (windows_.train == 0)
      throw BadOption("the training part has " + std::to_string(parts_.train) +
                      " samples, and a `window` of " + std::to_string(window_) +
                      " steps needs one more than it has steps; raise `length` or lower `window`");
    const double transient = values.real("transient");
    sample(transient > 0 ? transient
           : lorenz_     ? 50
                         : 1000,
           values.real("delay"), static_cast<std::uint64_t>(values.integer("draw")));
    if (values.flag("normalise")) normalise();
  }

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = s.outputs = s.targets = samples_.rows();
    s.steps = window_;
    s.loss = Loss::MeanSquared;
    s.next_step = true;
    s.drive_count = windows_.in_each();
    s.step_time = step_time_, s.time_unit = "time unit";
    windows_.put_into(s);
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    windows_.check(request);
    if (input.data()) copy(request, 0, window_, input);
    if (target.data()) copy(request, 1, window_, target);
  }

  /// The samples that begin with the window and go on to the end of its part.
  void drive(const Request& request, Index from, Index count, Out input) const override {
    windows_.check(request);
    for (const std::int64_t which : request.which)
      if (const Index left = parts_[request.split] - which * window_; from + count > left)
        throw BadShape("from sequence " + std::to_string(which) + " on the " +
                       name_of(request.split) + " part has " + std::to_string(left) +
                       " samples, and " + std::to_string(from + count) +
                       " are asked for; lower `warmup` or `steps`, or raise the task's `length`");
    copy(request, from, count, input);
  }

 private:
  /// The target of a part's last sample would lie in the next part.
  Index windows(Index samples) const { return samples > 0 ? (samples - 1) / window_ : 0; }
  Index begin(Split split) const {
    return split == Split::Train        ? 0
           : split == Split::Validation ? parts_.train
                                        : parts_.train + parts_.validation;
  }

  void sample(double transient, double delay, std::uint64_t draw) {
    // Errors below 1e-8 within 0.02 (lorenz63) and 100 (mackey_glass) units of time.
    const double longest_step = lorenz_ ? 0.001 : 0.1;
    const auto inner = static_cast<Index>(std::ceil(step_time_ / longest_step * (1 - 1e-12)));
    const double h = step_time_ / static_cast<double>(inner);
    Seeded random(draw);
    std::unique_ptr<Flow> flow;
    if (lorenz_) {
      const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
      flow = std::make_unique<Lorenz63>(Eigen::Vector3d(x, y, 25), h);
    } else {
      flow = std::make_unique<MackeyGlass>(random.uniform(0.5, 1.5), delay, h);
    }
    flow->follow(static_cast<Index>(std::ceil(transient / h)));
    samples_.resize(lorenz_ ? 3 : 1, parts_.train + parts_.validation + parts_.test);
    for (Index t = 0; t < samples_.cols(); ++t) {
      samples_.col(t) = flow->state();
      flow->follow(inner);
    }
  }

  void normalise() {
    const auto training = samples_.leftCols(parts_.train);
    const Vector mean = training.rowwise().mean();
    const Vector deviation = ((training.colwise() - mean).array().square().rowwise().mean()).sqrt();
    if (deviation.minCoeff() <= 0)
      throw BadOption(
          "a variable does not change over the training part, which leaves nothing to "
          "scale; raise `length`, or choose another `delay`");
    samples_ = deviation.cwiseInverse().asDiagonal() * (samples_.colwise() - mean);
  }

  void copy(const Request& request, Index first, Index count, Out to) const {
    for (Index b = 0; b < request.count(); ++b) {
      const Index start = begin(request.split) + request.which[b] * window_ + first;
      for (Index t = 0; t < count; ++t) to.col(t * request.count() + b) = samples_.col(start + t);
    }
  }

  bool lorenz_;
  double step_time_;
  Splits parts_;  ///< samples
  Index window_;
  Splits windows_;  ///< sequences
  Matrix samples_;  ///< variables x samples
};

}  // namespace lyap::tasks
