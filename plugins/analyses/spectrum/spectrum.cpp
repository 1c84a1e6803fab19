// spectrum/spectrum.cpp - Lyapunov spectrum of a network, driven or on its own output.
#include <lyap/lyap.hpp>
#include <string>
#include <utility>

#include "measure.hpp"
#include "notes.hpp"
#include "runs.hpp"
#include "settings.hpp"
#include "statistics.hpp"
#include "window.hpp"

namespace lyap::spectrum {

class Spectrum final : public Analysis {
 public:
  static constexpr About about{
      "spectrum", "1.0.0",
      "Lyapunov spectrum of a network, driven or in closed loop, with error bars over sequences",
      "lambda_i = 1/T sum_t ln R_t(i,i), Q_t R_t = J_t Q_{t-1}: Benettin et al. 1980; "
      "Vogt et al. 2022, Algorithm 2"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Spectrum(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;
  Estimate estimate(const lyap_model_shape* model, const lyap_task_shape* task) const override;

 private:
  Matrix start_of(const Context& context, const Model& model, Index runs, const Host& host) const;
  void give(Context& context, const Model& model, const Window& window, const Measurement& m,
            const Host& host) const;
  Settings settings_;
};

void Spectrum::ports(Ports& p) {
  p.model("model");
  p.data("data");
  p.optional("start", "state[sequence, unit]", "initial states, instead of the option `start`");
  p.result("spectrum", "exponent[index] nats/step", "mean over the sequences where it is finite");
  p.result("per_sequence", "exponent[sequence, index] nats/step", "one spectrum per sequence");
  p.result("deviation", "exponent[index] nats/step", "sample standard deviation over sequences");
  p.result("lower", "exponent[index] nats/step", "lower end of the bootstrap interval of the mean");
  p.result("upper", "exponent[index] nats/step", "upper end of the bootstrap interval of the mean");
  p.result("dead", "count[index]", "sequences in which the direction died: minus infinity");
  p.result("history", "exponent[time, index] nats/step", "the mean after so many measured steps");
  p.result("history_steps", "step[time] steps", "measured steps at each point of the history");
  p.result("sum", "rate[sequence] nats/step", "sum of the exponents");
  p.result("log_det", "rate[sequence] nats/step",
           "mean of ln|det J|, which the sum of all exponents must equal; of the first sequence");
  p.result("positive_sum", "rate[sequence] nats/step", "sum of the positive exponents");
  p.result("kaplan_yorke", "dimension[sequence]",
           "Kaplan-Yorke dimension; missing when `count` is too small to tell");
}

void Spectrum::run(Context& context, const Host& host) {
  const Model model = context.model();
  const Data data = context.data();
  const Window window = window_of(settings_, data.shape());
  Matrix start = start_of(context, model, window.sequences * settings_.starts, host);
  Measuring measuring(model, data, settings_, window, std::move(start), context.memory_budget(),
                      host);
  give(context, model, window, measuring.run(), host);
}

/// state x runs, or no columns for the cell's own start.
Matrix Spectrum::start_of(const Context& context, const Model& model, Index runs,
                          const Host& host) const {
  const Index rows = model.state();
  if (const auto given = context.input("start")) {
    if (settings_.start != Start::Cell)
      throw BadOption("initial states come from port `start`; leave option `start` at cell");
    if (given->shape.size() != 2 || given->shape[0] != runs || given->shape[1] != rows)
      throw BadShape("port `start` wants one state a sequence, " + std::to_string(runs) + " x " +
                     std::to_string(rows));
    return Eigen::Map<const Matrix>(given->values.data(), rows, runs);
  }
  if (settings_.start == Start::Cell) return {};
  if (settings_.start == Start::File)
    return analyses::read_states(host, settings_.start_file, rows, runs);
  if (settings_.start == Start::Carried) {
    const Carried left = model.carried();
    if (left.state.size() > 0) return left.state.replicate(1, runs);
    throw BadOption(
        "`start: carried` goes on where training left the network, and this one was "
        "left nowhere; train it with `force`, or choose another `start`");
  }
  Matrix start = Matrix::Zero(rows, runs);
  if (settings_.start == Start::Normal) {
    host.normal("spectrum/start", start);
    start *= settings_.start_std;
  }
  return start;
}

void Spectrum::give(Context& context, const Model& model, const Window& window,
                    const Measurement& m, const Host& host) const {
  const Index k = m.exponents.rows(), runs = m.exponents.cols();
  const auto points = static_cast<Index>(m.marks.size());
  const auto result = [&](const char* port, const std::vector<std::int64_t>& shape,
                          const Matrix& values) {
    context.result(port, shape, {values.data(), static_cast<std::size_t>(values.size())});
  };

  Matrix uniform(runs, settings_.resamples);
  host.uniform("spectrum/bootstrap", uniform);
  const Means means =
      means_of(m.exponents, uniform, settings_.confidence, [&](Index count, const auto& body) {
        host.parallel(count, [&](std::int64_t i, int) { body(i); });
      });
  result("spectrum", {k}, means.mean);
  result("per_sequence", {runs, k}, m.exponents);
  result("deviation", {k}, means.deviation);
  result("lower", {k}, means.lower);
  result("upper", {k}, means.upper);
  result("dead", {k}, means.dead);

  Matrix history(k, points), history_steps(points, 1);
  for (Index j = 0; j < points; ++j) {
    history_steps(j, 0) = static_cast<double>(m.marks[static_cast<std::size_t>(j)]);
    for (Index i = 0; i < k; ++i)
      history(i, j) = mean_of(finite(m.history[static_cast<std::size_t>(j)].row(i)));
  }
  result("history", {points, k}, history);
  result("history_steps", {points}, history_steps);

  const bool whole = k == model.state(settings_.scope);
  const bool sum_rule = whole && settings_.sum_rule;
  Vector sums = m.exponents.colwise().sum(), log_det = Vector::Constant(runs, missing);
  Vector positive(runs), dimension(runs);
  for (Index r = 0; r < runs; ++r) {
    positive[r] = positive_sum(m.exponents.col(r));
    dimension[r] = kaplan_yorke(m.exponents.col(r), whole);
  }
  if (sum_rule) log_det[0] = m.log_determinant;
  result("sum", {runs}, sums);
  result("log_det", {runs}, log_det);
  result("positive_sum", {runs}, positive);
  result("kaplan_yorke", {runs}, dimension);

  for (const auto& [key, value] : notes_of(settings_, window, model, m)) {
    context.note("", key, value);
    if (key.ends_with("_fallback")) host.warn(value);
  }
  context.note("", "confidence",
               number(settings_.confidence) + " from " + std::to_string(settings_.resamples) +
                   " bootstrap resamples of the sequences");
  context.note("spectrum", "positive_sum", number(positive_sum(means.mean)));
  context.note("spectrum", "kaplan_yorke", number(kaplan_yorke(means.mean, whole)));
  const lyap_task_shape& task = context.data().shape();
  if (const std::string text = per_time_unit(means, task, settings_.confidence); !text.empty()) {
    context.note("", "step_time", number(task.step_time) + " " + task.time_unit);
    context.note("spectrum", "per_time_unit", text);
  }
  if (const std::string text = motion_warning(m.motion); !text.empty()) {
    context.note("", "motion", text);
    host.warn(text);
  }
  const std::string plateau = plateau_warning(means.mean, std::min(settings_.every, m.steps));
  if (!plateau.empty()) {
    context.note("", "plateau", plateau);
    host.warn(plateau);
  }
  if (sum_rule) {
    const SumRule rule{sums[0], m.log_determinant};
    context.note("log_det", "self_check", rule.brief());
    if (!rule.holds()) host.warn("the sum rule fails: " + rule.sentence());
  }
}

Estimate Spectrum::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  Window window{settings_.split, settings_.sequences, settings_.warmup, settings_.steps, false};
  if (task) window = window_of(settings_, *task);
  Estimate e;
  e.text = std::to_string(window.sequences * settings_.starts) + " runs of " +
           std::to_string(window.warmup) + " + " + std::to_string(window.steps) + " steps";
  if (settings_.closed_loop)
    e.text += " in closed loop after " + std::to_string(window.drive) + " driven ones";
  if (!model) return e;
  const Index size = settings_.scope == Scope::Full ? model->state : model->hidden;
  const Index tracked = settings_.tracked(size);
  const auto n = static_cast<double>(size), k = static_cast<double>(tracked);
  const auto runs = static_cast<double>(window.sequences * settings_.starts);
  // Multiplications and additions: of L in its two parts and of an LU; of a dense product and a QR.
  const double per_step = settings_.method == Method::LU
                              ? n * k * k + 2 * n * (n - k) * k + n * k * k - k * k * k / 3
                              : 2 * n * n * k + 4 * n * k * k - 4 * k * k * k / 3;
  e.flops = runs * static_cast<double>(window.total()) * (per_step + 2 * n * n);
  e.bytes = sizeof(double) * (runs * n * k + 2 * 3 * n * n);
  e.text += ", " + std::to_string(tracked) + " of " + std::to_string(size) + " exponents";
  return e;
}

}  // namespace lyap::spectrum

LYAP_PLUGINS(lyap::spectrum::Spectrum)
