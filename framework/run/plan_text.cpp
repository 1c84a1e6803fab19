// framework/run/plan_text.cpp - what a plan would do, told to a person; computes nothing.
#include "run/plan_text.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "run/measure.hpp"

namespace lyap::framework {
namespace {

std::string loss_name(std::int32_t loss) {
  switch (loss) {
    case LYAP_CROSS_ENTROPY:
      return "cross entropy, nats";
    case LYAP_MEAN_SQUARED:
      return "mean squared error";
    case LYAP_MEAN_ABSOLUTE:
      return "mean absolute error";
    case LYAP_OWN_LOSS:
      return "a loss of its own";
    default:
      return "no loss: inputs only";
  }
}

std::string derivative_name(std::int32_t derivative) {
  return derivative == LYAP_ANALYTIC    ? "analytic, by the cell"
         : derivative == LYAP_AUTOMATIC ? "automatic, from the recorded equations"
                                        : "central differences";
}

/// 1234567 -> "1.23 M".
std::string counted(double number) {
  const char* const suffixes[] = {"", " k", " M", " G", " T", " P"};
  int i = 0;
  for (; number >= 1000 && i < 5; ++i) number /= 1000;
  return fmt::format("{:.3g}{}", number, suffixes[i]);
}

std::string options_text(const PlannedStep& step) {
  std::string text;
  const nlohmann::ordered_json values = step.values.json();
  for (const auto& [name, value] : values.items())
    text += (text.empty() ? "" : ", ") + name + ": " +
            (value.is_string() ? value.get<std::string>() : value.dump());
  return text;
}

std::string line(const char* what, const std::string& text) {
  return fmt::format("{:<9} {}\n", what, text);
}

std::string title(const PlannedStep& step) {
  return fmt::format("{} {} ({})", step.plugin->id(), step.plugin->version(),
                     step.plugin->file().filename().string());
}

std::string task_text(const Trial& trial) {
  const lyap_task_shape& s = trial.task().shape();
  std::string text = line("task", title(trial.plan().task));
  std::string shape = fmt::format("{} inputs", s.inputs);
  if (s.loss != LYAP_NO_LOSS)
    shape += fmt::format(" x {} steps -> {} outputs at {}; {}", s.steps, s.outputs,
                         s.last_step_only ? "the last step" : "every step", loss_name(s.loss));
  text += line("", shape);
  text += line("", fmt::format("sequences: {} training, {} validation, {} test", s.count[0],
                               s.count[1], s.count[2]));
  return text + line("", options_text(trial.plan().task));
}

std::string network_text(const Trial& trial) {
  const Network& network = trial.network();
  const lyap_model_shape& s = network.shape();
  std::string text = line("cell", title(trial.plan().cell));
  std::vector<std::string> parts;
  for (std::uint32_t i = 0; i < s.part_count; ++i)
    parts.push_back(fmt::format("{} {}", s.parts[i].name, s.parts[i].rows));
  text += line(
      "", fmt::format("{} layer{}; state {} = {}; readout of {} rows", s.layers,
                      s.layers == 1 ? "" : "s", join(parts, " + "), s.state, network.visible()));
  text += line("", options_text(trial.plan().cell));
  const auto derivatives = make_jacobian(trial.plan().asked.jacobian, network.cell(0),
                                         trial.surroundings().check_jacobian);
  text += line("jacobian", derivative_name(derivatives->source()));
  const auto initialisers = trial.initialisers();
  double total = 0;
  for (std::size_t i = 0; i < network.weight_shapes().size(); ++i) {
    const WeightShape& w = network.weight_shapes()[i];
    total += static_cast<double>(w.rows * w.cols);
    text += line(i ? "" : "weights", fmt::format("{:<24} {:>5} x {:<5} {}{}", w.name, w.rows,
                                                 w.cols, network.initialiser_of(i, initialisers),
                                                 w.trainable ? "" : " (fixed)"));
  }
  text += line("", fmt::format("{} numbers; `init` in the file replaces these initialisers",
                               counted(total)));
  if (const auto& file = trial.plan().asked.trials.cell.weights)
    text += line("", "all taken from " + file->file);
  return text;
}

std::string training_text(const Trial& trial) {
  const Plan& plan = trial.plan();
  return line("train",
              title(plan.train) + (plan.asked.training == LYAP_F32 ? ", float32" : ", float64")) +
         (plan.trains() ? line("", options_text(plan.train)) : "");
}

std::string measure_text(const Trial& trial, const PlannedMeasure& measure) {
  const Analysis analysis(*measure.plugin, measure.with());
  const lyap_estimate cost = analysis.estimate(&trial.network().shape(), &trial.task().shape());
  std::string text = line("measure", fmt::format("{}: {}", measure.as, title(measure)));
  text += line("", options_text(measure));
  if (cost.flops > 0)
    text += line("", fmt::format("each time: {} flops (about {:.2g} s at 20 Gflop/s), {} bytes",
                                 counted(cost.flops), cost.flops / 20e9, counted(cost.bytes)));
  if (cost.text[0]) text += line("", cost.text);
  return text;
}

}  // namespace

std::string plan_text(const Trial& trial, const std::string& trials) {
  const Pipeline& asked = trial.plan().asked;
  std::string text = line("pipeline", fmt::format("{} (seed {})", asked.name, asked.seed));
  if (!asked.about.empty()) text += line("", asked.about);
  text += line("trials", trials);
  text += task_text(trial) + network_text(trial) + training_text(trial);
  for (const PlannedMeasure& measure : trial.plan().measures) text += measure_text(trial, measure);
  for (const Column& column : asked.trials.record)
    text += line(&column == &asked.trials.record.front() ? "record" : "",
                 column.name + " = " + column.expression);
  for (const PlannedStudy& study : trial.plan().studies) {
    text += line("study", fmt::format("{}: {}", study.as, title(study)));
    text += line("", options_text(study));
  }
  return text;
}

}  // namespace lyap::framework
