// lyap/rehearsal.hpp - where every value of a step goes, planned before the first one.
//
// Operations are carried out as the equations say them. Since a rehearsal has told what comes, each
// puts its value where it is wanted: a step keeps what derivatives ask for, which is operands of
// products and slopes; sums are added up in the place of their first term, results are made among
// the states after the step, and all else stands in scratch that the next step uses again.
#pragma once
#include <algorithm>
#include <vector>

#include "lyap/record.hpp"

namespace lyap {

/// How one operation is carried out, and where its value stands.
struct Planned {
  enum class How {
    Write,   // to a place of its own
    Change,  // the place of an operand that nothing else reads
    Add,     // to the place of another value: only the sum of both is read
    Nothing  // a part of what is there, or a sum that is there already
  };
  enum class Place {
    Kept,     // for the derivatives
    Scratch,  // until the last operation that reads it
    Result,   // among the states after the step
    Lent      // a leaf: where the caller has it
  };
  enum class Slope {
    None,       // comes from values that are kept, or is a constant
    InOperand,  // kept in the operand's place
    Kept        // in a place of its own
  };

  Node node{};
  How how = How::Write;
  int home = 0;    // whose place the value stands in,
  Index from = 0;  // from which row on
  // Of a place of its own:
  Place place = Place::Scratch;
  Index at = 0;             // Scratch: its number; Result: its row among the states
  std::vector<int> biases;  // of a product: slots of the columns it is added to
  Slope slope = Slope::None;
};

/// What was noted of equations when they were rehearsed, and the plan made of it.
class Rehearsal {
 public:
  Rehearsal() = default;
  explicit Rehearsal(const Record& record)
      : readers_(record.nodes().size()), summands_(record.nodes().size()) {
    for (const Node& node : record.nodes()) plan_.emplace_back().node = node;
    count_readers(record.results());
    for (int i = 0; i < size(); ++i) gather_sum(i);
    for (int i = 0; i < size(); ++i) put(i);
    keep();
    make_among_states(record.results());
    share_scratch();
  }

  bool empty() const { return plan_.empty(); }
  int size() const { return static_cast<int>(plan_.size()); }
  const Planned& operator[](int i) const { return plan_[static_cast<std::size_t>(i)]; }
  /// Rows of every piece of scratch.
  const std::vector<Index>& scratch() const { return scratch_; }
  /// Rows of samples that a record of these equations keeps.
  Index kept_rows() const {
    Index rows = 0;
    for (int i = 0; i < size(); ++i)
      rows += node(i).rows * (kept(i) + (plan_[index(i)].slope == Planned::Slope::Kept));
    return rows;
  }
  /// Whether an operation is the i-th of the rehearsal; numbers beside it may differ.
  bool same(int i, const Node& n) const {
    if (i >= size()) return false;
    const Node& then = node(i);
    return n.op == then.op && n.a == then.a && n.b == then.b && n.weight == then.weight &&
           n.from == then.from && n.rows == then.rows;
  }

 private:
  using How = Planned::How;
  using Place = Planned::Place;

  /// What reads a value: how many operations and results, how many of those take rows of it one
  /// after the other, the last of them, and whether a derivative asks for the value.
  struct Readers {
    int all = 0, parts = 0, last = 0;
    Index covered = 0;
    bool asked = false;
  };
  /// The part of a value in a sum.
  struct Summand {
    int term_of = -1;    // the value to whose place this one is added
    int sum_in = -1;     // of a sum: in whose place it is added up
    bool linear = true;  // of a place: so far its value is a sum
  };

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  Planned& planned(int i) { return plan_[index(i)]; }
  const Node& node(int i) const { return plan_[index(i)].node; }
  Readers& readers(int i) { return readers_[index(i)]; }
  Summand& summand(int i) { return summands_[index(i)]; }
  bool kept(int i) const {
    const Planned& p = plan_[index(i)];
    return p.how == How::Write && p.place == Place::Kept;
  }
  static bool is_leaf(Op op) {
    return op == Op::State || op == Op::Input || op == Op::Normal || op == Op::Uniform;
  }

  void count_readers(const std::vector<Record::Result>& results) {
    for (int i = 0; i < size(); ++i) {
      const Node& n = node(i);
      readers(i).last = i;
      for (const int operand : {n.a, n.b})
        if (operand >= 0) ++readers(operand).all, readers(operand).last = i;
      const Asked asked = asked_by_derivatives(n.op);
      if (asked.a) readers(n.a).asked = true;
      if (asked.b) readers(n.b).asked = true;
      if (asked.value) readers(i).asked = true;
      if (n.op != Op::Rows) continue;
      Readers& whole = readers(n.a);
      if (n.from >= whole.covered) ++whole.parts;
      whole.covered = std::max(whole.covered, n.from + n.rows);
    }
    for (const Record::Result& r : results) ++readers(r.node).all, readers(r.node).last = size();
  }

  /// Whether the operation that reads a value may put something else in its place.
  bool may_take(int i) {
    const Node& n = node(i);
    if (readers(i).all != 1 || readers(i).asked || is_leaf(n.op)) return false;
    if (n.op != Op::Rows) return true;
    const Op of = node(n.a).op;
    return of != Op::Rows && !is_leaf(of) && readers(n.a).parts == readers(n.a).all;
  }

  /// Of a sum of two: the later one, when it is a product, is added to the earlier one's place.
  void gather_sum(int i) {
    if (node(i).op != Op::Add) return;
    const int first = std::min(node(i).a, node(i).b);
    int term = std::max(node(i).a, node(i).b);
    while (node(term).op == Op::Bias && may_take(term)) term = node(term).a;
    const Op op = node(term).op;
    const bool adds =
        op == Op::Multiply || op == Op::Diagonal || op == Op::Product || op == Op::Scale;
    if (!adds || first >= term || !may_take(first) || !may_take(term)) return;
    summand(term).term_of = first, summand(i).sum_in = first;
  }

  void put(int i) {
    const Node& n = node(i);
    planned(i).home = i;
    const bool may_change =
        n.op == Op::Add || n.op == Op::Subtract || n.op == Op::Bias || n.op == Op::Shift;
    if (n.op == Op::Rows)
      put(i, n.a, How::Nothing), planned(i).from += n.from;
    else if (const int first = summand(i).term_of; first >= 0)
      put(i, first, How::Add);
    else if (const int first = summand(i).sum_in; first >= 0)
      put(i, first, How::Nothing);
    else if (n.op == Op::Bias && may_begin(n.a))
      put(i, n.a, How::Nothing), planned(planned(i).home).biases.push_back(n.weight);
    else if (may_change && may_take(n.a))
      put(i, n.a, How::Change);
    else if (n.op == Op::Add && may_take(n.b))
      put(i, n.b, How::Change);
    if (n.op == Op::Tanh || n.op == Op::Sigmoid)
      planned(i).slope = may_take(n.a) ? Planned::Slope::InOperand : Planned::Slope::Kept;
  }
  void put(int i, int where, How how) {
    const int home = planned(where).home;
    planned(i).how = how, planned(i).home = home, planned(i).from = planned(where).from;
    if (how == How::Change) summand(home).linear = false;
  }
  /// Whether a bias added to the value may stand there before the first term, which is a product.
  bool may_begin(int i) {
    const int home = planned(i).home;
    return may_take(i) && node(home).op == Op::Multiply && node(home).rows == node(i).rows &&
           summand(home).linear;
  }

  void keep() {
    for (int i = 0; i < size(); ++i) {
      if (is_leaf(node(i).op) && planned(i).place != Place::Kept) planned(i).place = Place::Lent;
      if (readers(i).asked) planned(planned(i).home).place = Place::Kept;
      if (planned(i).slope == Planned::Slope::InOperand)
        planned(planned(node(i).a).home).place = Place::Kept;
    }
  }
  void make_among_states(const std::vector<Record::Result>& results) {
    for (const Record::Result& r : results) {
      Planned& home = planned(planned(r.node).home);
      if (home.place == Place::Scratch && home.node.rows == node(r.node).rows)
        home.place = Place::Result, home.at = r.from;
    }
  }
  /// Values that are not needed at the same time share a piece of scratch.
  void share_scratch() {
    std::vector<int> last(plan_.size());  // operation that reads the place
    for (int i = 0; i < size(); ++i)
      last[index(planned(i).home)] = std::max(last[index(planned(i).home)], readers(i).last);
    std::vector<int> busy;  // until this operation
    for (int i = 0; i < size(); ++i) {
      Planned& p = planned(i);
      if (p.how != How::Write || p.place != Place::Scratch) continue;
      std::size_t at = 0;
      while (at < busy.size() && (busy[at] >= i || scratch_[at] < p.node.rows)) ++at;
      if (at == busy.size()) busy.push_back(0), scratch_.push_back(p.node.rows);
      busy[at] = last[index(i)], p.at = static_cast<Index>(at);
    }
  }

  std::vector<Planned> plan_;      // by node
  std::vector<Readers> readers_;   // by node
  std::vector<Summand> summands_;  // by node
  std::vector<Index> scratch_;
};

}  // namespace lyap
