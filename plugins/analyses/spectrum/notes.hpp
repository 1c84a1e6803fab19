// spectrum/notes.hpp - what was done, said with every result.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "measure.hpp"
#include "number_text.hpp"
#include "settings.hpp"
#include "statistics.hpp"
#include "window.hpp"

namespace lyap::spectrum {

using Notes = std::vector<std::pair<std::string, std::string>>;

using analyses::number;

/// "mean 0.1 0.2, std 1 0.9", one number a row; of the first eight.
inline std::string moments_text(const Moments& moments) {
  std::string mean = "mean", deviation = "std";
  const Vector means = moments.mean(), variances = moments.variance();
  for (Index i = 0; i < std::min<Index>(means.size(), 8); ++i) {
    mean += " " + number(means[i]);
    deviation += " " + number(std::sqrt(variances[i]));
  }
  return mean + ", " + deviation;
}

/// Of classes, of all of them at once.
inline std::string spread_text(const Motion& motion) {
  return number(motion.closed.spread()) + " in closed loop, " + number(motion.predicted.spread()) +
         " predicted while driven, inputs " + number(motion.driven.spread());
}

inline Notes notes_of(const Settings& s, const Window& w, const Model& model,
                      const Measurement& m) {
  const Index k = m.exponents.rows();
  Notes notes{
      {"unit", "nats/step"},
      {"state", s.scope == Scope::Full ? "full" : "hidden"},
      {"loop", s.closed_loop ? "closed" : "open"},
      {"orientation", s.transposed ? "transposed" : "forward"},
      {"split", name_of(w.split)},
      {"sequences", std::to_string(w.sequences)},
      {"starts", std::to_string(s.starts)},
      {"warmup", std::to_string(w.warmup)},
      {"steps", std::to_string(m.steps)},
      {"every", std::to_string(s.every)},
      {"count", std::to_string(k) + " of " + std::to_string(model.state(s.scope))},
      {"method", k == 1                   ? "norm"
                 : s.method == Method::LU ? "lu"
                                          : "householder"},
      {"jacobian", name_of(model.derivative())},
      {"dtype", "float64"},
      {"q0", s.random_frame ? "random_orthonormal" : "identity"},
      {"order", s.sorted ? "sorted" : "tangent vectors"},
      {"dead", s.clamp_zeros ? "clamped to 2.2e-308" : "minus infinity, left out of means"}};
  if (s.closed_loop) {
    notes.emplace_back("feedback", w.classes ? "softmax of the output" : "output");
    notes.emplace_back("drive", std::to_string(w.drive));
    notes.emplace_back("outputs", moments_text(m.motion.closed));
    if (m.motion.driven.any()) notes.emplace_back("inputs", moments_text(m.motion.driven));
    if (m.motion.predicted.any()) notes.emplace_back("spread", spread_text(m.motion));
  }
  if (w.warmup > 0) {
    notes.emplace_back("warmup_qr", s.warmup_qr == WarmupQR::Every ? "every" : "end");
    if (!s.closed_loop) notes.emplace_back("warmup_source", w.replay ? "replay" : "separate");
  }
  if (s.drop_tail) notes.emplace_back("tail", "drop");
  if (s.until > 0)
    notes.emplace_back(
        "until", "standard error below " + number(s.until) +
                     (m.converged ? " reached after " + std::to_string(m.steps) + " of at most "
                                  : " not reached within ") +
                     std::to_string(w.steps) + " steps");
  if (w.split != s.split)
    notes.emplace_back("split_fallback", std::string("the task has no ") + name_of(s.split) +
                                             " sequences; " + name_of(w.split) + " was used");
  if (w.sequences < s.sequences)
    notes.emplace_back("sequences_fallback", std::to_string(s.sequences) +
                                                 " were asked; the split has no more than " +
                                                 std::to_string(w.sequences));
  return notes;
}

/// Empty, or the warning that exponents reach the level where rounding hides them: products over
/// T_ON steps resolve ln(epsilon) nats below the largest.  Measured: 64 tanh units, T_ON = 20,
/// largest exponent -0.369: level -2.23, rule -2.17.
inline std::string plateau_warning(const Vector& mean, Index every) {
  double largest = -std::numeric_limits<double>::infinity();
  for (const double x : mean)
    if (std::isfinite(x)) largest = std::max(largest, x);
  const double level =
      largest + std::log(std::numeric_limits<double>::epsilon()) / static_cast<double>(every);
  Index hidden = 0;
  for (const double x : mean) hidden += std::isfinite(x) && x < level + 1;
  if (hidden == 0) return "";
  return std::to_string(hidden) + " of " + std::to_string(mean.size()) +
         " exponents lie within 1 nat of " + number(level) +
         ", the level that rounding leaves with `every` " + std::to_string(every) +
         "; they are too high" + (every > 1 ? ", lower `every`" : "");
}

/// Empty, or the warning that the network on its own does not move as it did when driven.
inline std::string motion_warning(const Motion& motion) {
  const double ratio = motion.ratio();
  if (ratio > 0.5 && ratio < 2) return "";
  const bool classes = motion.predicted.any();
  return std::string("in closed loop the ") + (classes ? "predictions" : "outputs") + " spread " +
         number(ratio) + " times as far as " +
         (classes ? "those made while the data drove the network"
                  : "the inputs that drove before") +
         ": on its own the network does not move as its data do, and these are the exponents of "
         "what it does instead";
}

/// Empty when steps have no duration; else the largest mean exponent with its bootstrap interval.
inline std::string per_time_unit(const Means& means, const lyap_task_shape& task,
                                 double confidence) {
  if (!(task.step_time > 0)) return "";
  Index largest = 0;
  means.mean.maxCoeff(&largest);
  const auto of = [&](const Vector& values) { return number(values[largest] / task.step_time); };
  std::string text = "largest " + of(means.mean);
  if (std::isfinite(means.lower[largest]))
    text += ", " + number(100 * confidence) + " % interval " + of(means.lower) + " to " +
            of(means.upper);
  return text + " nats/" + task.time_unit;
}

/// The self-check of a whole spectrum: its sum is the mean of ln|det J|.
struct SumRule {
  double sum, log_determinant;  ///< nats/step, of run 0

  double difference() const {
    return sum == log_determinant ? 0 : std::abs(sum - log_determinant);  // both may be -inf
  }
  bool holds() const { return difference() <= 1e-8 * std::max(1.0, std::abs(log_determinant)); }
  std::string brief() const {
    return "differs from the sum by " + number(difference(), 2) + " nats/step in sequence 0";
  }
  std::string sentence() const {
    return "the exponents of sequence 0 sum to " + number(sum) + ", ln|det J| is " +
           number(log_determinant) + " nats/step, difference " + number(difference());
  }
};

}  // namespace lyap::spectrum
