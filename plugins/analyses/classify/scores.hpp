// classify/scores.hpp - hits and misses of verdicts, and what follows from them.
#pragma once
#include <array>
#include <cmath>
#include <lyap/lyap.hpp>
#include <vector>

#include "grid.hpp"

namespace lyap::classify {

using analyses::missing;

inline constexpr Index score_count = 4, cell_count = 4;
enum Score { Precision, Recall, F1, Accuracy };
inline constexpr const char* score_names = "precision recall f1 accuracy";
inline constexpr const char* cell_names = "tp fp fn tn";

/// Positive: accurate; true: the verdict is right.
struct Confusion {
  std::array<double, cell_count> cells{};  ///< tp, fp, fn, tn

  double total() const { return cells[0] + cells[1] + cells[2] + cells[3]; }
  double positives() const { return cells[0] + cells[2]; }
  Confusion& operator+=(const Confusion& other) {
    for (std::size_t k = 0; k < cells.size(); ++k) cells[k] += other.cells[k];
    return *this;
  }
};

using Scores = std::array<double, score_count>;

/// TP/(TP+FP), TP/(TP+FN), 2TP/(2TP+FP+FN), (TP+TN)/n; missing where that is 0/0.
inline Scores scores_of(const Confusion& confusion) {
  const auto [tp, fp, fn, tn] = confusion.cells;
  const auto share = [](double part, double whole) { return whole > 0 ? part / whole : missing; };
  return {share(tp, tp + fp), share(tp, tp + fn), share(2 * tp, 2 * tp + fp + fn),
          share(tp + tn, confusion.total())};
}

/// Mean over the seeds that have the score.
inline Scores mean_of(const std::vector<Scores>& seeds) {
  Scores mean;
  for (std::size_t k = 0; k < mean.size(); ++k) {
    double sum = 0, count = 0;
    for (const Scores& s : seeds)
      if (std::isfinite(s[k])) sum += s[k], ++count;
    mean[k] = count > 0 ? sum / count : missing;
  }
  return mean;
}

/// Sample standard deviation over the seeds; missing below two.
inline Scores deviation_of(const std::vector<Scores>& seeds) {
  Scores deviation;
  for (std::size_t k = 0; k < deviation.size(); ++k) {
    std::vector<double> kept;
    for (const Scores& s : seeds)
      if (std::isfinite(s[k])) kept.push_back(s[k]);
    deviation[k] = analyses::deviation_of(kept);
  }
  return deviation;
}

}  // namespace lyap::classify
