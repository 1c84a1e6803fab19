// perturbation/perturbation.cpp - do changes of the input hurt more at the steps that an ordering
// names than at random ones?
#include <limits>
#include <lyap/lyap.hpp>
#include <string>

#include "change.hpp"
#include "experiment.hpp"
#include "notes.hpp"
#include "order_tests.hpp"
#include "ranking.hpp"
#include "settings.hpp"
#include "subject.hpp"
#include "table.hpp"

namespace lyap::perturbation {

class Perturbation final : public Analysis {
 public:
  static constexpr About about{
      "perturbation", "1.0.0",
      "Loss after changing inputs at the steps of largest R value, FTLE or gradient, beside random",
      "R_1(t) = |J_t q_{t-1}|, q_t = J_t q_{t-1} / R_1(t); after `Linking finite-time Lyapunov "
      "exponents to RNN gradient subspaces and input sensitivity`, Table 1"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Perturbation(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;
  Estimate estimate(const lyap_model_shape* model, const lyap_task_shape* task) const override;

 private:
  void give(Context& context, const Subject& subject, const Ranking& ranking,
            const Outcome& outcome) const;
  static void give_growth(Context& context, const Matrix& r, Index pictures);
  Settings settings_;
};

void Perturbation::ports(Ports& p) {
  p.model("model");
  p.data("data");
  p.optional("score", "score[sequence, time]",
             "an ordering of your own: steps are changed from the highest score down");
  p.result("loss", "loss[sequence]", "loss of each sequence before any change");
  p.result("count", "count[count] steps", "how many steps were changed at once");
  p.result("difference", "difference[order, sequence, count]",
           "loss after the change minus before, at the steps an ordering names");
  p.result("random_difference", "difference[sequence, count, draw]", "the same at random steps");
  p.result("test", "statistic[order, count, figure]",
           "each ordering against random steps; the figures are named in the note `figures`");
  p.result("r", "factor[sequence, time]", "R_1(t), by how much the tangent vector grows at a step");
  p.result("ftle", "exponent[sequence, time] nats/step", "mean of ln R_1 up to a step");
  p.result("input_gradient", "gradient[sequence, time]", "|dL/dx_t|, L the loss of the sequence");
  p.result("up", "count[order, sequence, count]", "inputs that were flipped from 0 to 1");
  p.result("down", "count[order, sequence, count]", "inputs that were flipped from above 0 to 0");
  p.result("logits", "output[picture, case, class]", "the network's output after the last step");
  p.result("pictures", "intensity[picture, case, row, column] grey",
           "the input as a picture, when the task shows one");
  p.result("growth", "factor[picture, row, column]",
           "R_1 of the step that shows each place of the picture; missing where none does");
}

void Perturbation::run(Context& context, const Host& host) {
  const Model model = context.model();
  const Data data = context.data();
  const lyap_task_shape& task = data.shape();
  const Subject subject = subject_of(settings_, task);
  const Sequences sequences = chosen(model, data, subject, host);
  const Change change(settings_, subject, sequences, host);
  const Ranking ranking = ranking_of(context, model, task, sequences, settings_, host);
  Experiment experiment(settings_, subject, sequences, change, ranking, host);
  const Outcome outcome = experiment.run(model, data);

  give(context, subject, ranking, outcome);
  for (const auto& [key, value] : notes_of(settings_, subject, sequences, model, task)) {
    context.note("", key, value);
    if (key.ends_with("_fallback")) host.warn(value);
  }
  if (const std::string text = noise_warning(outcome); !text.empty()) {
    context.note("", "noise", text);
    host.warn(text);
  }
}

void Perturbation::give(Context& context, const Subject& subject, const Ranking& ranking,
                        const Outcome& outcome) const {
  const auto result = [&](const char* port, const analyses::Grid& array) {
    context.result(port, array.shape, array.values);
  };
  const auto by_time = [&](const char* port, Order order) {
    const Matrix& values = ranking.by[order];  // a column a sequence: time is the last axis
    context.result(port, {values.cols(), values.rows()},
                   {values.data(), static_cast<std::size_t>(values.size())});
  };
  result("loss", outcome.loss);
  const std::vector<double> counts(subject.counts.begin(), subject.counts.end());
  context.result("count", {std::ssize(counts)}, counts);
  result("difference", outcome.difference);
  result("random_difference", outcome.random_difference);
  const analyses::Grid tests = tests_of(outcome, subject);
  result("test", tests);
  by_time("r", ByR);
  by_time("ftle", ByFtle);
  by_time("input_gradient", ByGradient);
  result("up", outcome.up);
  result("down", outcome.down);

  context.note("test", "figures", figure_names);
  context.note("test", "table",
               table_of(tests, ranking, subject, outcome.loss.shape[0], settings_));
  context.note("test", "beats_random", sentence_of(tests, ranking, subject));
  if (outcome.outputs.values.empty()) return;
  const std::string cases =
      "as it is, by " + std::string(order_names[static_cast<std::size_t>(shown_order(ranking))]) +
      ", " + std::to_string(settings_.picture_draws) + " random; " +
      std::to_string(subject.picture_count) + " steps changed";
  result("logits", outcome.outputs);
  context.note("logits", "cases", cases);
  if (outcome.pictures.values.empty()) return;
  result("pictures", outcome.pictures);
  context.note("pictures", "cases", cases);
  give_growth(context, ranking.by[ByR], outcome.pictures.shape[0]);
}

/// r: steps x sequences, of which the first are the pictures.
void Perturbation::give_growth(Context& context, const Matrix& r, Index pictures) {
  const lyap_task_shape& task = context.data().shape();
  const Index size = task.picture_rows * task.picture_cols;
  std::vector<double> growth(static_cast<std::size_t>(pictures * size),
                             std::numeric_limits<double>::quiet_NaN());
  for (Index p = 0; p < pictures; ++p)
    for (Index at = 0; at < r.rows() * task.inputs; ++at) {
      const Index place = task.pixels ? task.pixels[at] : at;
      if (place >= 0 && place < size)
        growth[static_cast<std::size_t>(p * size + place)] = r(at / task.inputs, p);
    }
  context.result("growth", {pictures, task.picture_rows, task.picture_cols}, growth);
}

Estimate Perturbation::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  Estimate e;
  if (!task) return e;
  const Subject subject = subject_of(settings_, *task);
  const auto orders = std::count(settings_.asked.begin(), settings_.asked.end(), true);
  const Index counts = std::ssize(subject.counts);
  const auto sequences = static_cast<double>(subject.sequences);
  const double runs = sequences * static_cast<double>(2 + counts * (orders + settings_.draws)) +
                      static_cast<double>(std::min(settings_.pictures, subject.sequences) *
                                          (2 + settings_.picture_draws));
  const auto steps = static_cast<double>(subject.steps);
  e.text = number(runs) + " runs of " + std::to_string(subject.steps) +
           " steps: " + std::to_string(subject.sequences) + " sequences, " +
           std::to_string(counts) + " counts, " + std::to_string(orders) +
           (orders == 1 ? " order" : " orders") + " and " + std::to_string(settings_.draws) +
           " random draws";
  const double inputs = static_cast<double>(task->inputs) * steps;
  e.bytes = sizeof(double) * (sequences * (2 * inputs + 4 * steps) + 16 * runs);
  if (!model) return e;
  double weights = 0;
  for (std::uint32_t i = 0; i < model->weight_count; ++i)
    weights += static_cast<double>(model->weights[i].rows * model->weights[i].cols);
  // One run forwards; R values about as much again, a gradient twice that for each sequence.
  e.flops = 2 * weights * steps * (runs + 4 * sequences);
  e.bytes += sizeof(double) * batch_columns * 16.0 * static_cast<double>(model->state) * 128;
  return e;
}

}  // namespace lyap::perturbation

LYAP_PLUGINS(lyap::perturbation::Perturbation)
