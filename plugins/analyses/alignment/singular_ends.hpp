// alignment/singular_ends.hpp - the first and the last singular vectors of a gradient, also where
// it has none of its own.
#pragma once
#include <algorithm>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>

#include "settings.hpp"

namespace lyap::alignment {

/// Of a square matrix n x n with singular values s: the `count` first and `count` last vectors on
/// both sides. Vectors with s <= n epsilon s_1 span a null space of which every basis is as good: a
/// random one is drawn, so that nothing depends on the solver's. [one thread per object]
class SingularEnds {
 public:
  SingularEnds(const Host& host, Index n, Index count, NullBasis basis)
      : host_(host),
        count_(count),
        basis_(basis),
        matrix_(n, n),
        U_(n, n),
        Vt_(n, n),
        values_(n),
        ends_(n, 4 * count),
        stacked_(n, n),
        normals_(n, 4 * count),
        diagonal_(n) {}

  /// Draws, if it must, from the beginning of `stream`.
  void take(In matrix, const std::string& stream) {
    const Index n = matrix_.rows();
    matrix_ = matrix;
    host_.svd(matrix_, values_, U_, Vt_);
    const double smallest =
        static_cast<double>(n) * std::numeric_limits<double>::epsilon() * values_[0];
    rank_ = 0;
    while (rank_ < n && values_[rank_] > smallest) ++rank_;
    ends_.leftCols(count_) = U_.leftCols(count_);
    ends_.middleCols(count_, count_) = U_.rightCols(count_);
    ends_.middleCols(2 * count_, count_) = Vt_.topRows(count_).transpose();
    ends_.rightCols(count_) = Vt_.bottomRows(count_).transpose();
    if (basis_ == NullBasis::Random && rank_ < n) draw(stream);
  }

  /// n x 4*count: left first, left last, right first, right last.
  const Matrix& vectors() const { return ends_; }
  /// n, descending.
  const Vector& values() const { return values_; }
  Index rank() const { return rank_; }
  /// How many of the first (end 0) or last (end 1) vectors lie in the null space.
  Index null(int end) const {
    const Index n = matrix_.rows();
    return end == 0 ? std::max<Index>(0, count_ - rank_) : std::min(count_, n - rank_);
  }

 private:
  void draw(const std::string& stream) {
    const Index drawn = std::min(matrix_.rows() - rank_, null(0) + null(1));
    auto normals = normals_.leftCols(2 * drawn);
    host_.normal(stream, normals);
    stacked_.leftCols(rank_) = U_.leftCols(rank_);
    replace(normals.leftCols(drawn), ends_.leftCols(2 * count_));
    stacked_.leftCols(rank_) = Vt_.topRows(rank_).transpose();
    replace(normals.rightCols(drawn), ends_.rightCols(2 * count_));
  }

  /// The columns of `stacked_` that carry singular values, then random ones: made orthonormal, the
  /// random ones are a random basis of what is orthogonal to the rest.
  void replace(In random, Out side) {
    const Index drawn = random.cols();
    auto basis = stacked_.leftCols(rank_ + drawn);
    basis.rightCols(drawn) = random;
    host_.qr(basis, diagonal_.head(rank_ + drawn));
    side.middleCols(count_ - null(0), null(0)) = basis.middleCols(rank_, null(0));
    side.rightCols(null(1)) = basis.rightCols(null(1));
  }

  const Host& host_;
  Index count_;
  NullBasis basis_;
  Matrix matrix_, U_, Vt_;
  Vector values_;
  Matrix ends_, stacked_, normals_;
  Vector diagonal_;
  Index rank_ = 0;
};

}  // namespace lyap::alignment
