// plugins/analyses/ftle/ftle.cpp - finite-time Lyapunov exponents of a driven network at every
// step, with what they are made of.
#include <lyap/lyap.hpp>
#include <string>
#include <utility>

#include "driven_steps.hpp"
#include "finite_means.hpp"
#include "ftle/measure.hpp"
#include "ftle/settings.hpp"

namespace lyap::ftle {

class Ftle final : public Analysis {
 public:
  static constexpr About about{
      "ftle", "1.0.0",
      "Finite-time Lyapunov exponents at every step of a driven network, with R, Q and J",
      "lambda_k(t) = 1/t sum_{u<=t} ln R_u(k,k), Q_u R_u = J_u Q_{u-1}: Benettin et al. 1980; as "
      "in "
      "Linking finite-time Lyapunov exponents to RNN gradient subspaces and input sensitivity"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Ftle(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;
  Estimate estimate(const lyap_model_shape* model, const lyap_task_shape* task) const override;

 private:
  void give(Context& context, const Measurement& m) const;
  void say(Context& context, const analyses::DrivenSteps& driven, const Host& host) const;
  Settings settings_;
};

void Ftle::ports(Ports& p) {
  p.model("model");
  p.data("data");
  p.result("exponent", "exponent[sequence, time, index] nats/step",
           "mean of ln r over the measured steps up to each; minus infinity from the step on at "
           "which the direction died");
  p.result("r", "r[sequence, time, index]",
           "diagonal of R: the factor of each step along the tangent vectors it moves, no singular "
           "values of J");
  p.result("final", "exponent[index] nats/step",
           "mean over the sequences of the exponents at the last step, where they are finite");
  p.result("deviation", "exponent[index] nats/step",
           "sample standard deviation over sequences of the exponents at the last step");
  p.result("slope", "slope[index]",
           "least-squares slope of r over its rank among all steps, largest first; mean over "
           "sequences");
  p.result("r_matrix", "r[sequence, time, index, column]", "R of every step, if kept");
  p.result("q", "q[sequence, time, unit, index]",
           "the tangent vectors after every step, one a column, if kept");
  p.result("jacobian", "jacobian[sequence, time, unit, from_unit]",
           "J of every step, ds_unit / ds_from_unit of the step before, if kept");
  p.result("states", "state[sequence, time, unit]", "the full state after every step, if kept");
}

void Ftle::run(Context& context, const Host& host) {
  const Model model = context.model();
  const analyses::DrivenSteps driven = analyses::driven_steps(
      settings_.runs, settings_.warmup, settings_.steps, context.data().shape());
  estimate(&model.shape(), &context.data().shape());  // refuses what would not fit
  const Index runs = driven.sequences * settings_.runs.starts;
  Matrix starts = settings_.runs.first_states(model, runs, host, "ftle/start");
  give(context, Measuring(context, settings_, driven, std::move(starts), host).run());
  say(context, driven, host);
}

void Ftle::give(Context& context, const Measurement& m) const {
  const Index k = m.last.rows();
  Vector mean(k), deviation(k), slope(k);
  for (Index i = 0; i < k; ++i) {
    const std::vector<double> alive = analyses::finite(m.last.row(i));
    mean[i] = analyses::mean_of(alive);
    deviation[i] = analyses::deviation_of(alive);
    slope[i] = m.slopes.row(i).mean();
  }
  const auto result = [&](const char* port, const Vector& values) {
    context.result(port, {k}, {values.data(), static_cast<std::size_t>(k)});
  };
  result("final", mean);
  result("deviation", deviation);
  result("slope", slope);
  if (const std::string text = steepest(slope); !text.empty())
    context.note("slope", "steepest", text);
  const auto dead = (m.last.array() == -std::numeric_limits<double>::infinity()).count();
  if (dead > 0)
    context.note(
        "exponent", "dead_directions",
        std::to_string(dead) + " of " + std::to_string(m.last.size()) + ", over all sequences");
}

void Ftle::say(Context& context, const analyses::DrivenSteps& driven, const Host& host) const {
  const Model model = context.model();
  const Index n = model.state(settings_.frames.scope), k = settings_.tracked(n);
  const auto note = [&](const char* key, const std::string& value) {
    context.note("", key, value);
  };
  note("unit", "nats/step");
  note("state", settings_.frames.scope_name());
  note("loop", "open");
  note("orientation", settings_.frames.orientation_name());
  for (const auto& [key, value] : settings_.runs.notes(driven.split, driven.sequences)) {
    note(key.c_str(), value);
    if (key.ends_with("_fallback")) host.warn(value);
  }
  note("warmup", std::to_string(driven.warmup));
  note("steps", std::to_string(driven.steps));
  note("count", std::to_string(k) + " of " + std::to_string(n));
  note("method", k == 1 ? "norm" : settings_.keep.needs_QR() ? "householder" : "lu");
  note("jacobian", name_of(model.derivative()));
  note("dtype", "float64");
  note("q0", settings_.frames.first_name());
  note("dead",
       "minus infinity, left out of means; its place in the frame goes to an arbitrary direction");
  note("time", "measured steps, the first one after the warm-up; states and q are those after it");
}

Estimate Ftle::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  analyses::DrivenSteps driven{settings_.runs.split, settings_.runs.sequences, settings_.warmup,
                               settings_.steps};
  if (task)
    driven = analyses::driven_steps(settings_.runs, settings_.warmup, settings_.steps, *task);
  const Index runs = driven.sequences * settings_.runs.starts;
  Estimate e;
  e.text = std::to_string(runs) + " runs of " + std::to_string(driven.warmup) + " + " +
           std::to_string(driven.steps) + " steps";
  if (!model) return e;
  const Index size = settings_.frames.scope == Scope::Full ? model->state : model->hidden;
  const Sizes sizes{size, settings_.tracked(size), model->state};
  const auto n = static_cast<double>(size), k = static_cast<double>(sizes.k);
  const double steps = static_cast<double>(runs) * static_cast<double>(driven.steps);
  const double kept = steps * settings_.keep.bytes(sizes), always = steps * 2 * k * sizeof(double);
  settings_.keep.require_storage(kept, runs, driven.steps, settings_.storage);
  // Multiplications and additions of a product, and of a QR with Q, which costs more than LU does;
  // one vector needs neither.
  const double per_step =
      sizes.k == 1 ? 2 * n * n : 2 * n * n * k + 4 * n * k * k - 4 * k * k * k / 3;
  e.flops =
      static_cast<double>(runs) * static_cast<double>(driven.total()) * (per_step + 2 * n * n);
  e.bytes =
      sizeof(double) * (static_cast<double>(runs) * k * (n + static_cast<double>(driven.steps)) +
                        2 * (n * n + 3 * n * k));
  e.text += ", " + std::to_string(sizes.k) + " of " + std::to_string(size) + " exponents, " +
            analyses::megabytes(always + kept) + " MB on disk";
  if (settings_.keep.any())
    e.text += " of which " + analyses::megabytes(kept) + " for " + settings_.keep.text();
  return e;
}

}  // namespace lyap::ftle

LYAP_PLUGINS(lyap::ftle::Ftle)
