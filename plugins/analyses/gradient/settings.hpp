// gradient/settings.hpp - what a pipeline may say about the gradient in terms of Q and R.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "frame_settings.hpp"
#include "runs.hpp"

namespace lyap::gradient {

/// Forward: v_t = Q_t^T dL/ds_t by v_t = Q_t^T g_t + R_{t+1}^T v_{t+1}.  Printed: eq. 12 as it
/// stands in the paper on finite-time exponents and gradients, which is not the gradient.
enum class Form { Forward, Printed };

struct Settings {
  analyses::Runs runs;
  analyses::FrameSettings frames;
  Index at;
  Form form;
  Index times;

  static void declare(Options& o) {
    static constexpr const char* forms[] = {"forward", "p0_eq12", nullptr};
    analyses::Runs::declare(o);
    o.integer("at").range(0, 1e9).unit("steps").fallback("0").doc(
        "the loss of this step alone; 0 = the loss as the task has it");
    analyses::FrameSettings::declare(o);
    o.choice("form", forms)
        .fallback("forward")
        .doc(
            "forward: the recursion that gives the gradient; p0_eq12: the formula as printed, "
            "eq. 12, which is not the gradient, to see how far it is off");
    o.integer("times").range(0, 1e9).unit("steps").fallback("50").doc(
        "`form: p0_eq12`: at how many steps, evenly spread, the formula is evaluated, because all "
        "T of them cost T^3 S^2/6; elsewhere it is missing; 0 = all, which weights need");
  }
  explicit Settings(const Values& v)
      : runs(v),
        frames(v),
        at(v.integer("at")),
        form(v.is("form", "p0_eq12") ? Form::Printed : Form::Forward),
        times(v.integer("times")) {}

  const char* form_name() const { return form == Form::Forward ? "forward" : "p0_eq12"; }

  /// The steps 0 .. steps at which the gradient is found.
  std::vector<Index> evaluated(Index steps) const {
    const Index all = steps + 1;
    const Index count = form == Form::Forward || times == 0 || times > all ? all : times;
    std::vector<Index> found(static_cast<std::size_t>(count));
    for (Index i = 0; i < count; ++i)
      found[static_cast<std::size_t>(i)] = count > 1 ? i * steps / (count - 1) : 0;
    return found;
  }
};

/// The sequences of a task as its loss sees them.
struct Sequences {
  Split split;
  Index count;
  Index steps;

  /// BadOption when there is no such loss.
  static Sequences of(const Settings& settings, const lyap_task_shape& task) {
    if (static_cast<Loss>(task.loss) == Loss::None)
      throw BadOption(
          "the task has no loss, and without one there is no gradient; choose a task with targets");
    if (settings.at > task.steps)
      throw BadOption("`at` asks for the loss of step " + std::to_string(settings.at) +
                      ", but a sequence of the task has " + std::to_string(task.steps) +
                      " steps; lower it, or 0 for the loss as the task has it");
    const Split split = analyses::available(task, settings.runs.split);
    const Index all = task.count[static_cast<int>(split)];
    return {split, std::min(settings.runs.sequences, all), task.steps};
  }
};

}  // namespace lyap::gradient
