// lyap/cell_concepts.hpp - the functions of a cell by hand: which there are and how they are
// called.
#pragma once
#include <concepts>
#include <type_traits>

#include "lyap/cell.hpp"

namespace lyap::border {

template <class C>
concept IsCell = std::derived_from<C, AutoCell> || std::derived_from<C, ByHand>;

template <class C, Real T>
using TapeOf = typename C::template Tape<T>;

// Required: a tape remembers the steps that derivatives may be asked at.
template <class C, class T>
concept Remembers = requires {
  typename C::template Tape<T>;
}
&&std::constructible_from<TapeOf<C, T>, const C&, Index, Index>;
/// The weights stay valid until the next bind.
template <class C, class T>
concept Binds = requires(const C& c, TapeOf<C, T>& tape, const Weights<T>& weights) {
  c.template bind<T>(tape, weights);
};
/// Carries out a chunk; keeps nothing of it by address.
template <class C, class T>
concept Steps = requires(const C& c, TapeOf<C, T>& tape, const Chunk<T>& chunk) {
  c.template step<T>(tape, chunk);
};

// Both or none of these; without, derivatives are taken by differences and nothing is trained.
/// out = (ds'/ds) state + (ds'/dx) input; k columns a sample. Directions may have no data.
template <class C, class T>
concept Pushes = requires(const C& c, const TapeOf<C, T>& tape, Point at,
                          const ConstViewOf<T>& state, const ConstViewOf<T>& input, ViewOf<T> out) {
  c.template push<T>(tape, at, state, input, out);
};
/// state = (ds'/ds)^T bar, input = (ds'/dx)^T bar, each unless it has no data; weight bars += .
template <class C, class T>
concept Pulls = requires(const C& c, const TapeOf<C, T>& tape, Point at, const ConstViewOf<T>& bar,
                         ViewOf<T> state, ViewOf<T> input, const WeightBars<T>& weight_bars) {
  c.template pull<T>(tape, at, bar, state, input, weight_bars);
};

// Optional.
template <class C, class T>
concept WritesJacobian = requires(const C& c, const TapeOf<C, T>& tape, const JacobianBlock& block,
                                  ViewOf<T> out) {
  c.template jacobian<T>(tape, block, out);
};
/// bars, state x count*batch: in direct, out total derivatives; state gets that before the chunk.
template <class C, class T>
concept RunsBackward = requires(const C& c, TapeOf<C, T>& tape, Index at, Index count,
                                ViewOf<T> bars, ViewOf<T> state, ViewOf<T> input,
                                const WeightBars<T>& weight_bars) {
  c.template backward<T>(tape, at, count, bars, state, input, weight_bars);
};
/// All three or none; state_bar and the weight bars are added to.
template <class C, class T>
concept GivesOutput = requires(const C& c, const Weights<T>& weights, const ConstViewOf<T>& state,
                               const ConstViewOf<T>& tangent, ViewOf<T> out,
                               const WeightBars<T>& weight_bars) {
  c.template output<T>(weights, state, out);
  c.template output_push<T>(weights, state, tangent, out);
  c.template output_pull<T>(weights, state, tangent, out, weight_bars);
};
template <class C, class T>
concept Projects = requires(const C& c, const Projection<T>& projection) {
  c.template project<T>(projection);
};
/// Initial states from N(0, 1) draws of the same shape, which may have no data.
template <class C, class T>
concept Starts = requires(const C& c, const Weights<T>& weights, const ConstViewOf<T>& normal,
                          ViewOf<T> state) {
  c.template start<T>(weights, normal, state);
};
template <class C, class T>
concept PullsStart = requires(const C& c, const Weights<T>& weights,
                              const ConstViewOf<T>& state_bar, const WeightBars<T>& weight_bars) {
  c.template start_pull<T>(weights, state_bar, weight_bars);
};

/// A recorded cell has outputs of its own when it overrides them.
template <class C>
consteval bool has_outputs() {
  if constexpr (std::derived_from<C, AutoCell>)
    return !std::same_as<decltype(&C::outputs), Value (AutoCell::*)(Step&) const>;
  else
    return GivesOutput<C, float> && GivesOutput<C, double>;
}

/// Says in a sentence what a cell lacks, instead of in a page of template errors.
template <class C>
struct CellChecks {
  static_assert(!std::is_abstract_v<C>,
                "LYAP_PLUGINS: a recorded cell writes void equations(lyap::Step&) const override");
  static_assert(
      std::is_abstract_v<C> || std::constructible_from<C, const Values&, Index>,
      "LYAP_PLUGINS: a cell is constructed from (const lyap::Values&, lyap::Index inputs)");
  static_assert(Remembers<C, float> && Remembers<C, double>,
                "LYAP_PLUGINS: a hand-written cell needs template <lyap::Real T> struct Tape, "
                "constructed from (const Cell&, lyap::Index steps, lyap::Index batch)");
  static_assert(Binds<C, float> && Binds<C, double>,
                "LYAP_PLUGINS: a hand-written cell needs "
                "bind<T>(Tape<T>&, const lyap::Weights<T>&) const");
  static_assert(Steps<C, float> && Steps<C, double>,
                "LYAP_PLUGINS: a hand-written cell needs "
                "step<T>(Tape<T>&, const lyap::Chunk<T>&) const");

  static constexpr bool push = Pushes<C, float> && Pushes<C, double>;
  static constexpr bool pull = Pulls<C, float> && Pulls<C, double>;
  static_assert(push == pull,
                "LYAP_PLUGINS: a hand-written cell has both push<T> and pull<T> or neither");
  static constexpr bool jacobian = WritesJacobian<C, float> && WritesJacobian<C, double>;
  static constexpr bool backward = RunsBackward<C, float> && RunsBackward<C, double>;
  static constexpr bool output = has_outputs<C>();
  static constexpr bool project = Projects<C, float> && Projects<C, double>;
  static constexpr bool start = Starts<C, float> && Starts<C, double>;
  static constexpr bool start_pull = PullsStart<C, float> && PullsStart<C, double>;

  // A function under the right name that cannot be called is a mistake, not an absence.
  // NOLINTBEGIN(bugprone-macro-parentheses): `template (push)<double>` is not a member's name.
#define LYAP_CALLABLE(name, signature)                  \
  static_assert(                                        \
      name || !requires { &C::template name<double>; }, \
      "LYAP_PLUGINS: " #name "<T> of a hand-written cell is called as " signature)
  // NOLINTEND(bugprone-macro-parentheses)
  LYAP_CALLABLE(push,
                "push<T>(const Tape<T>&, lyap::Point, const lyap::ConstViewOf<T>& state, "
                "const lyap::ConstViewOf<T>& input, lyap::ViewOf<T> out) const");
  LYAP_CALLABLE(pull,
                "pull<T>(const Tape<T>&, lyap::Point, const lyap::ConstViewOf<T>& bar, "
                "lyap::ViewOf<T> state, lyap::ViewOf<T> input, const lyap::WeightBars<T>&) const");
  LYAP_CALLABLE(jacobian,
                "jacobian<T>(const Tape<T>&, const lyap::JacobianBlock&, lyap::ViewOf<T> out) "
                "const");
  LYAP_CALLABLE(backward,
                "backward<T>(Tape<T>&, lyap::Index at, lyap::Index count, lyap::ViewOf<T> bars, "
                "lyap::ViewOf<T> state, lyap::ViewOf<T> input, const lyap::WeightBars<T>&) const");
  LYAP_CALLABLE(project, "project<T>(const lyap::Projection<T>&) const");
  LYAP_CALLABLE(start,
                "start<T>(const lyap::Weights<T>&, const lyap::ConstViewOf<T>& normal, "
                "lyap::ViewOf<T> state) const");
  LYAP_CALLABLE(start_pull,
                "start_pull<T>(const lyap::Weights<T>&, const lyap::ConstViewOf<T>& state_bar, "
                "const lyap::WeightBars<T>&) const");
#undef LYAP_CALLABLE
  static_assert(
      output || std::derived_from<C, AutoCell> || !requires { &C::template output<double>; },
      "LYAP_PLUGINS: an output map needs output<T>(weights, state, out), "
      "output_push<T>(weights, state, tangent, out) and "
      "output_pull<T>(weights, state, bar, state_bar, weight_bars), all const");

  static constexpr lyap_derivative derivative = std::derived_from<C, AutoCell> ? LYAP_AUTOMATIC
                                                : push                         ? LYAP_ANALYTIC
                                                       : LYAP_BY_DIFFERENCES;
};

}  // namespace lyap::border
