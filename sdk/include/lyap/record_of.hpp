// lyap/record_of.hpp - a record with its numbers: the value of every operation of one step.
#pragma once
#include <optional>
#include <vector>

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

  /// Forgets the last step; equations may follow, those of the rehearsal when there was one. The
  /// leaves are copied as they are named.
  void begin(const Leaves<T>& leaves, const Rehearsal* rehearsal = nullptr) {
    forget();
    numbers_.clear();
    rehearsal_ = rehearsal;
    samples_ = leaves.state.cols();
    // Every matrix begins a cache line: allow for one more per operation.
    arena_.clear(rehearsal ? rehearsal->kept_rows() * samples_ + 64 * 16 : 0);
    leaves_.emplace(leaves);
  }

  Index samples() const { return samples_; }
  const BoundWeights<T>& weights() const { return *weights_; }

  ConstViewOf<T> value(int node) const { return value(node, 0, samples_); }
  /// Of samples first .. first+count-1.
  ConstViewOf<T> value(int node, Index first, Index count) const {
    const Numbers& n = numbers_[static_cast<std::size_t>(node)];
    return {n.data + first * n.stride, this->node(node).rows, count,
            Eigen::OuterStride<>(n.stride)};
  }

  /// The slope of an elementwise operation by its first or second operand, for some samples.
  Slope<T> slope(int number, bool by_second, Index first, Index count, Arena<T>& arena) const {
    const Node& n = node(number);
    const auto of = [&](int operand) -> Slope<T> {
      const ConstViewOf<T> v = value(operand, first, count);
      return {1, v.data(), v.outerStride()};
    };
    const auto made = [&](auto&& expression) -> Slope<T> {
      ViewOf<T> d = arena.take(n.rows, count);
      d = expression;
      return {1, d.data(), n.rows};
    };
    switch (n.op) {
      case Op::Add:
      case Op::Bias:
        return {1};
      case Op::Subtract:
        return {by_second ? T(-1) : T(1)};
      case Op::Diagonal:
        return {1, weights_->weight(n.weight).data(), 0};
      case Op::Product:
        return of(by_second ? n.a : n.b);
      case Op::Quotient: {
        const auto b = value(n.b, first, count).array();
        return by_second ? made((-value(number, first, count).array() / b).matrix())
                         : made(b.inverse().matrix());
      }
      default:
        return operation::slope<T>(n, value(n.a, first, count), value(number, first, count), arena);
    }
  }

 private:
  struct Numbers {
    const T* data;
    Index stride;
  };

  bool overwrites(int number) const {
    const auto at = static_cast<std::size_t>(number);
    return rehearsal_ && at < rehearsal_->nodes.size() && rehearsal_->overwrites[at] &&
           rehearsal_->nodes[at].op == node(number).op;
  }
  void carry_out(int number) override {
    const Node& n = node(number);
    if (n.op == Op::Rows) {  // no copy: a part of what is there
      const Numbers& whole = numbers_[static_cast<std::size_t>(n.a)];
      numbers_.push_back({whole.data + n.from, whole.stride});
      return;
    }
    if (overwrites(number)) {
      const ConstViewOf<T> there = value(n.a);
      const ConstViewOf<T> more = n.op == Op::Bias ? weights_->weight(n.weight) : value(n.b);
      T* sum = const_cast<T*>(there.data());
      run_wide<loops::Scaled<true>>(T(1), more.data(), more.cols() > 1 ? more.outerStride() : 0,
                                    sum, there.outerStride(), n.rows, samples_);
      numbers_.push_back({sum, there.outerStride()});
      return;
    }
    ViewOf<T> out = arena_.take(n.rows, samples_);
    numbers_.push_back({out.data(), n.rows});
    switch (n.op) {
      case Op::State:
        out = leaves_->state.middleRows(n.from, n.rows);
        break;
      case Op::Input:
        out = leaves_->input;
        break;
      case Op::Normal:
        out = leaves_->normal;
        break;
      case Op::Uniform:
        out = leaves_->uniform;
        break;
      case Op::Multiply:
        weights_->multiply(n.weight, value(n.a), out);
        break;
      case Op::Bias:
        operation::pairwise<loops::Sum>(weights_->weight(n.weight), value(n.a), out);
        break;
      case Op::Diagonal:
        operation::pairwise<loops::Product>(weights_->weight(n.weight), value(n.a), out);
        break;
      case Op::Stack:
        out.topRows(node(n.a).rows) = value(n.a);
        out.bottomRows(node(n.b).rows) = value(n.b);
        break;
      case Op::Add:
      case Op::Subtract:
      case Op::Product:
      case Op::Quotient:
        operation::value<T>(n, value(n.a), value(n.b), out);
        break;
      default:
        operation::value<T>(n, value(n.a), out);
    }
  }

  BoundWeights<T>* weights_;
  const Rehearsal* rehearsal_ = nullptr;
  std::optional<Leaves<T>> leaves_;
  Arena<T> arena_;
  std::vector<Numbers> numbers_;  // by node
  Index samples_ = 0;
};

}  // namespace lyap
