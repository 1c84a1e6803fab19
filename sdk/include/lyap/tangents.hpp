// lyap/tangents.hpp - the forward sweep through a record: J V, or columns of J itself.
#pragma once
#include <span>
#include <vector>

#include "lyap/record_of.hpp"

namespace lyap {

/// How a value moves with k directions a sample, as diag(scale) D with D
///   Still     zero
///   Unit      rows from .. of the identity, columns as asked: a part of the state itself
///   Gathered  columns of a matrix, as asked: a weight times a part of the state
///   Dense     numbers, rows x samples*k
/// The first three cost nothing to carry; a Jacobian begins with Unit, so the first product with
/// a weight is no product at all, and slopes are applied to vectors until two motions meet.
template <Real T>
struct Tangent {
  enum class Kind { Still, Unit, Gathered, Dense } kind = Kind::Still;
  const T* data = nullptr;  // Gathered, Dense
  Index stride = 0;
  Index from = 0, limit = 0;  // Unit, Gathered: column j is that of state row columns[j] - from
  Slope<T> scale;
};

template <Real T>
class ForwardSweep {
 public:
  using Motion = Tangent<T>;
  using Kind = typename Motion::Kind;

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
      Motion m;
      if (!direction.data() || !(is_state || n.op == Op::Input)) return m;
      m.kind = Kind::Dense, m.data = direction.data() + n.from, m.stride = direction.outerStride();
      return m;
    });
    write(out);
  }

  /// out(i, j) = (d result/d state)(rows[i], columns[j]) of one sample.
  void jacobian(const RecordOf<T>& record, const JacobianBlock& block, ViewOf<T> out) {
    begin(record, block.sample, 1, static_cast<Index>(block.columns.size()));
    columns_ = block.columns;
    run([&](const Node& n) {
      Motion m;
      if (n.op == Op::State) m.kind = Kind::Unit, m.from = n.from, m.limit = n.rows;
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
    motions_.assign(record.nodes().size(), {});
    arena_.clear();
  }

  template <class Leaf>
  void run(Leaf&& leaf) {
    for (std::size_t i = 0; i < motions_.size(); ++i) {
      const Node& n = record_->node(static_cast<int>(i));
      motions_[i] = n.a < 0 ? leaf(n) : motion(static_cast<int>(i), n);
    }
  }

  Motion motion(int number, const Node& n) {
    const Motion& a = motions_[static_cast<std::size_t>(n.a)];
    const bool second = n.b >= 0 && motions_[static_cast<std::size_t>(n.b)].kind != Kind::Still;
    if (a.kind == Kind::Still && !second) return {};
    switch (n.op) {
      case Op::Multiply:
        return multiplied(n, a);
      case Op::Rows:
        return part(a, n.from, n.rows);
      case Op::Stack:
        return stacked(n);
      default:
        break;
    }
    const Motion one = a.kind == Kind::Still ? Motion{} : scaled(number, n, a, false);
    if (!second) return one;
    const Motion two = scaled(number, n, motions_[static_cast<std::size_t>(n.b)], true);
    return one.kind == Kind::Still ? two : sum(n.rows, one, two);
  }

  /// diag(slope) m; only the scale changes.
  Motion scaled(int number, const Node& n, Motion m, bool by_second) {
    const Slope<T> slope = record_->slope(number, by_second, first_, samples_, arena_);
    if (!slope.rows && slope.constant == T(0)) return {};
    m.scale = product(n.rows, m.scale, slope);
    return m;
  }
  Slope<T> product(Index rows, const Slope<T>& a, const Slope<T>& b) {
    if (!a.rows && !b.rows) return {a.constant * b.constant};
    if (!a.rows && a.constant == T(1)) return b;
    if (!b.rows && b.constant == T(1)) return a;
    ViewOf<T> d = arena_.take(rows, samples_);
    for (Index s = 0; s < samples_; ++s)
      for (Index i = 0; i < rows; ++i)
        d(i, s) = (a.rows ? a.column(s)[i] : a.constant) * (b.rows ? b.column(s)[i] : b.constant);
    return {1, d.data(), rows};
  }

  Motion dense(ViewOf<T> m) const {
    Motion out;
    out.kind = Kind::Dense, out.data = m.data(), out.stride = m.outerStride();
    return out;
  }
  Motion sum(Index rows, const Motion& a, const Motion& b) {
    const bool units = a.kind == Kind::Unit && b.kind == Kind::Unit && a.from == b.from;
    if (units) {
      Motion out = a;
      ViewOf<T> d = arena_.take(rows, 1);
      for (Index i = 0; i < rows; ++i)
        d(i, 0) = (a.scale.rows ? a.scale.rows[i] : a.scale.constant) +
                  (b.scale.rows ? b.scale.rows[i] : b.scale.constant);
      out.scale = {1, d.data(), rows};
      return out;
    }
    ViewOf<T> out = arena_.take(rows, samples_ * k_);
    const bool swap = a.kind == Kind::Unit;  // numbers first: the other only adds a diagonal
    spread(swap ? b : a, out, false);
    spread(swap ? a : b, out, true);
    return dense(out);
  }

  Motion multiplied(const Node& n, const Motion& a) {
    const Multiplier<T> w = record_->weights()[n.weight];
    const bool bare = !a.scale.rows && a.scale.constant == T(1);
    if (a.kind == Kind::Unit && !w.transposed && bare) {
      Motion out;
      out.kind = Kind::Gathered, out.data = w.matrix.data(), out.stride = w.matrix.outerStride();
      out.from = a.from, out.limit = a.limit;
      return out;
    }
    ViewOf<T> out = arena_.take(n.rows, samples_ * k_);
    if (a.kind == Kind::Unit) {
      for (Index j = 0; j < k_; ++j) {
        const Index i = columns_[static_cast<std::size_t>(j)] - a.from;
        if (i < 0 || i >= a.limit) {
          out.col(j).setZero();
          continue;
        }
        const T d = a.scale.rows ? a.scale.rows[i] : a.scale.constant;
        if (w.transposed)
          out.col(j) = d * w.matrix.row(i).transpose();
        else
          out.col(j) = d * w.matrix.col(i);
      }
      return dense(out);
    }
    const ConstViewOf<T> in = filled(a, w.transposed ? w.matrix.rows() : w.matrix.cols());
    if (w.transposed)
      out.noalias() = w.matrix.transpose() * in;
    else
      out.noalias() = w.matrix * in;
    return dense(out);
  }
  /// A motion as plain numbers, where they are if that is what it is.
  ConstViewOf<T> filled(const Motion& m, Index rows) {
    if (m.kind == Kind::Dense && !m.scale.rows && m.scale.constant == T(1))
      return {m.data, rows, samples_ * k_, Eigen::OuterStride<>(m.stride)};
    ViewOf<T> out = arena_.take(rows, samples_ * k_);
    spread(m, out, false);
    return reading(out);
  }

  static Motion part(Motion a, Index from, Index rows) {
    if (a.kind == Kind::Unit)
      a.from += from, a.limit = rows;
    else if (a.data)
      a.data += from;
    if (a.scale.rows) a.scale.rows += from;
    return a;
  }
  Motion stacked(const Node& n) {
    ViewOf<T> out = arena_.take(n.rows, samples_ * k_);
    const Index top = record_->node(n.a).rows;
    spread(motions_[static_cast<std::size_t>(n.a)], lyap::rows(out, 0, top), false);
    spread(motions_[static_cast<std::size_t>(n.b)], lyap::rows(out, top, n.rows - top), false);
    return dense(out);
  }

  /// out = diag(scale) D, or out += it.
  void spread(const Motion& m, ViewOf<T> out, bool add) const {
    for (Index s = 0; s < samples_; ++s)
      for (Index j = s * k_; j < (s + 1) * k_; ++j) spread_column(m, s, j, out.col(j), add);
  }
  template <class Column>
  void spread_column(const Motion& m, Index sample, Index j, Column out, bool add) const {
    const T* d = m.scale.column(sample);
    Index at = j;
    if (m.kind == Kind::Unit || m.kind == Kind::Gathered)
      at = columns_[static_cast<std::size_t>(j)] - m.from;
    const bool outside = m.kind != Kind::Dense && (at < 0 || at >= m.limit);
    if (m.kind == Kind::Still || m.kind == Kind::Unit || outside) {
      if (!add) out.setZero();
      if (m.kind == Kind::Unit && !outside) out(at) += d ? d[at] : m.scale.constant;
      return;
    }
    const Eigen::Map<const VectorOf<T>> in(m.data + at * m.stride, out.size());
    const Eigen::Map<const VectorOf<T>> scale(d, d ? out.size() : 0);
    if (d && add)
      out += in.cwiseProduct(scale);
    else if (d)
      out = in.cwiseProduct(scale);
    else if (add)
      out += m.scale.constant * in;
    else if (m.scale.constant == T(1))
      out = in;
    else
      out = m.scale.constant * in;
  }

  const Motion& motion_of(const Record::Result& r) const {
    return motions_[static_cast<std::size_t>(r.node)];
  }
  void write(ViewOf<T> out) const { write_range(0, out); }
  /// Rows first .. first+out.rows()-1 of the results.
  void write_range(Index first, ViewOf<T> out) const {
    for (const Record::Result& r : record_->results()) {
      const Index from = std::max(first, r.from);
      const Index to = std::min(first + out.rows(), r.from + record_->node(r.node).rows);
      if (from < to)
        spread(part(motion_of(r), from - r.from, to - from),
               lyap::rows(out, from - first, to - from), false);
    }
  }
  /// Rows in any order: column by column, so that the way there stays in the nearest cache.
  void write_rows(std::span<const Index> rows, ViewOf<T> out) {
    Index all = 0;
    for (const Record::Result& r : record_->results()) all += record_->node(r.node).rows;
    ViewOf<T> column = arena_.take(all, 1);
    for (Index j = 0; j < k_; ++j) {
      for (const Record::Result& r : record_->results())
        spread_column(motion_of(r), 0, j, column.col(0).segment(r.from, record_->node(r.node).rows),
                      false);
      for (std::size_t i = 0; i < rows.size(); ++i)
        out(static_cast<Index>(i), j) = column(rows[i], 0);
    }
  }

  const RecordOf<T>* record_ = nullptr;
  Index first_ = 0, samples_ = 0, k_ = 0;
  std::span<const Index> columns_;
  std::vector<Motion> motions_;  // by node
  Arena<T> arena_;
};

}  // namespace lyap
