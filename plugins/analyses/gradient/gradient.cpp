// plugins/analyses/gradient/gradient.cpp - the gradient of the task's loss in the basis of the
// tangent vectors, beside back-propagation through time.
#include <algorithm>
#include <lyap/lyap.hpp>
#include <memory>
#include <string>
#include <vector>

#include "gradient/comparison.hpp"
#include "gradient/settings.hpp"
#include "gradient/verdict.hpp"

namespace lyap::gradient {

class Gradient final : public Analysis {
 public:
  static constexpr About about{
      "gradient", "1.0.0",
      "Gradient of the loss by the states from Q and R of the tangent vectors, checked against "
      "back-propagation",
      "dL/ds_t = Q_t v_t, v_t = Q_t^T g_t + R_{t+1}^T v_{t+1}, Q_t R_t = J_t Q_{t-1}: eqs. 9 to 12 "
      "of Linking finite-time Lyapunov exponents to RNN gradient subspaces and input sensitivity, "
      "put right"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Gradient(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;
  Estimate estimate(const lyap_model_shape* model, const lyap_task_shape* task) const override;

 private:
  Index segment_of(const Context& context, const Sequences& sequences, Index n, int workers) const;
  void say(Context& context, const Sequences& sequences, Index segment, const Host& host) const;
  Settings settings_;
};

void Gradient::ports(Ports& p) {
  p.model("model");
  p.data("data");
  p.result("adjoint", "gradient[sequence, time, unit]",
           "dL/ds_t by back-propagation, t = 0 .. steps, of each sequence's own loss");
  p.result("coordinate", "gradient[sequence, time, index]",
           "v_t, the gradient from Q and R in the basis Q_t, t = 0 .. steps");
  p.result("profile", "gradient[time, index]",
           "root mean square of v_t over sequences: how much gradient lies along each tangent "
           "vector");
  p.result("norm", "gradient[sequence, time]", "length of dL/ds_t, t = 0 .. steps");
  p.result("state_error", "error[sequence]",
           "largest |Q_t v_t - dL/ds_t| over t, relative to the largest |dL/ds_t|");
  p.result("weight_error", "error[sequence, weight]",
           "largest error of dL/dW = sum_t (ds_t/dW)^T Q_t v_t, relative to the largest |dL/dW|; "
           "missing where that is zero");
}

/// Results of all runs, which come a few at a time.
class Gathered {
 public:
  Gathered(Context& context, Index runs, Index n, Index state, Index times, Index weights)
      : context_(context),
        norms_(times, runs),
        squares_(Matrix::Zero(n, times)),
        state_errors_(1, runs),
        weight_errors_(weights, runs) {
    context.announce("adjoint", {runs, times, state});
    context.announce("coordinate", {runs, times, n});
  }

  /// In the order of the runs, so that any number of workers gives the same sums.
  void add(Index run, const Comparison& c) {
    piece("adjoint", run, c.adjoint());
    piece("coordinate", run, c.coordinates());
    squares_ += c.coordinates().cwiseAbs2();
    norms_.col(run) = c.adjoint().colwise().norm().transpose();
    state_errors_(0, run) = c.state_error();
    weight_errors_.col(run) = c.weight_errors();
  }

  void give() {
    const Index n = squares_.rows(), times = squares_.cols(), runs = norms_.cols();
    const Matrix profile = (squares_ / static_cast<double>(runs)).cwiseSqrt();
    result("profile", {times, n}, profile);
    result("norm", {runs, times}, norms_);
    result("state_error", {runs}, state_errors_);
    result("weight_error", {runs, weight_errors_.rows()}, weight_errors_);
  }

  Verdict verdict(std::string reason) const {
    return {worst_of(state_errors_), worst_of(weight_errors_), norms_.cols(), std::move(reason)};
  }

 private:
  void piece(const char* port, Index run, const Matrix& values) {
    context_.piece(port, {run, 0, 0}, {1, values.cols(), values.rows()},
                   {values.data(), static_cast<std::size_t>(values.size())});
  }
  void result(const char* port, const std::vector<std::int64_t>& shape, const Matrix& values) {
    context_.result(port, shape, {values.data(), static_cast<std::size_t>(values.size())});
  }

  Context& context_;
  Matrix norms_, squares_, state_errors_, weight_errors_;
};

void Gradient::run(Context& context, const Host& host) {
  const Model model = context.model();
  const Data data = context.data();
  const Sequences sequences = Sequences::of(settings_, data.shape());
  const Index starts = settings_.runs.starts, runs = sequences.count * starts;
  const Index n = model.state(settings_.frames.scope);
  const auto together = std::min<Index>(host.workers(), runs);
  const Index segment = segment_of(context, sequences, n, static_cast<int>(together));
  const Matrix states = settings_.runs.first_states(model, runs, host, "gradient/start");
  const Matrix first = settings_.frames.first(n, n, host, "gradient/q0");
  const auto which = analyses::spread(sequences.count, data.count(sequences.split));

  Gathered gathered(context, runs, n, model.state(), sequences.steps + 1,
                    static_cast<Index>(cell_weights(model).size()));
  std::vector<std::unique_ptr<Comparison>> side_by_side;
  for (Index i = 0; i < together; ++i)
    side_by_side.push_back(
        std::make_unique<Comparison>(model, data, settings_, sequences, segment, host));
  for (Index at = 0; at < runs; at += together) {
    const Index count = std::min(together, runs - at);
    host.parallel(count, [&](std::int64_t i, int) {
      const Index run = at + i;
      const Index sequence = run / starts;
      const Matrix start = states.cols() > 0 ? Matrix(states.col(run)) : Matrix();
      try {
        side_by_side[static_cast<std::size_t>(i)]->run(which[static_cast<std::size_t>(sequence)],
                                                       start, first,
                                                       "gradient/noise/" + std::to_string(run));
      } catch (const NotFinite& e) {
        throw NotFinite(std::string(e.what()) + ", sequence " + std::to_string(sequence) +
                        ": the network diverges; measure fewer steps or smaller weights");
      }
    });
    for (Index i = 0; i < count; ++i)
      gathered.add(at + i, *side_by_side[static_cast<std::size_t>(i)]);
    host.progress("gradient", at + count, runs);
  }
  gathered.give();
  say(context, sequences, segment, host);
  const Verdict verdict = gathered.verdict(reason_to_fail(settings_, model.shape()));
  context.note("state_error", "self_check", verdict.sentence());
  if (verdict.alarming())
    host.warn("the gradient from Q and R is not that of back-propagation: " + verdict.sentence());
}

/// Half of the memory is for Q and R, the other for passes and what they are compared with.
Index Gradient::segment_of(const Context& context, const Sequences& sequences, Index n,
                           int workers) const {
  const double each = static_cast<double>(context.memory_budget()) / 2 / workers;
  const bool printed = settings_.form == Form::Printed;
  const Index segment = FrameHistory::segment_for(n, sequences.steps, each);
  if (segment == sequences.steps || (segment > 0 && !printed)) return segment;
  const double needed = FrameHistory::bytes(
      n, sequences.steps, printed ? sequences.steps : FrameHistory::least(sequences.steps));
  throw BadOption(
      "Q and R of " + std::to_string(sequences.steps) + " steps and " + std::to_string(n) +
      " directions take " +
      (printed ? analyses::megabytes(needed) + " MB a worker, which `form: p0_eq12` needs at once"
               : "at least " + analyses::megabytes(needed) + " MB a worker") +
      ", more than the " + analyses::megabytes(each) +
      " MB that half of the memory budget leaves to each of " + std::to_string(workers) +
      "; raise --memory, or use fewer --workers");
}

void Gradient::say(Context& context, const Sequences& sequences, Index segment,
                   const Host& host) const {
  const Model model = context.model();
  const auto note = [&](const char* key, const std::string& value) {
    context.note("", key, value);
  };
  const auto evaluated = static_cast<Index>(settings_.evaluated(sequences.steps).size());
  note("state", settings_.frames.scope_name());
  note("orientation", settings_.frames.orientation_name());
  note("form", settings_.form_name());
  note("loss", settings_.at > 0 ? "of step " + std::to_string(settings_.at) + " alone"
               : context.data().shape().last_step_only ? "of the last step"
                                                       : "mean over all steps");
  for (const auto& [key, value] : settings_.runs.notes(sequences.split, sequences.count)) {
    note(key.c_str(), value);
    if (key.ends_with("_fallback")) host.warn(value);
  }
  note("steps", std::to_string(sequences.steps));
  note("q0", settings_.frames.first_name());
  note("jacobian", name_of(model.derivative()));
  note("dtype", "float64");
  note("time", "0 is the initial state, t the state after step t");
  if (evaluated <= sequences.steps)
    note("times", std::to_string(evaluated) + " of " + std::to_string(sequences.steps + 1) +
                      ", missing at the others");
  if (segment < sequences.steps)
    note("memory", "Q and R were made twice, " + std::to_string(segment) + " steps at a time");
  std::string names;
  for (const std::size_t i : cell_weights(model))
    names += (names.empty() ? "" : ", ") + std::string(model.weights()[i].name);
  context.note("weight_error", "weights", names);
}

Estimate Gradient::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  Sequences sequences{settings_.runs.split, settings_.runs.sequences, 0};
  if (task) sequences = Sequences::of(settings_, *task);
  const Index runs = sequences.count * settings_.runs.starts;
  Estimate e;
  e.text = std::to_string(runs) + " runs of " + std::to_string(sequences.steps) + " steps";
  if (!model) return e;
  const Index size = settings_.frames.scope == Scope::Full ? model->state : model->hidden;
  const auto n = static_cast<double>(size), steps = static_cast<double>(sequences.steps);
  e.flops = static_cast<double>(runs) * steps * (2 + 8.0 / 3) * n * n * n;
  if (settings_.form == Form::Printed) {
    // A term of the sum goes through half of the steps on average, and there is one a loss.
    const auto times = static_cast<double>(settings_.evaluated(sequences.steps).size());
    const bool one = settings_.at > 0 || (task && task->last_step_only);
    e.flops +=
        static_cast<double>(runs) * times * n * n * (one ? steps / 2 : steps * steps / 6) * 2;
  }
  e.bytes = FrameHistory::bytes(size, sequences.steps, std::max<Index>(sequences.steps, 1));
  e.text += ", " + std::to_string(size) + " directions, Q and R " + analyses::megabytes(e.bytes) +
            " MB a worker";
  if (settings_.form == Form::Printed)
    e.text += "; eq. 12 at " + std::to_string(settings_.evaluated(sequences.steps).size()) +
              " steps, " + analyses::number(e.flops, 2) + " operations in all";
  return e;
}

}  // namespace lyap::gradient

LYAP_PLUGINS(lyap::gradient::Gradient)
