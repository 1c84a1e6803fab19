// plugins/trainers/bptt/schedule.hpp - how the learning rate changes from epoch to epoch.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <numbers>

namespace lyap::bptt {

/// Learning rate of an epoch (1 = first).
///   constant     rate
///   step         rate * factor^floor((epoch - 1) / every)
///   exponential  rate * factor^max(0, epoch - after): constant up to epoch `after`
///   cosine       rate/2 (1 + cos(pi (epoch - 1) / epochs))
class Schedule {
 public:
  static void options(Options& o) {
    static constexpr const char* kinds[] = {"constant", "step", "exponential", "cosine", nullptr};
    o.real("learning_rate").range(0, 1e3).fallback("1e-3").doc("step size of the optimiser");
    o.choice("schedule", kinds).fallback("constant").doc("how the learning rate changes by epoch");
    o.real("decay").range(0, 1).fallback("0.1").doc("factor of the step and exponential schedules");
    o.integer("decay_every")
        .range(1, 1e9)
        .fallback("10")
        .unit("epochs")
        .doc("step schedule: epochs between two decays");
    o.integer("decay_after")
        .range(0, 1e9)
        .fallback("0")
        .unit("epochs")
        .doc("exponential schedule: decays after every epoch beyond this one");
  }
  explicit Schedule(const Values& v)
      : kind_(v.text("schedule")),
        rate_(v.real("learning_rate")),
        decay_(v.real("decay")),
        every_(static_cast<double>(v.integer("decay_every"))),
        after_(static_cast<double>(v.integer("decay_after"))) {}

  double operator()(Index epoch, Index epochs) const {
    const double done = static_cast<double>(epoch - 1);
    if (kind_ == "step") return rate_ * std::pow(decay_, std::floor(done / every_));
    if (kind_ == "exponential") return rate_ * std::pow(decay_, std::max(0.0, done + 1 - after_));
    if (kind_ == "cosine")
      return rate_ / 2 * (1 + std::cos(std::numbers::pi * done / static_cast<double>(epochs)));
    return rate_;
  }

 private:
  std::string kind_;
  double rate_, decay_, every_, after_;
};

}  // namespace lyap::bptt
