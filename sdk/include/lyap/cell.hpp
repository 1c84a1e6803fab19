// lyap/cell.hpp - what the author of a recurrent architecture writes.
//
//   AutoCell   equations() in the words of vocabulary.hpp; derivatives come by themselves
//   ByHand     step, push and pull written out, for speed or for operations without a word
//
// A cell s' = f(x, s; W) holds options only, no weights and no state: one object serves any number
// of threads. Its constructor takes (const lyap::Values&, lyap::Index inputs) and fills `layout`.
#pragma once
#include <memory>

#include "lyap/adjoints.hpp"
#include "lyap/options.hpp"
#include "lyap/tangents.hpp"
#include "lyap/vocabulary.hpp"

namespace lyap {

/// A cell written as functions of the precision T = float or double. What is required and what is
/// optional, with the exact signatures, is listed in cell_concepts.hpp; nothing is virtual.
class ByHand {
 public:
  Layout layout;
};

/// The running step as equations see it.
class Step {
 public:
  Step(Record& record, const Layout& layout, Index inputs, bool noisy)
      : record_(record), layout_(layout), inputs_(inputs), noisy_(noisy) {}

  /// x_t: inputs x samples.
  Value input() {
    if (inputs_ < 1)
      throw std::invalid_argument("the equations ask for an input and there is none");
    return record_.leaf(Op::Input, 0, inputs_);
  }
  /// A block of s_{t-1}.
  Value operator[](StateId s) {
    expect(s.index, layout_.blocks().size(), "a state block", "state");
    return record_.leaf(Op::State, s.from, s.rows);
  }
  Weight operator[](WeightId w) const {
    expect(w.index, layout_.weights().size(), "a weight", "weight");
    const lyap_weight& weight = layout_.weights()[static_cast<std::size_t>(w.index)];
    return {&record_, w.index, weight.rows, weight.cols};
  }

  /// Whether this step has noise; without, neither kind may be asked for.
  bool noisy() const { return noisy_; }
  /// Fresh N(0, 1) and U(0, 1) numbers, as many rows as the layout declares.
  Value normal() { return noise(Op::Normal, layout_.normal_rows()); }
  Value uniform() { return noise(Op::Uniform, layout_.uniform_rows()); }

  /// A block of s_t. Every block needs one.
  void next(StateId s, Value v) {
    expect(s.index, layout_.blocks().size(), "a state block", "state");
    if (record_.rows_of(v) != s.rows)
      throw std::invalid_argument("the equations give state block '" + name(s) + "' " +
                                  std::to_string(record_.rows_of(v)) + " rows where it has " +
                                  std::to_string(s.rows));
    record_.result(v, s.from);
  }

 private:
  /// An id that no constructor has assigned would read anything.
  static void expect(int index, std::size_t count, const char* what, const char* function) {
    if (index < 0 || static_cast<std::size_t>(index) >= count)
      throw std::invalid_argument("the equations use " + std::string(what) +
                                  " whose id was never set; in the constructor, assign it what "
                                  "layout." +
                                  function + "(...) returns");
  }
  Value noise(Op op, Index rows) {
    if (!noisy_ || rows < 1)
      throw std::invalid_argument(
          "the equations ask for noise in a step without: declare it in the layout and ask only "
          "if (s.noisy())");
    return record_.leaf(op, 0, rows);
  }
  std::string name(StateId s) const {
    return layout_.blocks()[static_cast<std::size_t>(s.index)].name;
  }

  Record& record_;
  const Layout& layout_;
  Index inputs_;
  bool noisy_;
};

/// A cell whose derivatives are taken from a record of its equations.
class AutoCell {
 public:
  virtual ~AutoCell() = default;
  Layout layout;

  /// f in the words of vocabulary.hpp: gives every state block its next value.
  virtual void equations(Step& s) const = 0;
  /// Optional: what the readout and the next layer see of a state, from s[block] and s[weight].
  virtual Value outputs(Step&) const { return {}; }

  // From here on: the functions of a cell by hand, written once for all recorded cells.

  template <Real T>
  struct Tape {
    Tape(const AutoCell& cell, Index steps, Index batch);
    ~Tape();
    const RecordOf<T>& record(Index t) const { return *records[static_cast<std::size_t>(t)]; }
    BoundWeights<T> weights;
    std::vector<std::unique_ptr<RecordOf<T>>> records;  // by step
  };

  /// Runs through the equations without numbers: finds mistakes in shapes before the first step,
  /// how many numbers a tape keeps and which of them are only on the way to others. Called once,
  /// when the layout is complete.
  void rehearse(Index inputs, bool has_outputs);

  template <Real T>
  void bind(Tape<T>& tape, const Weights<T>& weights) const;
  template <Real T>
  void step(Tape<T>& tape, const Chunk<T>& chunk) const;
  template <Real T>
  void push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state, const ConstViewOf<T>& input,
            ViewOf<T> out) const;
  template <Real T>
  void jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const;
  template <Real T>
  void pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
            ViewOf<T> input, const WeightBars<T>& weight_bars) const;
  template <Real T>
  void backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                ViewOf<T> input, const WeightBars<T>& weight_bars) const;

  template <Real T>
  void output(const Weights<T>& weights, const ConstViewOf<T>& state, ViewOf<T> out) const;
  template <Real T>
  void output_push(const Weights<T>& weights, const ConstViewOf<T>& state,
                   const ConstViewOf<T>& tangent, ViewOf<T> out) const;
  template <Real T>
  void output_pull(const Weights<T>& weights, const ConstViewOf<T>& state,
                   const ConstViewOf<T>& bar, ViewOf<T> state_bar,
                   const WeightBars<T>& weight_bars) const;

 private:
  template <Real T>
  const RecordOf<T>& output_record(const Weights<T>& weights, const ConstViewOf<T>& state,
                                   const ViewOf<T>& out) const;
  void check_complete(const Record& record) const;

  Index inputs_ = 0;
  Rehearsal rehearsals_[2];  // without and with noise
  Rehearsal output_rehearsal_;
  std::vector<WeightSum> sums_;  // that the equations multiply by, as the rehearsals number them
};

}  // namespace lyap

#include "lyap/auto_cell.hpp"
