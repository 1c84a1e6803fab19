// lyap/record_of.hpp - a record with its numbers: the value of every operation of one step.
#pragma once
#include <cassert>
#include <optional>
#include <vector>

#include "lyap/arena.hpp"
#include "lyap/rehearsal.hpp"
#include "lyap/slope.hpp"

namespace lyap {

/// What the leaves of a step read, one column per sample.
template <Real T>
struct Leaves {
  ConstViewOf<T> state, input, normal, uniform;
};

template <Real T>
class RecordOf final : public Record {
 public:
  explicit RecordOf(BoundWeights<T>& weights) : Record(weights), weights_(&weights) {}

  /// Forgets the last step; the equations of the rehearsal may follow, and finish(). Results go to
  /// rows of `states`, one column per sample, unless it has no data.
  void begin(const Leaves<T>& leaves, const Rehearsal& rehearsal, const ViewOf<T>& states) {
    forget();
    places_.clear(), slopes_.clear();
    rehearsal_ = &rehearsal;
    samples_ = leaves.state.cols();
    // Every matrix begins a cache line: allow for one more per operation.
    arena_.clear(rehearsal.kept_rows() * samples_ + 64 * 16);
    leaves_.emplace(leaves);
    states_.emplace(states);
    scratch().clear();
    scratch_.clear();
    for (const Index rows : rehearsal.scratch())
      scratch_.push_back(scratch().take(rows, samples_).data());
  }
  /// What is kept from here on: the values that derivatives ask for.
  void finish() {
    if (static_cast<int>(nodes().size()) != rehearsal_->size()) refuse();
    if (states_->data())
      for (const Result& r : results()) {
        ViewOf<T> to = rows(*states_, r.from, node(r.node).rows);
        if (const Place& p = place(r.node); p.data != to.data()) to = value(r.node);
      }
    for (std::size_t i = 0; i < places_.size(); ++i)
      if ((*rehearsal_)[(*rehearsal_)[static_cast<int>(i)].home].place != Planned::Place::Kept)
        places_[i] = {};
  }

  Index samples() const { return samples_; }
  const BoundWeights<T>& weights() const { return *weights_; }

  ConstViewOf<T> value(int node) const { return value(node, 0, samples_); }
  /// Of samples first .. first+count-1.
  ConstViewOf<T> value(int node, Index first, Index count) const {
    const Place& p = place(node);
    assert(p.data);
    return {p.data + first * p.stride, this->node(node).rows, count,
            Eigen::OuterStride<>(p.stride)};
  }

  /// The slope of an elementwise operation by its first or second operand, for some samples.
  Slope<T> slope(int number, bool by_second, Index first, Index count, Arena<T>& arena) const {
    const Node& n = node(number);
    const auto of = [&](const Place& p) -> Slope<T> {
      return {1, p.data + first * p.stride, p.stride};
    };
    const auto made = [&](auto&& expression) -> Slope<T> {
      ViewOf<T> d = arena.take(n.rows, count);
      d = expression;
      return {1, d.data(), n.rows};
    };
    switch (n.op) {
      case Op::Add:
      case Op::Bias:
      case Op::Shift:
        return {1};
      case Op::Subtract:
        return {by_second ? T(-1) : T(1)};
      case Op::Scale:
        return {static_cast<T>(n.c)};
      case Op::Sign:
        return {0};
      case Op::Diagonal:
        return {1, weights_->weight(n.weight).data(), 0};
      case Op::Product:
        return of(place(by_second ? n.a : n.b));
      case Op::Quotient: {
        const auto b = value(n.b, first, count).array();
        return by_second ? made((-value(number, first, count).array() / b).matrix())
                         : made(b.inverse().matrix());
      }
      case Op::Exp:
        return of(place(number));
      case Op::Tanh:
      case Op::Sigmoid:
        return of(slopes_[static_cast<std::size_t>(number)]);
      case Op::Reciprocal:
        return made(
            (-value(number, first, count).array() / value(n.a, first, count).array()).matrix());
      default: {
        ViewOf<T> d = arena.take(n.rows, count);
        operation::slope<T>(n, value(n.a, first, count), d);
        return {1, d.data(), n.rows};
      }
    }
  }

 private:
  using How = Planned::How;
  /// Where a value or a slope of all samples stands.
  struct Place {
    T* data = nullptr;
    Index stride = 0;
  };
  const Place& place(int node) const { return places_[static_cast<std::size_t>(node)]; }
  static ViewOf<T> view(const Place& p, Index rows, Index samples) {
    return {p.data, rows, samples, Eigen::OuterStride<>(p.stride)};
  }
  /// One for all records of a thread: only one of them is at work.
  static Arena<T>& scratch() {
    thread_local Arena<T> arena;
    return arena;
  }
  [[noreturn]] static void refuse() {
    throw std::logic_error(
        "the equations are not those of the rehearsal: let them depend on options and on noisy() "
        "alone");
  }

  void carry_out(int number) override {
    const Node& n = node(number);
    if (!rehearsal_->same(number, n)) refuse();
    const Planned& plan = (*rehearsal_)[number];
    places_.push_back(plan.home == number ? own_place(plan) : within(place(plan.home), plan.from));
    ViewOf<T> out = view(places_.back(), n.rows, samples_);
    slopes_.push_back(slope_place(plan));
    switch (plan.how) {
      case How::Write:
        if (n.a >= 0)
          write(number, plan, out);
        else if (plan.place == Planned::Place::Kept)
          out = leaf(n);
        return;
      case How::Change:
        return change(n, out);
      case How::Add:
        return add(n, out);
      case How::Nothing:
        return;
    }
  }
  static Place within(const Place& whole, Index from) { return {whole.data + from, whole.stride}; }
  Place own_place(const Planned& plan) {
    const Index rows = plan.node.rows;
    switch (plan.place) {
      case Planned::Place::Scratch:
        return {scratch_[static_cast<std::size_t>(plan.at)], rows};
      case Planned::Place::Result:
        if (states_->data()) return {entry(*states_, plan.at, 0), states_->outerStride()};
        return {scratch().take(rows, samples_).data(), rows};
      case Planned::Place::Lent: {
        const ConstViewOf<T> there = leaf(plan.node);
        return {const_cast<T*>(there.data()), there.outerStride()};
      }
      case Planned::Place::Kept:
        break;
    }
    return {arena_.take(rows, samples_).data(), rows};
  }
  Place slope_place(const Planned& plan) {
    if (plan.slope == Planned::Slope::InOperand) return place(plan.node.a);
    if (plan.slope == Planned::Slope::None) return {};
    return {arena_.take(plan.node.rows, samples_).data(), plan.node.rows};
  }
  ConstViewOf<T> leaf(const Node& n) const {
    switch (n.op) {
      case Op::State:
        return rows(leaves_->state, n.from, n.rows);
      case Op::Input:
        return leaves_->input;
      case Op::Normal:
        return leaves_->normal;
      default:
        return leaves_->uniform;
    }
  }

  void write(int number, const Planned& plan, ViewOf<T> out) {
    const Node& n = plan.node;
    switch (n.op) {
      case Op::Multiply:
        if (!plan.biases.empty()) begin_sum(plan.biases, out);
        return weights_->multiply(n.weight, value(n.a), out, !plan.biases.empty());
      case Op::Bias:
        return operation::pairwise<loops::Sum>(weights_->weight(n.weight), value(n.a), out);
      case Op::Diagonal:
        return operation::pairwise<loops::Product>(weights_->weight(n.weight), value(n.a), out);
      case Op::Stack:
        out.topRows(node(n.a).rows) = value(n.a);
        out.bottomRows(node(n.b).rows) = value(n.b);
        return;
      case Op::Tanh:
        return elementwise::apply<elementwise::TanhWithSlope>(value(n.a), out, slopes_of(number));
      case Op::Sigmoid:
        return elementwise::apply<elementwise::SigmoidWithSlope>(value(n.a), out,
                                                                 slopes_of(number));
      case Op::Add:
      case Op::Subtract:
      case Op::Product:
      case Op::Quotient:
        return operation::value<T>(n, value(n.a), value(n.b), out);
      default:
        return operation::value<T>(node(number), value(n.a), out);
    }
  }
  ViewOf<T> slopes_of(int number) const {
    return view(slopes_[static_cast<std::size_t>(number)], node(number).rows, samples_);
  }
  /// out = the sum of the biases, in every column.
  void begin_sum(const std::vector<int>& biases, ViewOf<T> out) const {
    const auto mark = scratch().mark();
    ViewOf<T> sum = scratch().take(out.rows(), 1);
    sum = weights_->weight(biases[0]);
    for (std::size_t i = 1; i < biases.size(); ++i) sum += weights_->weight(biases[i]);
    run_wide<loops::Scaled<false>>(T(1), sum.data(), Index{0}, out.data(), out.outerStride(),
                                   out.rows(), out.cols());
    scratch().release(mark);
  }
  /// out = out op the other operand; out is an operand already.
  void change(const Node& n, ViewOf<T> out) const {
    if (n.op == Op::Shift) {
      out.array() += static_cast<T>(n.c);
      return;
    }
    if (n.op == Op::Bias) return add_scaled(T(1), weights_->weight(n.weight), out);
    const int other = place(n.a).data == out.data() ? n.b : n.a;
    add_scaled(n.op == Op::Subtract ? T(-1) : T(1), value(other), out);
  }
  /// out += the value.
  void add(const Node& n, ViewOf<T> out) const {
    switch (n.op) {
      case Op::Multiply:
        return weights_->multiply(n.weight, value(n.a), out, true);
      case Op::Scale:
        return add_scaled(static_cast<T>(n.c), value(n.a), out);
      case Op::Diagonal:
        return operation::pairwise<loops::PlusProduct>(weights_->weight(n.weight), value(n.a), out);
      default:
        return operation::pairwise<loops::PlusProduct>(value(n.a), value(n.b), out);
    }
  }
  static void add_scaled(T factor, const ConstViewOf<T>& a, ViewOf<T> out) {
    run_wide<loops::Scaled<true>>(factor, a.data(), a.cols() > 1 ? a.outerStride() : 0, out.data(),
                                  out.outerStride(), out.rows(), out.cols());
  }

  BoundWeights<T>* weights_;
  const Rehearsal* rehearsal_ = nullptr;
  std::optional<Leaves<T>> leaves_;
  std::optional<ViewOf<T>> states_;
  Arena<T> arena_;
  std::vector<Place> places_, slopes_;  // by node
  std::vector<T*> scratch_;             // by number
  Index samples_ = 0;
};

}  // namespace lyap
