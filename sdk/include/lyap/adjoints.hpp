// lyap/adjoints.hpp - the backward sweep through a record: J^T u and the weights' adjoints.
#pragma once
#include <memory>
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
      add_outer(bar, a, sums_[static_cast<std::size_t>(number)]);
    else if (sum.terms[0].transposed)
      add_outer(a, bar, bars_[{sum.terms[0].slot}]);
    else
      add_outer(bar, a, bars_[{sum.terms[0].slot}]);
  }
  /// bar(w) += the sum of the columns of bar .* a (of bar alone when a has no data), for diagonals
  /// and biases.
  void add_columns(int slot, const ConstViewOf<T>& bar, const ConstViewOf<T>& a) {
    T* to = bars_[{slot}].data();
    if (a.data())
      run_wide<loops::SumOfColumns<true>>(bar.data(), bar.outerStride(), a.data(), a.outerStride(),
                                          to, bar.rows(), bar.cols());
    else
      run_wide<loops::SumOfColumns<false>>(bar.data(), bar.outerStride(), bar.data(),
                                           bar.outerStride(), to, bar.rows(), bar.cols());
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
    count_uses();
    bars_.clear();
    for (const Node& n : record.nodes()) bars_.push_back(place(n, state, input));
    for (const Record::Result& r : record.results())
      if (at(r.node).wanted())
        give(at(r.node), 1, lyap::rows(bar, r.from, record.node(r.node).rows));
    for (int i = static_cast<int>(bars_.size()) - 1; i >= 0; --i)
      if (at(i).wanted()) backwards(i, record.node(i));
  }

 private:
  /// The adjoint of a value: where it is kept, and whether anything has been put there yet.
  struct Bar {
    ViewOf<T> numbers;
    bool begun;
    bool wanted() const { return numbers.data(); }
  };
  /// What depends on a value: how many operations and results, how many of them take rows of it,
  /// and how many rows those cover one after the other, -1 when they do otherwise.
  struct Uses {
    int all = 0, parts = 0;
    Index covered = 0;
  };

  Bar& at(int node) { return bars_[static_cast<std::size_t>(node)]; }
  Uses& uses(int node) { return uses_[static_cast<std::size_t>(node)]; }

  void count_uses() {
    uses_.assign(record_->nodes().size(), {});
    for (const Node& n : record_->nodes()) {
      if (n.a >= 0) ++uses(n.a).all;
      if (n.b >= 0) ++uses(n.b).all;
      if (n.op != Op::Rows) continue;
      int whole = n.a;
      while (record_->node(whole).op == Op::Rows) whole = record_->node(whole).a;
      Uses& u = uses(whole);
      ++u.parts;
      u.covered = whole == n.a && n.from == u.covered ? u.covered + n.rows : -1;
    }
    for (const Record::Result& r : record_->results()) ++uses(r.node).all;
  }

  /// Leaves have their adjoints in the caller's matrices, parts of a value theirs inside its own,
  /// and what nothing wanted depends on has none.
  Bar place(const Node& n, const ViewOf<T>& state, const ViewOf<T>& input) {
    if (n.op == Op::State && state.data()) return {rows(state, n.from, n.rows), true};
    if (n.op == Op::Input && input.data()) return {input, true};
    if (n.op == Op::Rows)
      return {at(n.a).wanted() ? rows(at(n.a).numbers, n.from, n.rows) : nobody(), at(n.a).begun};
    if (!reaches(n)) return {nobody(), false};
    const Uses& u = uses(static_cast<int>(bars_.size()));
    // Parts that cover the value, each row once, may begin one by one; otherwise all begins at 0.
    const bool apart = u.parts == 0 || (u.parts == u.all && u.covered == n.rows);
    return apart ? Bar{arena_.take(n.rows, samples_ * k_), false}
                 : Bar{arena_.zeros(n.rows, samples_ * k_), true};
  }
  static ViewOf<T> nobody() { return {nullptr, 0, 0, Eigen::OuterStride<>(0)}; }
  bool reaches(const Node& n) {
    if (n.op == Op::Multiply && adjoints_.wanted_product(n.weight)) return true;
    if ((n.op == Op::Bias || n.op == Op::Diagonal) && adjoints_.wanted(n.weight)) return true;
    return (n.a >= 0 && at(n.a).wanted()) || (n.b >= 0 && at(n.b).wanted());
  }

  void backwards(int number, const Node& n) {
    Bar& own = at(number);
    if (!own.begun && n.op == Op::Rows) own.numbers.setZero();
    const bool zero = !own.begun && uses(number).parts == 0;
    if (zero || n.a < 0 || n.op == Op::Rows) return;
    const ConstViewOf<T> bar = reading(own.numbers);
    switch (n.op) {
      case Op::Multiply:
        multiplied(n, bar);
        return;
      case Op::Stack: {
        const Index top = record_->node(n.a).rows;
        if (at(n.a).wanted()) give(at(n.a), 1, rows(bar, 0, top));
        if (at(n.b).wanted()) give(at(n.b), 1, rows(bar, top, n.rows - top));
        return;
      }
      case Op::Bias:
        if (adjoints_.wanted(n.weight)) adjoints_.add_columns(n.weight, bar, reading(nobody()));
        break;
      case Op::Diagonal:
        if (adjoints_.wanted(n.weight))
          adjoints_.add_columns(n.weight, per_sample(bar), record_->value(n.a, first_, samples_));
        break;
      default:
        break;
    }
    pass_on(number, n.a, false, bar);
    if (n.b >= 0) pass_on(number, n.b, true, bar);
  }

  void multiplied(const Node& n, const ConstViewOf<T>& bar) {
    if (adjoints_.wanted_product(n.weight))
      adjoints_.add_product(n.weight, per_sample(bar), record_->value(n.a, first_, samples_));
    if (!at(n.a).wanted()) return;
    record_->weights().multiply_transposed(n.weight, bar, at(n.a).numbers, at(n.a).begun);
    at(n.a).begun = true;
  }

  /// Adjoints of the same sample share its values: their sum is all that weights need.
  ConstViewOf<T> per_sample(const ConstViewOf<T>& bar) {
    if (k_ == 1) return bar;
    ViewOf<T> sums = arena_.zeros(bar.rows(), samples_);
    for (Index s = 0; s < samples_; ++s)
      run_wide<loops::SumOfColumns<false>>(entry(bar, 0, s * k_), bar.outerStride(),
                                           entry(bar, 0, s * k_), bar.outerStride(),
                                           entry(sums, 0, s), bar.rows(), k_);
    return reading(sums);
  }

  /// operand bar += slope * bar, elementwise.
  void pass_on(int number, int operand, bool by_second, const ConstViewOf<T>& bar) {
    Bar& to = at(operand);
    if (!to.wanted()) return;
    const Slope<T> slope = record_->slope(number, by_second, first_, samples_, arena_);
    if (!slope.rows && slope.constant == T(0)) return;
    if (!slope.rows && slope.constant == T(1) && may_share(operand)) {
      std::construct_at(&to.numbers, at(number).numbers);  // assignment would copy the numbers
      to.begun = true;
      return;
    }
    if (!slope.rows)
      give(to, slope.constant, bar);
    else if (to.begun)
      scale<loops::PlusProduct>(slope, bar, to.numbers);
    else
      scale<loops::Product>(slope, bar, to.numbers);
    to.begun = true;
  }
  /// The adjoint of a value that only one operation depends on may be that operation's own.
  bool may_share(int operand) {
    const Op op = record_->node(operand).op;
    const bool elsewhere = op == Op::State || op == Op::Input || op == Op::Rows;
    return !elsewhere && uses(operand).all == 1;
  }
  template <class Loop>
  void scale(const Slope<T>& slope, const ConstViewOf<T>& bar, ViewOf<T> to) const {
    run_wide<loops::Pairwise<Loop>>(slope.rows, slope.stride, bar.data(), bar.outerStride(),
                                    to.data(), to.outerStride(), to.rows(), samples_, k_);
  }
  static void give(Bar& to, T factor, const ConstViewOf<T>& bar) {
    const auto loop =
        to.begun ? &run_wide<loops::Scaled<true>, T, const T*, Index, T*, Index, Index, Index>
                 : &run_wide<loops::Scaled<false>, T, const T*, Index, T*, Index, Index, Index>;
    loop(factor, bar.data(), bar.outerStride(), to.numbers.data(), to.numbers.outerStride(),
         bar.rows(), bar.cols());
    to.begun = true;
  }

  const RecordOf<T>* record_ = nullptr;
  Index first_ = 0, samples_ = 0, k_ = 0;
  WeightAdjoints<T> adjoints_;
  std::vector<Uses> uses_;  // by node
  std::vector<Bar> bars_;   // by node; no data where nothing wanted depends on it
  Arena<T> arena_;
};

}  // namespace lyap
