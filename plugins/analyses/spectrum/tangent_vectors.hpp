// spectrum/tangent_vectors.hpp - ways to multiply tangent vectors by J and to keep them apart.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

#include "aligned_lines.hpp"
#include "frame.hpp"
#include "lower_frame.hpp"

namespace lyap::spectrum {

using analyses::AlignedLines;
using analyses::expect_finite;

/// A worker's tangent vectors Z (n x k) of the run at hand.
///
/// Any factorisation Z = Z' U with U upper triangular gives the same exponents: the diagonals of U
/// and, once, of Z's own R multiply up to the diagonal of the whole product's R.
/// [one thread per object]
class TangentVectors {
 public:
  virtual ~TangentVectors() = default;

  /// A frame has no vectors from load() to store().
  virtual void load(Frame&) = 0;
  virtual void store(Frame&) = 0;

  /// The order in which multiply() wants the columns of J; null: their own.
  virtual const std::int64_t* column_order() const = 0;
  /// Z <- J Z; J's lines are its columns in that order.
  virtual void multiply(const AlignedLines& J) = 0;
  /// Z <- product, n x k, which somebody else multiplied by J.
  virtual void take(In product) = 0;
  /// Of a product that has not been factorised yet: its largest entry, and Z <- factor Z.
  virtual double largest() const = 0;
  virtual void scale(double factor) = 0;

  /// Z = Z' U: Z <- Z', well conditioned; diagonal (k) gets diag U. NotFinite.
  virtual void factorise(Out diagonal) = 0;
  /// U of that, k x k.
  virtual Matrix upper() const = 0;
  /// After factorise(): Z <- Z U' for any U' with k rows.
  virtual void replace(const Matrix& U) = 0;

  /// |diag R| of Z, k; Z stays.
  virtual void lengths(Out diagonal) = 0;
  /// The same with some 1e-10 of relative error, where that is quicker; what `room`, of J's size,
  /// holds is lost.
  virtual void rough_lengths(Out diagonal, AlignedLines& /*room*/) { lengths(diagonal); }
};

}  // namespace lyap::spectrum
