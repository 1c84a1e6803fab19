// framework/data/tensor_expression.hpp - tensors made from those of a file: slices, transposes,
// sums.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "data/safetensors.hpp"

namespace lyap::framework {

/// Which tensor is made of what: {"weight_ih", "i2h.weight[:, 0:28]"}.
using TensorRecipes = std::vector<std::pair<std::string, std::string>>;

/// The file with the tensors of `recipes` made, as float64, and those that they were made of left
/// out. An expression is made of names of tensors, matrices or vectors, with
///   A[from:to, from:to]   rows and columns from .. to-1; a side left out reaches to the end
///   A^T                   the transpose
///   2 * A, A + B, A - B   multiples and sums
///   stack(A, B, ...)      one below the other
/// and brackets. InputError names the file, the expression and the place in it: a name the file
/// has not, shapes that do not fit, a slice that is not inside, words that are no expression, or a
/// name made twice.
TensorFile with_made_tensors(TensorFile file, const std::filesystem::path& path,
                             const TensorRecipes& recipes);

}  // namespace lyap::framework
