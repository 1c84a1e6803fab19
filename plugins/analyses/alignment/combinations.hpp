// alignment/combinations.hpp - the three choices that the published description leaves open, and
// their eight combinations.
#pragma once
#include <lyap/lyap.hpp>
#include <string>

namespace lyap::alignment {

/// Q_t of products of J, or of its transpose as in the published code.
enum Orientation { Forward, Transposed };
/// Singular vectors of the gradient: left ones live where the matrix puts its product (rows), right
/// ones in the state it is applied to (columns).
enum Side { Left, Right };
/// The loss at the current step t, or at the last step T.
enum Gradient { PerStep, Final };

inline constexpr Index combinations = 8, groups = 3;

inline constexpr const char* orientation_names[] = {"forward", "transposed", nullptr};
inline constexpr const char* side_names[] = {"left", "right", nullptr};
inline constexpr const char* gradient_names[] = {"per_step", "final", nullptr};
inline constexpr const char* group_names[] = {"first", "last", "random", nullptr};

inline Index index_of(Orientation orientation, Side side, Gradient gradient) {
  return 4 * orientation + 2 * side + gradient;
}
/// "forward left per_step"
inline std::string label(Index combination) {
  return std::string(orientation_names[combination / 4]) + " " + side_names[combination / 2 % 2] +
         " " + gradient_names[combination % 2];
}

}  // namespace lyap::alignment
