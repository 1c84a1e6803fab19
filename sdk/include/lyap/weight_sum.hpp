// lyap/weight_sum.hpp - linear combinations of weights, their transposes and the identity.
#pragma once
#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "lyap/layout.hpp"

namespace lyap {

class Record;

/// A weight tensor inside recorded equations: multiplies a Value from the left, or is added to
/// one as a bias.
struct Weight {
  Record* record = nullptr;
  int slot = -1;
  Index rows = 0, cols = 0;
};

/// sum_i factor_i W_i, each W_i a weight, its transpose or the identity: W - W^T - gamma E. It is
/// worked out once for as long as the weights stay bound, and has its own gradient.
struct WeightSum {
  struct Term {
    double factor = 1;
    int slot = -1;  // -1: the identity
    bool transposed = false;
    bool operator==(const Term&) const = default;
  };
  static constexpr int most = 8;  // fixed, so that building one allocates nothing

  WeightSum() = default;
  WeightSum(const Weight& w) : record(w.record), rows(w.rows), cols(w.cols), count(1) {
    terms[0] = {1, w.slot, false};
  }

  Record* record = nullptr;
  Index rows = 0, cols = 0;
  int count = 0;
  std::array<Term, most> terms;

  /// One weight as it stands: needs no working out.
  bool plain() const { return count == 1 && terms[0].factor == 1 && terms[0].slot >= 0; }
  bool operator==(const WeightSum& other) const {
    return rows == other.rows && cols == other.cols && count == other.count &&
           std::equal(terms.begin(), terms.begin() + count, other.terms.begin());
  }
};

/// The identity of n rows, for combinations such as s[W] - gamma * identity(n).
inline WeightSum identity(Index n) {
  WeightSum sum;
  sum.rows = sum.cols = n, sum.count = 1;
  return sum;
}

inline WeightSum transpose(WeightSum sum) {
  std::swap(sum.rows, sum.cols);
  for (WeightSum::Term& term : sum.terms) term.transposed = !term.transposed && term.slot >= 0;
  return sum;
}

inline WeightSum operator*(double factor, WeightSum sum) {
  for (WeightSum::Term& term : sum.terms) term.factor *= factor;
  return sum;
}

/// Throws std::invalid_argument when the shapes differ or there are more than WeightSum::most
/// terms.
inline WeightSum operator+(WeightSum a, const WeightSum& b) {
  const auto shape = [](const WeightSum& s) {
    return std::to_string(s.rows) + " x " + std::to_string(s.cols);
  };
  if (a.rows != b.rows || a.cols != b.cols)
    throw std::invalid_argument("the equations add a weight of " + shape(a) + " and one of " +
                                shape(b));
  if (a.count + b.count > WeightSum::most)
    throw std::invalid_argument("a sum of weights has more than " +
                                std::to_string(WeightSum::most) + " terms");
  for (int i = 0; i < b.count; ++i) a.terms[a.count++] = b.terms[i];
  if (!a.record) a.record = b.record;
  return a;
}
inline WeightSum operator-(WeightSum a, const WeightSum& b) {
  return a + (-1.0) * b;
}
inline WeightSum operator-(WeightSum a) {
  return -1.0 * a;
}

}  // namespace lyap
