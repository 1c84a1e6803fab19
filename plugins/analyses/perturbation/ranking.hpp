// perturbation/ranking.hpp - numbers by which the steps of a sequence are ranked, and the ranks.
#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "grid.hpp"
#include "settings.hpp"
#include "subject.hpp"

namespace lyap::perturbation {

using analyses::missing;

/// steps x sequences each: R_1(t); its FTLE 1/t sum_{u<=t} ln R_1(u); |dL/dx_t|; what port `score`
/// brought. Missing when not asked for.
struct Ranking {
  std::array<Matrix, order_count> by;
  std::array<bool, order_count> given{};
};

/// Steps, the highest value first, equal ones as they come; missing values last.
inline std::vector<Index> ranked(const Vector& values) {
  std::vector<Index> steps(static_cast<std::size_t>(values.size()));
  std::iota(steps.begin(), steps.end(), 0);
  std::stable_sort(steps.begin(), steps.end(), [&](Index a, Index b) {
    return values[a] > values[b] || (std::isnan(values[b]) && !std::isnan(values[a]));
  });
  return steps;
}

namespace detail {

/// steps x sequences: R_1(t) = |J_t q_{t-1}| of the unperturbed run.
inline Matrix first_r(const Model& model, const Sequences& sequences, Index steps,
                      const Settings& settings, const Host& host) {
  const analyses::FrameSettings& f = settings.frame;
  const Index S = sequences.count();
  const Matrix first = f.first(model.state(f.scope), 1, host, "perturbation/q0");
  std::vector<analyses::TangentFrame> frames(
      static_cast<std::size_t>(S), analyses::TangentFrame(host, f.scope, f.orientation, first));
  Matrix r(steps, S);
  Pass pass = model.begin(S);
  for (Index from = 0; from < steps;) {
    const Index count = std::min(pass.capacity(), steps - from);
    pass.run(sequences.inputs.middleCols(from * S, count * S));
    host.parallel(S, [&](std::int64_t s, int) {
      analyses::TangentFrame& frame = frames[static_cast<std::size_t>(s)];
      for (Index t = 1; t <= count; ++t) {
        if (host.stopped()) throw Stopped("the perturbation was interrupted; none of it is kept");
        try {
          frame.step(pass, t, s);
        } catch (const NotFinite& e) {
          throw NotFinite(std::string(e.what()) + ", step " + std::to_string(from + t) +
                          " of sequence " +
                          std::to_string(sequences.which[static_cast<std::size_t>(s)]));
        }
        r(from + t - 1, s) = frame.diagonal()[0];
      }
    });
    from += count;
    host.progress("R values", from, steps);
  }
  return r;
}

inline Matrix finite_time_exponents(const Matrix& r) {
  Matrix ftle(r.rows(), r.cols());
  for (Index s = 0; s < r.cols(); ++s) {
    double sum = 0;
    for (Index t = 0; t < r.rows(); ++t)
      ftle(t, s) = (sum += std::log(r(t, s))) / static_cast<double>(t + 1);
  }
  return ftle;
}

/// How many sequences are propagated back at once: the whole of them is kept. A tape of an LSTM
/// remembers about 10 numbers a unit, and adjoints are as many again.
inline Index backward_columns(const Model& model, const lyap_task_shape& task,
                              std::int64_t memory_budget) {
  const double bytes =
      sizeof(double) * static_cast<double>(task.steps * (20 * model.state() + 4 * task.inputs));
  return static_cast<Index>(std::clamp(static_cast<double>(memory_budget) / 8 / bytes, 1.0, 16.0));
}

/// steps x sequences: |dL/dx_t|, L the loss of the sequence.
inline Matrix input_gradient(const Model& model, const lyap_task_shape& task,
                             const Sequences& sequences, std::int64_t memory_budget,
                             const Host& host) {
  const Index S = sequences.count(), T = task.steps;
  const Index most = std::min(S, backward_columns(model, task, memory_budget));
  const Index target_steps = task.last_step_only ? 1 : T;
  Matrix norms(T, S);
  host.parallel((S + most - 1) / most, [&](std::int64_t group, int) {
    if (host.stopped()) throw Stopped("the perturbation was interrupted; none of it is kept");
    const Index from = group * most, B = std::min(most, S - from);
    Matrix input(task.inputs, T * B), target(task.targets, target_steps * B);
    for (Index t = 0; t < T; ++t)
      input.middleCols(t * B, B) = sequences.inputs.middleCols(t * S + from, B);
    for (Index t = 0; t < target_steps; ++t)
      target.middleCols(t * B, B) = sequences.targets.middleCols(t * S + from, B);
    Pass pass = model.begin(B, T);
    pass.run(input);
    Pass::Adjoints adjoints;
    adjoints.inputs.resize(task.inputs, T * B);
    pass.backward(target, adjoints);
    // The loss of the pass is the mean over its sequences.
    for (Index t = 0; t < T; ++t)
      for (Index b = 0; b < B; ++b)
        norms(t, from + b) = adjoints.inputs.col(t * B + b).norm() * static_cast<double>(B);
  });
  return norms;
}

}  // namespace detail

/// BadOption: nothing ranks. BadShape: the scores are of other sequences.
inline Ranking ranking_of(const Context& context, const Model& model, const lyap_task_shape& task,
                          const Sequences& sequences, const Settings& settings, const Host& host) {
  const Index S = sequences.count(), T = task.steps;
  Ranking ranking;
  ranking.by.fill(Matrix::Constant(T, S, missing));
  std::copy(settings.asked.begin(), settings.asked.end(), ranking.given.begin());
  if (const auto score = context.input("score")) {
    if (score->shape.size() != 2 || score->shape[0] != S || score->shape[1] != T)
      throw BadShape("port `score` wants one number a step of each sequence, " + std::to_string(S) +
                     " x " + std::to_string(T));
    ranking.by[ByScore] = Eigen::Map<const Matrix>(score->values.data(), T, S);
    ranking.given[ByScore] = true;
  }
  if (std::none_of(ranking.given.begin(), ranking.given.end(), [](bool given) { return given; }))
    throw BadOption("nothing ranks the steps; name orders in `orders` or connect port `score`");
  if (settings.wants_r()) {
    ranking.by[ByR] = detail::first_r(model, sequences, T, settings, host);
    ranking.by[ByFtle] = detail::finite_time_exponents(ranking.by[ByR]);
  }
  if (settings.asked[ByGradient])
    ranking.by[ByGradient] =
        detail::input_gradient(model, task, sequences, context.memory_budget(), host);
  return ranking;
}

}  // namespace lyap::perturbation
