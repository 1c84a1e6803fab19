// spectrum/independent_columns.hpp - which columns of a triangular matrix bring a direction of
// their own.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

namespace lyap::spectrum {

/// The columns of U (k x k, upper triangular) that do not depend exactly on those before them, by
/// elimination with row pivoting where a column without a pivot takes up no row.
///
/// LU and QR let such a column take a row, with an arbitrary unit vector in its place.  The later
/// columns then lose their share of that arbitrary direction: of J = [0 1; 0 0] both exponents
/// would be minus infinity, though J stretches its second column by 1.
inline std::vector<Index> independent_columns(Matrix U) {
  std::vector<Index> found;
  for (Index j = 0; j < U.cols(); ++j) {
    const auto row = static_cast<Index>(found.size());
    const Index below = U.rows() - row - 1, right = U.cols() - j - 1;
    Index pivot = 0;
    if (U.col(j).tail(below + 1).cwiseAbs().maxCoeff(&pivot) == 0) continue;
    found.push_back(j);
    U.row(row).swap(U.row(row + pivot));
    // Above the first dependent column U is triangular already, and there is nothing to eliminate.
    if (row == j && U.col(j).tail(below).isZero(0)) continue;
    const Vector factors = U.col(j).tail(below) / U(row, j);
    U.bottomRightCorner(below, right).noalias() -= factors * U.row(row).tail(right);
  }
  return found;
}

}  // namespace lyap::spectrum
