// framework/pipeline/sweep.hpp - many networks from one pipeline: variables, and their values at
// every point.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

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
class Sweep {
 public:
  /// Adds what is wrong to the mistakes: unknown forms, expressions of unknown variables or in a
  /// circle, empty ranges, more than 10^7 points.
  static Sweep read(const Node& sweep, const Node& sampling, std::uint64_t seed,
                    Mistakes& mistakes);

  std::int64_t size() const { return size_; }  ///< 1 without variables
  std::vector<std::string> names() const;
  /// index in 0 .. size()-1.
  Point point(std::int64_t index) const;
  /// The points' indices in the order in which they are carried out.
  std::vector<std::int64_t> order() const;
  /// The seed of a point's network, when the pipeline's `seed` names no variable itself.
  std::uint64_t seed(const Point& point) const;

 private:
  struct Variable;  // what the implementer needs
  std::vector<Variable> variables_;
  std::int64_t size_ = 1;
};

/// Replaces `$name` and `${name}` in every scalar below the map `trials` (not in `trials.sweep`, `trials.sampling`, and not
/// in keys) and in the pipeline's own `seed`, by the point's values; `$$` is a dollar sign. Adds a mistake for
/// a variable that the sweep does not have.
void substitute(Node& tree, const Point& point, Mistakes& mistakes);

/// The variables of a sweep that the rest of the file never names, each one a mistake: a variable
/// nobody uses changes nothing (a count may stand alone: it draws new seeds).
void refuse_unused(const Node& tree, const Sweep& sweep, Mistakes& mistakes);

}  // namespace lyap::framework
