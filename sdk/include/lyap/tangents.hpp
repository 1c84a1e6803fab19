// lyap/tangents.hpp - the forward sweep through a record: J V, or columns of J itself.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "lyap/motion.hpp"
#include "lyap/record_of.hpp"

namespace lyap {

template <Real T>
class ForwardSweep {
 public:
  using Part = Tangent<T>;
  using Kind = typename Part::Kind;

  /// One per thread is enough: the memory stays from sweep to sweep.
  static ForwardSweep& of_this_thread() {
    thread_local ForwardSweep sweep;
    return sweep;
  }

  /// out = (d result/d state) state + (d result/d input) input; k = out.cols() / samples directions
  /// a sample, for samples first .. first+samples-1. Either direction may have no data.
  void push(const RecordOf<T>& record, Index first, Index samples, const ConstViewOf<T>& state,
            const ConstViewOf<T>& input, ViewOf<T> out) {
    begin(record, first, samples, out.cols() / samples);
    columns_ = {};
    run([&](const Node& n) {
      const bool is_state = n.op == Op::State;
      const ConstViewOf<T>& direction = is_state ? state : input;
      Motion<T> m;
      if (direction.data() && (is_state || n.op == Op::Input))
        m.add({Kind::Dense, direction.data() + n.from, direction.outerStride(), 0, 0, {}});
      return m;
    });
    write_range(0, out);
  }

  /// out(i, j) = (d result/d state)(rows[i], columns[j]) of one sample.
  void jacobian(const RecordOf<T>& record, const JacobianBlock& block, ViewOf<T> out) {
    begin(record, block.sample, 1, static_cast<Index>(block.columns.size()));
    columns_ = block.columns;
    run([&](const Node& n) {
      Motion<T> m;
      if (n.op == Op::State) m.add({Kind::Unit, nullptr, 0, n.from, n.rows, {}});
      return m;
    });
    if (block.rows_in_order)
      write_range(block.rows.empty() ? 0 : block.rows[0], out);
    else
      write_rows(block.rows, out);
  }

 private:
  void begin(const RecordOf<T>& record, Index first, Index samples, Index k) {
    record_ = &record, first_ = first, samples_ = samples, k_ = k;
    motions_.resize(record.nodes().size());
    arena_.clear();
  }

  template <class Leaf>
  void run(Leaf&& leaf) {
    for (std::size_t i = 0; i < motions_.size(); ++i) {
      const Node& n = record_->node(static_cast<int>(i));
      if (n.a < 0)
        motions_[i] = leaf(n);
      else
        move(static_cast<int>(i), n, motions_[i]);
    }
  }
  Motion<T>& motion_of(int node) { return motions_[static_cast<std::size_t>(node)]; }

  /// out = how the value of an operation moves.
  void move(int number, const Node& n, Motion<T>& out) {
    const Motion<T>& a = motion_of(n.a);
    const bool second = n.b >= 0 && !motion_of(n.b).still();
    out.count = 0;
    if (a.still() && !second) return;
    switch (n.op) {
      case Op::Multiply:
        out.add(multiplied(n, a));
        return;
      case Op::Rows:
        out = part(a, n.from, n.rows);
        return;
      case Op::Stack:
        out.add(stacked(n));
        return;
      default:
        scale(number, n, a, false, out);
        if (!second) return;
        Motion<T> more;
        scale(number, n, motion_of(n.b), true, more);
        add(n.rows, more, out);
    }
  }

  /// out = diag(slope) m, when that is not zero.
  void scale(int number, const Node& n, const Motion<T>& m, bool by_second, Motion<T>& out) {
    if (m.still()) return;
    const Slope<T> slope = record_->slope(number, by_second, first_, samples_, arena_);
    if (!slope.rows && slope.constant == T(0)) return;
    out = m;
    // With few directions a sample the numbers are no more than the scales.
    if (m.count > 1 && slope.rows && k_ < 4) settle(n.rows, out);
    for (Part& p : out.all()) p.scale = product(n.rows, p.scale, slope);
  }
  Slope<T> product(Index rows, const Slope<T>& a, const Slope<T>& b) {
    if (!a.rows && !b.rows) return {a.constant * b.constant};
    if (!a.rows && a.constant == T(1)) return b;
    if (!b.rows && b.constant == T(1)) return a;
    ViewOf<T> d = arena_.take(rows, samples_);
    if (a.rows && b.rows)
      run_wide<loops::Pairwise<loops::Product>>(a.rows, a.stride, b.rows, b.stride, d.data(), rows,
                                                rows, samples_, Index{1});
    else
      run_wide<loops::Scaled<false>>(a.rows ? b.constant : a.constant, a.rows ? a.rows : b.rows,
                                     a.rows ? a.stride : b.stride, d.data(), rows, rows, samples_);
    return {1, d.data(), rows};
  }

  /// out += m.
  void add(Index rows, Motion<T>& m, Motion<T>& out) {
    if (out.count + m.count > Motion<T>::most) settle(rows, out.count > 1 ? out : m);
    if (out.count + m.count > Motion<T>::most) settle(rows, m);
    for (const Part& p : m.all())
      if (Part* same = same_numbers(out, p))
        same->scale = added(rows, same->scale, p.scale);
      else
        out.add(p);
  }
  /// The part whose scale may be added to that of p; with few directions a sample one part more is
  /// no more work.
  Part* same_numbers(Motion<T>& m, const Part& p) const {
    if (p.kind == Kind::Dense && k_ < 4) return nullptr;
    for (Part& other : m.all())
      if (other.same_but_for_scale(p)) return &other;
    return nullptr;
  }
  Slope<T> added(Index rows, const Slope<T>& a, const Slope<T>& b) {
    const Slope<T> x = as_rows(a, rows), y = as_rows(b, rows);
    ViewOf<T> d = arena_.take(rows, samples_);
    run_wide<loops::Pairwise<loops::Sum>>(x.rows, x.stride, y.rows, y.stride, d.data(), rows, rows,
                                          samples_, Index{1});
    return {1, d.data(), rows};
  }
  /// The same with a number for each row.
  Slope<T> as_rows(const Slope<T>& slope, Index rows) {
    if (slope.rows) return slope;
    ViewOf<T> d = arena_.take(rows, 1);
    d.setConstant(slope.constant);
    return {1, d.data(), 0};
  }

  Part multiplied(const Node& n, const Motion<T>& a) {
    const Multiplier<T> w = record_->weights()[n.weight];
    const Part* bare = a.bare();
    if (bare && bare->kind == Kind::Unit && !w.transposed)
      return {Kind::Gathered, w.matrix.data(), w.matrix.outerStride(), bare->from, bare->limit, {}};
    ViewOf<T> numbers = arena_.take(n.rows, samples_ * k_);
    if (a.count == 1 && a.parts[0].kind == Kind::Unit)
      columns_of(w, a.parts[0], numbers);
    else
      record_->weights().multiply(n.weight, filled(a, record_->node(n.a).rows), numbers);
    return dense(numbers);
  }
  /// out = w diag(scale) I of one sample.
  void columns_of(const Multiplier<T>& w, const Part& unit, ViewOf<T> out) const {
    for (Index j = 0; j < k_; ++j) {
      const Index i = columns_[static_cast<std::size_t>(j)] - unit.from;
      if (i < 0 || i >= unit.limit) {
        out.col(j).setZero();
        continue;
      }
      const T d = unit.scale.rows ? unit.scale.rows[i] : unit.scale.constant;
      if (w.transposed)
        out.col(j) = d * w.matrix.row(i).transpose();
      else
        out.col(j) = d * w.matrix.col(i);
    }
  }

  static Part dense(const ViewOf<T>& m) {
    return {Kind::Dense, m.data(), m.outerStride(), 0, 0, {}};
  }
  ViewOf<T> numbers_of(Index rows, const Motion<T>& m) {
    ViewOf<T> out = arena_.take(rows, samples_ * k_);
    spread(m, 0, k_, out);
    return out;
  }
  /// The same motion as plain numbers.
  void settle(Index rows, Motion<T>& m) {
    const Part numbers = dense(numbers_of(rows, m));
    m.count = 0;
    m.add(numbers);
  }
  /// Where the numbers are, if that is what it is.
  ConstViewOf<T> filled(const Motion<T>& m, Index rows) {
    const Part* bare = m.bare();
    const Part numbers = bare && bare->kind == Kind::Dense ? *bare : dense(numbers_of(rows, m));
    return {numbers.data, rows, samples_ * k_, Eigen::OuterStride<>(numbers.stride)};
  }

  static Motion<T> part(Motion<T> m, Index from, Index rows) {
    for (Part& p : m.all()) {
      if (p.kind == Kind::Unit)
        p.from += from, p.limit = rows;
      else
        p.data += from;
      if (p.scale.rows) p.scale.rows += from;
    }
    return m;
  }
  Part stacked(const Node& n) {
    ViewOf<T> out = arena_.take(n.rows, samples_ * k_);
    const Index top = record_->node(n.a).rows;
    spread(motion_of(n.a), 0, k_, lyap::rows(out, 0, top));
    spread(motion_of(n.b), 0, k_, lyap::rows(out, top, n.rows - top));
    return dense(out);
  }

  /// out = the motion in directions first .. first+count-1 of every sample.
  void spread(const Motion<T>& m, Index first, Index count, ViewOf<T> out) {
    std::array<loops::Addend<T>, Motion<T>::most> addends;
    Index numbers = 0;
    for (const Part& p : m.all()) {
      if (p.kind == Kind::Unit) continue;
      const Slope<T> scale = as_rows(p.scale, out.rows());
      const bool gathered = p.kind == Kind::Gathered;
      addends[static_cast<std::size_t>(numbers++)] = {scale.rows,
                                                      scale.stride,
                                                      gathered ? p.data : p.data + first * p.stride,
                                                      p.stride,
                                                      gathered ? columns_.data() + first : nullptr,
                                                      p.from,
                                                      p.limit};
    }
    run_wide<loops::SumOfAddends>(addends.data(), numbers, out.rows(), samples_, count, out.data(),
                                  out.outerStride());
    for (const Part& p : m.all())
      if (p.kind == Kind::Unit) add_unit(p, first, count, out);
  }
  void add_unit(const Part& p, Index first, Index count, ViewOf<T> out) const {
    for (Index j = 0; j < count; ++j) {
      const Index at = columns_[static_cast<std::size_t>(first + j)] - p.from;
      if (at < 0 || at >= p.limit) continue;
      out(at, j) += p.scale.rows ? p.scale.rows[at] : p.scale.constant;
    }
  }

  /// Rows first .. first+out.rows()-1 of the results.
  void write_range(Index first, ViewOf<T> out) {
    for (const Record::Result& r : record_->results()) {
      const Index from = std::max(first, r.from);
      const Index to = std::min(first + out.rows(), r.from + record_->node(r.node).rows);
      if (from < to)
        spread(part(motion_of(r.node), from - r.from, to - from), 0, k_,
               lyap::rows(out, from - first, to - from));
    }
  }
  /// Rows in any order: a few columns at a time, so that the way there stays in the nearest cache.
  void write_rows(std::span<const Index> rows, ViewOf<T> out) {
    constexpr Index tile = 8;
    Index all = 0;
    for (const Record::Result& r : record_->results()) all += record_->node(r.node).rows;
    ViewOf<T> made = arena_.take(all, tile);
    for (Index j = 0; j < k_; j += tile) {
      const Index now = std::min(tile, k_ - j);
      const auto mark = arena_.mark();
      for (const Record::Result& r : record_->results())
        spread(motion_of(r.node), j, now,
               columns(lyap::rows(made, r.from, record_->node(r.node).rows), 0, now));
      arena_.release(mark);
      for (Index c = 0; c < now; ++c)
        for (std::size_t i = 0; i < rows.size(); ++i)
          out(static_cast<Index>(i), j + c) = made(rows[i], c);
    }
  }

  const RecordOf<T>* record_ = nullptr;
  Index first_ = 0, samples_ = 0, k_ = 0;
  std::span<const Index> columns_;
  std::vector<Motion<T>> motions_;  // by node
  Arena<T> arena_;
};

}  // namespace lyap
