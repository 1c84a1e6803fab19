// lyap/adjoints.hpp - the backward sweep through a record: J^T u and the weights' adjoints.
#pragma once
#include <vector>

#include "lyap/record_of.hpp"

namespace lyap {

/// Adds up adjoints of the weights over any number of steps; those of sums of weights are kept as
/// one matrix and handed on to the weights by finish().
template <Real T>
class WeightAdjoints {
 public:
  void begin(const BoundWeights<T>& weights, const WeightBars<T>& bars) {
    weights_ = &weights, bars_ = bars;
    arena_.clear();
    sums_.clear();
    for (const WeightSum& sum : weights.sums()) {
      const bool kept = !sum.plain() && wanted(sum);
      sums_.push_back(kept ? arena_.zeros(sum.rows, sum.cols) : nobody());
    }
  }
  bool wanted(int slot) const { return bars_.wanted({slot}); }
  bool wanted_product(int number) const {
    return wanted(weights_->sums()[static_cast<std::size_t>(number)]);
  }

  /// bar(w) += bar a^T, where bar and a have one column per sample.
  void add_product(int number, const ConstViewOf<T>& bar, const ConstViewOf<T>& a) {
    const WeightSum& sum = weights_->sums()[static_cast<std::size_t>(number)];
    if (!sum.plain())
      sums_[static_cast<std::size_t>(number)].noalias() += bar * a.transpose();
    else if (sum.terms[0].transposed)
      bars_[{sum.terms[0].slot}].noalias() += a * bar.transpose();
    else
      bars_[{sum.terms[0].slot}].noalias() += bar * a.transpose();
  }
  /// bar(w) += the column, for biases and diagonals.
  template <class Column>
  void add_column(int slot, const Column& column) {
    bars_[{slot}].col(0) += column;
  }

  void finish() {
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      if (!sums_[i].data()) continue;
      const WeightSum& sum = weights_->sums()[i];
      for (int k = 0; k < sum.count; ++k) {
        const WeightSum::Term& term = sum.terms[static_cast<std::size_t>(k)];
        if (term.slot < 0 || !wanted(term.slot)) continue;
        const T factor = static_cast<T>(term.factor);
        if (term.transposed)
          bars_[{term.slot}] += factor * sums_[i].transpose();
        else
          bars_[{term.slot}] += factor * sums_[i];
      }
    }
  }

 private:
  static ViewOf<T> nobody() { return {nullptr, 0, 0, Eigen::OuterStride<>(0)}; }
  bool wanted(const WeightSum& sum) const {
    for (int k = 0; k < sum.count; ++k) {
      const int slot = sum.terms[static_cast<std::size_t>(k)].slot;
      if (slot >= 0 && wanted(slot)) return true;
    }
    return false;
  }

  const BoundWeights<T>* weights_ = nullptr;
  WeightBars<T> bars_;
  std::vector<ViewOf<T>> sums_;  // by number; no data unless it is a sum and wanted
  Arena<T> arena_;
};

template <Real T>
class BackwardSweep {
 public:
  static BackwardSweep& of_this_thread() {
    thread_local BackwardSweep sweep;
    return sweep;
  }

  /// Once before one or several runs through records of the same weights; finish() ends them.
  void begin(const BoundWeights<T>& weights, const WeightBars<T>& bars) {
    adjoints_.begin(weights, bars);
  }
  void finish() { adjoints_.finish(); }

  /// state += (d result/d state)^T bar, input += (d result/d input)^T bar; k = bar.cols() / samples
  /// adjoints a sample, for samples first .. first+samples-1. Either may have no data.
  void run(const RecordOf<T>& record, Index first, Index samples, const ConstViewOf<T>& bar,
           ViewOf<T> state, ViewOf<T> input) {
    record_ = &record, first_ = first, samples_ = samples, k_ = bar.cols() / samples;
    arena_.clear();
    bars_.clear();
    for (const Node& n : record.nodes()) bars_.push_back(place(n, state, input));
    for (const Record::Result& r : record.results())
      if (at(r.node).data()) at(r.node) += bar.middleRows(r.from, record.node(r.node).rows);
    for (int i = static_cast<int>(bars_.size()) - 1; i >= 0; --i)
      if (at(i).data()) backwards(i, record.node(i));
  }

 private:
  ViewOf<T>& at(int node) { return bars_[static_cast<std::size_t>(node)]; }
  static ViewOf<T> nobody() { return {nullptr, 0, 0, Eigen::OuterStride<>(0)}; }

  /// Where the adjoint of a value is kept: leaves have theirs in the caller's matrices, parts of a
  /// value theirs inside its own, and what nothing wanted depends on has none.
  ViewOf<T> place(const Node& n, const ViewOf<T>& state, const ViewOf<T>& input) {
    if (n.op == Op::State && state.data()) return rows(state, n.from, n.rows);
    if (n.op == Op::Input && input.data()) return input;
    if (n.op == Op::Rows) return at(n.a).data() ? rows(at(n.a), n.from, n.rows) : nobody();
    return reaches(n) ? arena_.zeros(n.rows, samples_ * k_) : nobody();
  }
  bool reaches(const Node& n) {
    if (n.op == Op::Multiply && adjoints_.wanted_product(n.weight)) return true;
    if ((n.op == Op::Bias || n.op == Op::Diagonal) && adjoints_.wanted(n.weight)) return true;
    return (n.a >= 0 && at(n.a).data()) || (n.b >= 0 && at(n.b).data());
  }

  void backwards(int number, const Node& n) {
    if (n.a < 0 || n.op == Op::Rows) return;
    const ViewOf<T> bar = at(number);
    switch (n.op) {
      case Op::Multiply:
        multiplied(n, bar);
        return;
      case Op::Stack: {
        const Index top = record_->node(n.a).rows;
        if (at(n.a).data()) at(n.a) += bar.topRows(top);
        if (at(n.b).data()) at(n.b) += bar.bottomRows(n.rows - top);
        return;
      }
      case Op::Bias:
        if (adjoints_.wanted(n.weight)) adjoints_.add_column(n.weight, bar.rowwise().sum());
        break;
      case Op::Diagonal:
        if (adjoints_.wanted(n.weight))
          adjoints_.add_column(
              n.weight,
              per_sample(bar).cwiseProduct(record_->value(n.a, first_, samples_)).rowwise().sum());
        break;
      default:
        break;
    }
    pass_on(number, n.a, false, bar);
    if (n.b >= 0) pass_on(number, n.b, true, bar);
  }

  void multiplied(const Node& n, const ViewOf<T>& bar) {
    if (adjoints_.wanted_product(n.weight))
      adjoints_.add_product(n.weight, per_sample(bar), record_->value(n.a, first_, samples_));
    if (!at(n.a).data()) return;
    const Multiplier<T> w = record_->weights()[n.weight];
    if (w.transposed)
      at(n.a).noalias() += w.matrix * bar;
    else
      at(n.a).noalias() += w.matrix.transpose() * bar;
  }

  /// Adjoints of the same sample share its values: their sum is all that weights need.
  ConstViewOf<T> per_sample(const ViewOf<T>& bar) {
    if (k_ == 1) return reading(bar);
    ViewOf<T> sums = arena_.take(bar.rows(), samples_);
    for (Index s = 0; s < samples_; ++s) sums.col(s) = bar.middleCols(s * k_, k_).rowwise().sum();
    return reading(sums);
  }

  /// operand bar += slope * bar, elementwise.
  void pass_on(int number, int operand, bool by_second, const ViewOf<T>& bar) {
    ViewOf<T>& to = at(operand);
    if (!to.data()) return;
    const Slope<T> slope = record_->slope(number, by_second, first_, samples_, arena_);
    if (!slope.rows) {
      if (slope.constant != T(0)) to += slope.constant * bar;
      return;
    }
    for (Index s = 0; s < samples_; ++s) {
      const Eigen::Map<const VectorOf<T>> d(slope.column(s), bar.rows());
      for (Index j = s * k_; j < (s + 1) * k_; ++j) to.col(j) += d.cwiseProduct(bar.col(j));
    }
  }

  const RecordOf<T>* record_ = nullptr;
  Index first_ = 0, samples_ = 0, k_ = 0;
  WeightAdjoints<T> adjoints_;
  std::vector<ViewOf<T>> bars_;  // by node; no data where nothing wanted depends on it
  Arena<T> arena_;
};

}  // namespace lyap
