// framework/pipeline/sweep.hpp - many networks from one pipeline: variables, and their values at
// every point.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"
#include "pipeline/sweep_variable.hpp"

namespace lyap::framework {

/// One network of a sweep: its number and, for every variable in the order of the file, the text
/// that stands for `$name`.
struct Point {
  std::int64_t index = 0;
  std::vector<std::pair<std::string, std::string>> values;

  /// Null when there is no such variable.
  const std::string* value(std::string_view name) const;
  /// "g = 1.4, draw = 3"; "the only network" without variables.
  std::string text() const;
};

/// `trials.sweep`, read:
///
///     sweep:
///       cell: [lstm, gru]                        # a list
///       gain: {from: 1.1, to: 2.0, count: 10}    # a grid; spacing: log; or step: 0.1
///       network: {count: 24}                     # independent networks: 0 .. 23
///       p: {uniform: [0.04, 0.4], digits: 3}     # a draw at every point; log_uniform, normal,
///                                                # integer: [low, high]
///       std: $p / sqrt(64)                       # an expression of other variables
///
/// Lists, grids and counts are axes, whose product the points are, the last one fastest. `sampling`
/// beside it says `draws: random | sobol`, `order: listed | random` (in which points are carried
/// out), `seeds: independent | shared` (whether every point has a seed of its own, or points that
/// differ in other variables than a count have the same).
///
/// A random draw and a seed depend on the pipeline's seed and the values of the axes there, and on
/// nothing else: further values on an axis leave the networks that were there as they are. A Sobol
/// draw depends on the point's number.
class Sweep {
 public:
  /// Adds what is wrong to the mistakes: unknown forms, expressions of unknown variables or in a
  /// circle, empty ranges, more than 10^7 points. A `sweep` or `sampling` that is Null is not
  /// there; that `sweep` is no map is said where trials are read.
  static Sweep read(const Node& sweep, const Node& sampling, std::uint64_t seed,
                    Mistakes& mistakes);

  std::int64_t size() const { return size_; }  ///< 1 without variables
  std::vector<std::string> names() const;
  const std::vector<Variable>& variables() const { return variables_; }
  /// index in 0 .. size()-1. MistakesError where an expression is infinite or no number, which
  /// read() has looked for at the first 10^4 points.
  Point point(std::int64_t index) const;
  /// The points' indices in the order in which they are carried out.
  std::vector<std::int64_t> order() const;
  /// The seed of a point's network, when the pipeline's `seed` names no variable itself; the
  /// pipeline's own seed where no axis tells networks apart.
  std::uint64_t seed(const Point& point) const;

 private:
  std::size_t index_of(std::string_view name) const;
  void read_variables(const Node& sweep, Mistakes& mistakes);
  void count_points(const Node& sweep, Mistakes& mistakes);
  void count_draws(const Node& sweep, Mistakes& mistakes) const;
  void link_expressions(Mistakes& mistakes);
  void check_values(Mistakes& mistakes) const;

  std::string axes_text(const Point& point, bool counts_only) const;
  std::string calculated(const Variable& variable, const Point& point) const;

  std::vector<Variable> variables_;
  std::vector<std::size_t> axes_;         ///< by name, so that their order in the file is free
  std::vector<std::size_t> expressions_;  ///< each after those that it needs
  std::int64_t size_ = 1;
  std::uint64_t seed_ = 1;
  bool sobol_ = false, random_order_ = false, shared_seeds_ = false;
};

/// Replaces `$name` and `${name}` in every scalar below the map `trials` (not in `trials.sweep`,
/// `trials.sampling` and `trials.record`, and not in keys) and in the pipeline's own `seed`, by the
/// point's values; `$$` is a dollar sign. What was a plain scalar stays one, so that a number is
/// taken as a number. Adds a mistake for a variable that the sweep does not have.
void substitute(Node& tree, const Point& point, Mistakes& mistakes);

/// The variables of a sweep that change no network, each one a mistake: what is named neither under
/// `trials` nor in `seed`, nor in an expression that is. A count may stand alone: it draws new
/// seeds; an expression may be only recorded.
void refuse_unused(const Node& tree, const Sweep& sweep, Mistakes& mistakes);

}  // namespace lyap::framework
