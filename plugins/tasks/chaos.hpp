// plugins/tasks/chaos.hpp - chaotic flows whose next sample is to be predicted.
#pragma once
#include <lyap/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

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
        usual_(lorenz_ ? Usual{0.02, 50, 0.001} : Usual{1, 1000, 0.1}),
        step_time_(or_usual(values.real("step_time"), usual_.step_time)),
        parts_(Splits::shared(values.integer("length"), values.reals("fractions"))),
        window_(values.integer("window")),
        windows_{windows(parts_.train), windows(parts_.validation), windows(parts_.test)} {
    if (windows_.train == 0)
      throw BadOption("the training part has " + std::to_string(parts_.train) +
                      " samples, and a `window` of " + std::to_string(window_) +
                      " steps needs one more than it has steps; raise `length` or lower `window`");
    sample(or_usual(values.real("transient"), usual_.transient), values.real("delay"),
           static_cast<std::uint64_t>(values.integer("draw")));
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

  /// The flow from the window's first sample on, beyond its part and `length` if need be.
  void drive(const Request& request, Index from, Index count, Out input) const override {
    windows_.check(request);
    const Index last = *std::ranges::max_element(request.which);
    const Index beyond = begin(request.split) + last * window_ + from + count - samples_.cols();
    if (beyond <= 0) return copy(request, from, count, input);
    const std::lock_guard lock(growing_);
    go_on(beyond);
    copy(request, from, count, input);
  }

 private:
  /// Times of a system.
  struct Usual {
    double step_time, transient;
    double longest_step;  ///< of the flow: errors below 1e-8 within one step_time
  };
  static double or_usual(double given, double usual) { return given > 0 ? given : usual; }

  /// The target of a part's last sample would lie in the next part.
  Index windows(Index samples) const { return samples > 0 ? (samples - 1) / window_ : 0; }
  Index begin(Split split) const {
    return split == Split::Train        ? 0
           : split == Split::Validation ? parts_.train
                                        : parts_.train + parts_.validation;
  }

  void sample(double transient, double delay, std::uint64_t draw) {
    inner_ = static_cast<Index>(std::ceil(step_time_ / usual_.longest_step * (1 - 1e-12)));
    const double h = step_time_ / static_cast<double>(inner_);
    Seeded random(draw);
    if (lorenz_) {
      const double x = random.uniform(-1, 1), y = random.uniform(-1, 1);
      flow_ = std::make_unique<Lorenz63>(Eigen::Vector3d(x, y, 25), h);
    } else {
      flow_ = std::make_unique<MackeyGlass>(random.uniform(0.5, 1.5), delay, h);
    }
    flow_->follow(static_cast<Index>(std::ceil(transient / h)));
    samples_.resize(lorenz_ ? 3 : 1, parts_.train + parts_.validation + parts_.test);
    for (Index t = 0; t < samples_.cols(); ++t) {
      samples_.col(t) = flow_->state();
      flow_->follow(inner_);
    }
    mean_ = Vector::Zero(samples_.rows()), deviation_ = Vector::Ones(samples_.rows());
  }

  /// At least so many samples behind `length`.
  void go_on(Index count) const {
    for (; std::ssize(beyond_) < count; flow_->follow(inner_))
      beyond_.emplace_back((flow_->state() - mean_).cwiseQuotient(deviation_));
  }

  void normalise() {
    const auto training = samples_.leftCols(parts_.train);
    mean_ = training.rowwise().mean();
    deviation_ = ((training.colwise() - mean_).array().square().rowwise().mean()).sqrt();
    if (deviation_.minCoeff() <= 0)
      throw BadOption(
          "a variable does not change over the training part, which leaves nothing to scale; raise "
          "`length`, or choose another `delay`");
    samples_ = deviation_.cwiseInverse().asDiagonal() * (samples_.colwise() - mean_);
  }

  void copy(const Request& request, Index first, Index count, Out to) const {
    const Index length = samples_.cols();
    for (Index b = 0; b < request.count(); ++b) {
      const Index start = begin(request.split) + request.which[b] * window_ + first;
      for (Index t = start; t < start + count; ++t) {
        auto column = to.col((t - start) * request.count() + b);
        if (t < length)
          column = samples_.col(t);
        else
          column = beyond_[static_cast<std::size_t>(t - length)];
      }
    }
  }

  bool lorenz_;
  Usual usual_;
  double step_time_;
  Splits parts_;  ///< samples
  Index window_;
  Splits windows_;   ///< sequences
  Index inner_ = 0;  ///< steps of the flow between two samples
  Vector mean_, deviation_;
  Matrix samples_;  ///< variables x samples

  // Grows when an analysis asks for more.
  mutable std::mutex growing_;
  std::unique_ptr<Flow> flow_;  ///< at the sample after the last
  mutable std::vector<Vector> beyond_;
};

}  // namespace lyap::tasks
