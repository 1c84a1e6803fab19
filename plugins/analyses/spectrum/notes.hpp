// spectrum/notes.hpp - what was done, said with every result.
#pragma once
#include <cmath>
#include <cstdio>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "measure.hpp"
#include "settings.hpp"
#include "statistics.hpp"
#include "window.hpp"

namespace lyap::spectrum {

using Notes = std::vector<std::pair<std::string, std::string>>;

/// Six significant digits.
inline std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", x);
  return text;
}

inline Notes notes_of(const Settings& s, const Window& w, const Model& model,
                      const Measurement& m) {
  const Index k = m.exponents.rows();
  Notes notes{
      {"unit", "nats/step"},
      {"state", s.scope == Scope::Full ? "full" : "hidden"},
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
  if (w.warmup > 0) {
    notes.emplace_back("warmup_qr", s.warmup_qr == WarmupQR::Every ? "every" : "end");
    notes.emplace_back("warmup_source", w.replay ? "replay" : "separate");
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

/// The self-check of a whole spectrum: its sum is the mean of ln|det J|.
struct SumRule {
  double sum, log_determinant;  ///< nats/step, of run 0

  double difference() const {
    return sum == log_determinant ? 0 : std::abs(sum - log_determinant);  // both may be -inf
  }
  bool holds() const { return difference() <= 1e-8 * std::max(1.0, std::abs(log_determinant)); }
  std::string sentence() const {
    return "the exponents of sequence 0 sum to " + number(sum) + ", ln|det J| is " +
           number(log_determinant) + " nats/step, difference " + number(difference());
  }
};

}  // namespace lyap::spectrum
