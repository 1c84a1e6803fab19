// alignment/tally.hpp - what is kept of the alignments A = Q^T e: moments and counts, which add up
// over runs.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <vector>

#include "combinations.hpp"
#include "groups.hpp"

namespace lyap::alignment {

/// Of values that are near 0 on average.
struct Moments {
  double count = 0, sum = 0, squares = 0;

  void add(double x) { ++count, sum += x, squares += x * x; }
  void operator+=(const Moments& other) {
    count += other.count, sum += other.sum, squares += other.squares;
  }
  double mean() const { return sum / count; }
  /// Root mean square about the mean; NaN of nothing.
  double deviation() const {
    if (count == 0) return std::numeric_limits<double>::quiet_NaN();
    return std::sqrt(std::max(0.0, squares / count - mean() * mean()));
  }
};

struct Extents {
  Index gates, steps, directions;  ///< row blocks of the gradient, T, columns of Q
  Index singular, values, bins;    ///< vectors at each end, singular values kept, of the histogram

  /// Doubles that a tally of these holds.
  double size() const {
    return 3 * static_cast<double>(combinations * (2 * steps * directions + groups * gates)) +
           static_cast<double>(combinations * groups * singular * bins + steps * (values + 2));
  }
};

/// Sums over runs in the order in which they are added, so that two tallies of the same runs in the
/// same order are equal to the last bit.
class Tally {
 public:
  Tally(const Extents& extents, const Groups& members)
      : extents_(extents),
        members_(members),
        gates_(size(combinations * groups * extents.gates)),
        spread_(size(combinations * 2 * extents.steps * extents.directions)),
        histogram_(size(combinations * groups * extents.singular * extents.bins)),
        values_(Matrix::Zero(extents.values, extents.steps)),
        null_(Matrix::Zero(extents.steps, 2)) {}

  /// A: directions x 4*singular, columns left first, left last, right first, right last; of one
  /// gate at step t >= 1.
  void add(Orientation orientation, Gradient gradient, Index gate, Index t, const Matrix& A) {
    const Index n = extents_.singular;
    for (const Side side : {Left, Right}) {
      const Index combination = index_of(orientation, side, gradient);
      for (int end = 0; end < 2; ++end)
        add_spread(combination, end, t, A.middleCols((2 * side + end) * n, n));
      add_groups(combination, gate, A.middleCols(2 * side * n, n));
    }
  }
  /// Singular values of the gradient at step t, and how many of its first and last vectors are
  /// null.
  void add(Index t, const Vector& values, Index null_first, Index null_last) {
    values_.col(t - 1) += values.head(extents_.values);
    null_(t - 1, 0) += static_cast<double>(null_first);
    null_(t - 1, 1) += static_cast<double>(null_last);
    ++gradients_;
  }
  void operator+=(const Tally& other) {
    for (std::size_t i = 0; i < gates_.size(); ++i) gates_[i] += other.gates_[i];
    for (std::size_t i = 0; i < spread_.size(); ++i) spread_[i] += other.spread_[i];
    for (std::size_t i = 0; i < histogram_.size(); ++i) histogram_[i] += other.histogram_[i];
    values_ += other.values_;
    null_ += other.null_;
    gradients_ += other.gradients_;
  }

  /// Of the first singular vectors, over runs, steps and the group; of one gate, or of all.
  Moments group(Index combination, Index group, Index gate) const {
    return gates_[at_gate(combination, group, gate)];
  }
  Moments group(Index combination, Index group) const {
    Moments all;
    for (Index gate = 0; gate < extents_.gates; ++gate)
      all += this->group(combination, group, gate);
    return all;
  }
  /// Over runs, gates and singular vectors of an end (0: first, 1: last).
  const Moments& spread(Index combination, int end, Index t, Index direction) const {
    return spread_[at_spread(combination, end, t) + static_cast<std::size_t>(direction)];
  }
  /// Counts [combination, group, singular, bin].
  const std::vector<double>& histogram() const { return histogram_; }
  /// values x steps: mean singular values, as they follow one another in the per_step gradients.
  Matrix mean_values() const { return values_ / per_step(); }
  /// steps x 2: share of the first and of the last vectors that are null.
  Matrix null_share() const {
    return null_ / (per_step() * static_cast<double>(extents_.singular));
  }
  const Extents& extents() const { return extents_; }

 private:
  static std::size_t size(Index n) { return static_cast<std::size_t>(n); }
  double per_step() const {
    return static_cast<double>(gradients_) / static_cast<double>(extents_.steps);
  }
  std::size_t at_gate(Index combination, Index group, Index gate) const {
    return size((gate * combinations + combination) * groups + group);
  }
  std::size_t at_spread(Index combination, int end, Index t) const {
    return size(((combination * 2 + end) * extents_.steps + t - 1) * extents_.directions);
  }

  template <class Columns>
  void add_spread(Index combination, int end, Index t, const Columns& A) {
    Moments* moments = spread_.data() + at_spread(combination, end, t);
    for (Index j = 0; j < A.cols(); ++j)
      for (Index i = 0; i < A.rows(); ++i) moments[i].add(A(i, j));
  }
  template <class Columns>
  void add_groups(Index combination, Index gate, const Columns& A) {
    for (Index group = 0; group < groups; ++group) {
      Moments& moments = gates_[at_gate(combination, group, gate)];
      for (Index j = 0; j < A.cols(); ++j) {
        double* counts = histogram_.data() +
                         ((combination * groups + group) * extents_.singular + j) * extents_.bins;
        for (const Index i : members_[size(group)]) {
          moments.add(A(i, j));
          ++counts[bin(A(i, j))];
        }
      }
    }
  }
  /// Rounding carries a product of unit vectors past 1.
  Index bin(double x) const {
    const double at = std::floor((x + 1) / 2 * static_cast<double>(extents_.bins));
    return std::clamp<Index>(static_cast<Index>(at), 0, extents_.bins - 1);
  }

  Extents extents_;
  Groups members_;
  std::vector<Moments> gates_, spread_;  // [gate, combination, group]; [.., end, t, direction]
  std::vector<double> histogram_;
  Matrix values_, null_;
  Index gradients_ = 0;
};

}  // namespace lyap::alignment
