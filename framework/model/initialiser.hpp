// framework/model/initialiser.hpp - how a weight tensor gets its first values, as a pipeline file
// says it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace lyap::framework {

/// One of
///   zeros  ones  constant(value)  identity(scale=1)
///   uniform(low, high)  uniform(bound) = (-bound, bound)  normal(mean=0, std=1)
///   xavier_uniform(gain=1)  xavier_normal(gain=1)  kaiming_uniform  kaiming_normal
///   orthogonal(gain=1)  sparse_normal(density, gain=1)
///   householder                columns of length 1, zero above the diagonal: reflections
///   henaff  cayley             skew logarithms of orthogonal matrices made of 2 x 2 rotations
/// with arguments by position or by name, in PyTorch's convention: fan_in = columns, fan_out = rows
/// of the whole tensor, gates included.
class Initialiser {
 public:
  /// InputError: one sentence, with the nearest known word.
  explicit Initialiser(std::string_view text);

  /// The numbers of a rows x cols tensor, column by column.
  std::vector<double> draw(std::int64_t rows, std::int64_t cols, Random& random) const;

 private:
  std::string rule_;
  std::vector<double> arguments_;
};

}  // namespace lyap::framework
