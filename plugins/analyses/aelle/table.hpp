// aelle/table.hpp - how well each autoencoder did, as a plain table.
#pragma once
#include <cmath>
#include <cstdio>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aelle/autoencoder.hpp"
#include "aelle/rows.hpp"
#include "aelle/statistics.hpp"
#include "finite_means.hpp"

namespace lyap::aelle {

/// Of one autoencoder; NaN where a part has no rows.
struct Quality {
  Index best_epoch;
  double error;    ///< of the reconstruction over all rows, nats/step
  Vector rms, r2;  ///< of the predicted losses, by part
};

inline Quality quality_of(const Autoencoder& a, const Answers& answers, const Rows& rows) {
  Quality q{a.best_epoch, answers.errors.mean(), Vector::Constant(3, missing),
            Vector::Constant(3, missing)};
  for (std::size_t part = 0; part < 3; ++part) {
    if (rows.parts[part].empty()) continue;
    const Vector predicted = answers.losses(rows.parts[part]).transpose();
    const Vector actual = rows.targets(rows.parts[part]);
    const auto at = static_cast<Index>(part);
    q.rms[at] = std::sqrt((predicted - actual).squaredNorm() / static_cast<double>(actual.size()));
    q.r2[at] = r_squared(predicted, actual);
  }
  return q;
}

namespace detail {

inline std::string cell(double x, const char* format) {
  char text[32];
  std::snprintf(text, sizeof text, std::isfinite(x) ? format : "-", x);
  const std::string digits = text;
  return std::string(digits.size() < 11 ? 11 - digits.size() : 1, ' ') + digits;
}
inline std::string line(const std::string& name, const Vector& numbers) {
  std::string text = name + std::string(name.size() < 6 ? 6 - name.size() : 1, ' ');
  constexpr const char* formats[] = {"%.5g", "%.4g", "%.4g", "%.4g",
                                     "%.4g", "%.3f", "%.3f", "%.3f"};
  for (Index i = 0; i < numbers.size(); ++i) text += cell(numbers[i], formats[i]);
  return text + "\n";
}

}  // namespace detail

/// Lines of 94 characters: a seed each, mean and sample deviation over seeds, numbers of rows.
inline std::string table_of(const std::vector<Quality>& all, const Rows& rows) {
  const auto seeds = static_cast<Index>(all.size());
  Matrix numbers(8, seeds);
  for (Index i = 0; i < seeds; ++i) {
    const Quality& q = all[static_cast<std::size_t>(i)];
    numbers.col(i) << static_cast<double>(q.best_epoch), q.error, q.rms, q.r2;
  }
  std::string table =
      "                   spectrum, rms error of the predicted loss            "
      "R^2 of the predicted loss\n"
      "seed   best epoch  nats/step      train validation       test      train validation       "
      "test\n";
  for (Index i = 0; i < seeds; ++i) table += detail::line(std::to_string(i), numbers.col(i));
  Vector mean(8), deviation(8);
  for (Index k = 0; k < 8; ++k) {
    const std::vector<double> finite = analyses::finite(numbers.row(k));
    mean[k] = analyses::mean_of(finite);
    deviation[k] = analyses::deviation_of(finite);
  }
  table += detail::line("mean", mean) + detail::line("std", deviation);
  Vector counts(8);
  const auto n = [&](Part part) { return static_cast<double>(rows.parts[part].size()); };
  counts << missing, static_cast<double>(rows.count()), n(Train), n(Validation), n(Test), n(Train),
      n(Validation), n(Test);
  std::string last = "n     ";
  for (Index k = 0; k < 8; ++k) last += detail::cell(counts[k], "%.0f");
  return table + last;
}

}  // namespace lyap::aelle
