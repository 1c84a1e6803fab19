// lyap/auto_cell.hpp - how recorded cells carry out, remember and differentiate their equations.
#pragma once
#include "lyap/cell.hpp"

namespace lyap {

template <Real T>
AutoCell::Tape<T>::Tape(const AutoCell& cell, Index steps, Index) : weights(cell.layout) {
  for (Index t = 0; t < steps; ++t) records.push_back(std::make_unique<RecordOf<T>>(weights));
}

template <Real T>
AutoCell::Tape<T>::~Tape() = default;

inline void AutoCell::rehearse(Index inputs, bool has_outputs) {
  inputs_ = inputs;
  Multipliers multipliers(layout);
  for (const bool noisy : {true, false}) {
    if (noisy && layout.normal_rows() + layout.uniform_rows() == 0) continue;
    Record record(multipliers);
    Step step(record, layout, inputs, noisy);
    equations(step);
    check_complete(record);
    rehearsals_[noisy] = Rehearsal(record);
  }
  sums_ = multipliers.sums();
  // 0 would say that the number is not known.
  layout.remember(std::max({Index{1}, rehearsals_[0].kept_rows(), rehearsals_[1].kept_rows()}));
  if (has_outputs) {
    Multipliers of_outputs(layout);
    Record record(of_outputs);
    Step step(record, layout, 0, false);
    const Value seen = outputs(step);
    layout.output_rows(record.rows_of(seen));
    record.result(seen, 0);
    output_rehearsal_ = Rehearsal(record);
  }
}

inline void AutoCell::check_complete(const Record& record) const {
  for (const lyap_block& block : layout.blocks()) {
    Index from = 0;
    for (const lyap_block* other = layout.blocks().data(); other != &block; ++other)
      from += other->rows;
    int given = 0;
    for (const Record::Result& r : record.results()) given += r.from == from;
    if (given != 1)
      throw std::invalid_argument("the equations give state block '" + std::string(block.name) +
                                  "' " + std::to_string(given) + " next values instead of one");
  }
}

template <Real T>
void AutoCell::bind(Tape<T>& tape, const Weights<T>& weights) const {
  tape.weights.bind(weights);
  for (const WeightSum& sum : sums_) tape.weights.note(sum);
}

template <Real T>
void AutoCell::step(Tape<T>& tape, const Chunk<T>& chunk) const {
  const bool noisy = chunk.normal.data() || chunk.uniform.data();
  const Rehearsal& rehearsal = rehearsals_[noisy && !rehearsals_[1].empty()];
  tape.weights.prepare(false);
  for (Index t = 0; t < chunk.count; ++t) {
    const auto now = [&](const ConstViewOf<T>& m) {
      return columns(m, t * chunk.batch, chunk.batch);
    };
    RecordOf<T>& record = *tape.records[static_cast<std::size_t>(chunk.at + t)];
    record.begin({chunk.before(t), now(chunk.input), now(chunk.normal), now(chunk.uniform)},
                 rehearsal, chunk.after(t));
    Step step(record, layout, inputs_, noisy);
    equations(step);
    record.finish();
  }
}

template <Real T>
void AutoCell::push(const Tape<T>& tape, Point at, const ConstViewOf<T>& state,
                    const ConstViewOf<T>& input, ViewOf<T> out) const {
  ForwardSweep<T>::of_this_thread().push(tape.record(at.t), at.first, at.samples, state, input,
                                         out);
}

template <Real T>
void AutoCell::jacobian(const Tape<T>& tape, const JacobianBlock& block, ViewOf<T> out) const {
  ForwardSweep<T>::of_this_thread().jacobian(tape.record(block.t), block, out);
}

template <Real T>
void AutoCell::pull(const Tape<T>& tape, Point at, const ConstViewOf<T>& bar, ViewOf<T> state,
                    ViewOf<T> input, const WeightBars<T>& weight_bars) const {
  if (state.data()) state.setZero();
  if (input.data()) input.setZero();
  auto& sweep = BackwardSweep<T>::of_this_thread();
  sweep.begin(tape.weights, weight_bars);
  sweep.run(tape.record(at.t), at.first, at.samples, bar, state, input);
  sweep.finish();
}

template <Real T>
void AutoCell::backward(Tape<T>& tape, Index at, Index count, ViewOf<T> bars, ViewOf<T> state,
                        ViewOf<T> input, const WeightBars<T>& weight_bars) const {
  if (state.data()) state.setZero();
  if (input.data()) input.setZero();
  const Index batch = bars.cols() / count;
  tape.weights.prepare(true);
  auto& sweep = BackwardSweep<T>::of_this_thread();
  sweep.begin(tape.weights, weight_bars);
  for (Index t = count - 1; t >= 0; --t)
    sweep.run(tape.record(at + t), 0, batch, reading(columns(bars, t * batch, batch)),
              t > 0 ? columns(bars, (t - 1) * batch, batch) : state,
              columns(input, t * batch, batch));
  sweep.finish();
}

template <Real T>
const RecordOf<T>& AutoCell::output_record(const Weights<T>& weights, const ConstViewOf<T>& state,
                                           const ViewOf<T>& out) const {
  struct Scratch {
    explicit Scratch(const Layout& layout) : weights(layout), record(weights) {}
    BoundWeights<T> weights;
    RecordOf<T> record;
  };
  thread_local Scratch scratch(layout);
  scratch.weights.bind(layout, weights);
  const ConstViewOf<T> nothing(nullptr, 0, 0, Eigen::OuterStride<>(0));
  scratch.record.begin({state, nothing, nothing, nothing}, output_rehearsal_, out);
  Step step(scratch.record, layout, 0, false);
  scratch.record.result(outputs(step), 0);
  scratch.record.finish();
  return scratch.record;
}

template <Real T>
void AutoCell::output(const Weights<T>& weights, const ConstViewOf<T>& state, ViewOf<T> out) const {
  output_record(weights, state, out);
}

template <Real T>
void AutoCell::output_push(const Weights<T>& weights, const ConstViewOf<T>& state,
                           const ConstViewOf<T>& tangent, ViewOf<T> out) const {
  const ViewOf<T> nobody(nullptr, 0, 0, Eigen::OuterStride<>(0));
  ForwardSweep<T>::of_this_thread().push(output_record(weights, state, nobody), 0, state.cols(),
                                         tangent, reading(nobody), out);
}

template <Real T>
void AutoCell::output_pull(const Weights<T>& weights, const ConstViewOf<T>& state,
                           const ConstViewOf<T>& bar, ViewOf<T> state_bar,
                           const WeightBars<T>& weight_bars) const {
  const ViewOf<T> nobody(nullptr, 0, 0, Eigen::OuterStride<>(0));
  const RecordOf<T>& record = output_record(weights, state, nobody);
  auto& sweep = BackwardSweep<T>::of_this_thread();
  sweep.begin(record.weights(), weight_bars);
  sweep.run(record, 0, state.cols(), bar, state_bar, nobody);
  sweep.finish();
}

/// Everything above in one precision: `extern` where it is linked in, nothing where it is not.
// NOLINTBEGIN(bugprone-macro-parentheses): `(extern)` is not a specifier.
#define LYAP_RECORDER(extern_or_not, T)                                                            \
  extern_or_not template struct AutoCell::Tape<T>;                                                 \
  extern_or_not template void AutoCell::bind<T>(Tape<T>&, const Weights<T>&) const;                \
  extern_or_not template void AutoCell::step<T>(Tape<T>&, const Chunk<T>&) const;                  \
  extern_or_not template void AutoCell::push<T>(const Tape<T>&, Point, const ConstViewOf<T>&,      \
                                                const ConstViewOf<T>&, ViewOf<T>) const;           \
  extern_or_not template void AutoCell::jacobian<T>(const Tape<T>&, const JacobianBlock&,          \
                                                    ViewOf<T>) const;                              \
  extern_or_not template void AutoCell::pull<T>(const Tape<T>&, Point, const ConstViewOf<T>&,      \
                                                ViewOf<T>, ViewOf<T>, const WeightBars<T>&) const; \
  extern_or_not template void AutoCell::backward<T>(Tape<T>&, Index, Index, ViewOf<T>, ViewOf<T>,  \
                                                    ViewOf<T>, const WeightBars<T>&) const;        \
  extern_or_not template void AutoCell::output<T>(const Weights<T>&, const ConstViewOf<T>&,        \
                                                  ViewOf<T>) const;                                \
  extern_or_not template void AutoCell::output_push<T>(const Weights<T>&, const ConstViewOf<T>&,   \
                                                       const ConstViewOf<T>&, ViewOf<T>) const;    \
  extern_or_not template void AutoCell::output_pull<T>(const Weights<T>&, const ConstViewOf<T>&,   \
                                                       const ConstViewOf<T>&, ViewOf<T>,           \
                                                       const WeightBars<T>&) const;
// NOLINTEND(bugprone-macro-parentheses)
#ifdef LYAP_RECORDER_LINKED
LYAP_RECORDER(extern, float)
LYAP_RECORDER(extern, double)
#endif

}  // namespace lyap
