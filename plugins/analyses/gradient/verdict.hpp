// gradient/verdict.hpp - whether Q_t v_t is the gradient, said in one sentence.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>

#include "finite_means.hpp"
#include "gradient/settings.hpp"
#include "number_text.hpp"

namespace lyap::gradient {

/// Names of the parts of the state that `state: hidden` leaves out: "c". Empty when there are none.
inline std::string parts_left_out(const lyap_model_shape& model) {
  std::string names;
  std::int64_t rows = 0;
  for (std::uint32_t i = 0; i < model.part_count; ++i) {
    if (rows >= model.hidden)
      names += (names.empty() ? "" : " and ") + std::string(model.parts[i].name);
    rows += model.parts[i].rows;
  }
  return names;
}

/// Why the settings ask for something that is not the gradient; empty when they do not.
inline std::string reason_to_fail(const Settings& settings, const lyap_model_shape& model) {
  const bool transposed = settings.frames.orientation == analyses::Orientation::Transposed;
  std::string reason;
  if (settings.form == Form::Printed && transposed)
    reason =
        "eqs. 9 to 12 as printed give J_s^T .. J_t+1^T, transposed Jacobians applied forward in "
        "time, and the gradient needs them in the reverse order";
  else if (settings.form == Form::Printed)
    reason =
        "eq. 12 as printed multiplies the R in the wrong order, and its product is the transpose "
        "of what the gradient needs";
  else if (transposed)
    reason =
        "`orientation: transposed` applies transposed Jacobians forward in time (eq. 9), and the "
        "gradient needs them backward in time";
  const std::string left_out = parts_left_out(model);
  if (settings.frames.scope == Scope::Hidden && !left_out.empty())
    reason += (reason.empty() ? "" : "; ") + ("`state: hidden` holds " + left_out) +
              " fixed inside each step, and the gradient flows through " + left_out + " too";
  return reason;
}

/// The largest of those that are not missing; missing when all are.
inline double worst_of(In errors) {
  double worst = analyses::missing;
  for (const double error : errors.reshaped())
    if (!(error <= worst) && !std::isnan(error)) worst = error;
  return worst;
}

/// What state_error and weight_error say together.
struct Verdict {
  double states, weights;  ///< worst relative errors; missing when there was nothing to compare
  Index runs;
  std::string reason;  ///< why it must fail, if it must

  static constexpr double rounding = 1e-9;

  bool holds() const { return !(states > rounding) && !(weights > rounding); }
  /// The identity of the gradient itself is broken.
  bool alarming() const { return reason.empty() && !holds(); }

  std::string sentence() const {
    const auto digits = [](double x) { return analyses::number(x, 2); };
    if (std::isnan(states)) return "the loss has no gradient by any state; nothing was compared";
    const std::string of = runs == 1
                               ? " (relative, of one sequence)"
                               : " (relative, worst of " + std::to_string(runs) + " sequences)";
    std::string found = digits(states);
    if (!std::isnan(weights)) found += ", dL/dW to " + digits(weights);
    if (reason.empty())
      return (holds() ? "Q_t v_t = dL/ds_t to " : "Q_t v_t is not dL/ds_t: equal only to ") +
             found + of;
    if (holds()) return "Q_t v_t = dL/ds_t to " + found + of + ", although " + reason;
    return "fails as it must, off by " + digits(states) + ": " + reason;
  }
};

}  // namespace lyap::gradient
