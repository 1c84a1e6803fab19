// plugins/analyses/lower_frame.hpp - tangent vectors kept apart by LU with row pivoting.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <span>
#include <utility>
#include <vector>

#include "row_lu.hpp"
#include "row_product.hpp"

namespace lyap::analyses {

/// NotFinite when a number is not.
inline void expect_finite(In A) {
  // x * 0 is NaN for NaN and for infinity; unlike Eigen's allFinite this is vectorised.
  double probe = 0;
  for (Index j = 0; j < A.cols(); ++j) probe += (A.col(j).array() * 0.0).sum();
  if (probe != 0) throw NotFinite("the product of Jacobians is not finite");
}

/// Z = P^T L U.  2/3 n^3 operations, and J (P^T L) is a triangular product: a step costs 1.7 n^3
/// instead of the 4.7 n^3 of a product and a Householder QR.  cond(L) stayed below 630 for
/// cond(A) up to 1e18, and the exponents within 10 roundings of Householder's.
/// [one thread per object]
class LowerFrame {
 public:
  LowerFrame(Index n, Index k, const Host& host, Lanes lanes = widest_lanes())
      : host_(host),
        lanes_(lanes),
        n_(n),
        most_(k),
        k_(k),
        Z_(0, k),
        before_(n, k),
        scratch_(1, scratch_of_lu(n)),
        product_(lanes, n),
        order_(static_cast<std::size_t>(n)),
        order_before_(static_cast<std::size_t>(n)),
        order_of_gram_(static_cast<std::size_t>(k)) {}

  /// Z (n x k, k at most the constructor's), as it is or as packed() and order() gave it.
  void set(In Z, const std::vector<std::int64_t>* order = nullptr) {
    k_ = Z.cols();
    if (Z_.count() == 0) Z_ = AlignedLines(n_, most_);
    Z_.rows().leftCols(k_) = Z;
    // The room behind each row takes part in the arithmetic of its last octet.
    for (Index i = 0; i < n_; ++i) std::fill(Z_.line(i) + k_, Z_.line(i) + whole_octets(k_), 0.0);
    begin(order);
  }
  /// The lines that release() gave, or n x k of a Z, with zeros behind each; k of them are in use.
  void adopt(AlignedLines&& Z, Index k, const std::vector<std::int64_t>* order) {
    k_ = k;
    Z_ = std::move(Z);
    begin(order);
  }
  /// Z as packed() is; there is none until the next set() or adopt().
  AlignedLines release() { return std::exchange(Z_, AlignedLines(0, most_)); }
  Index columns() const { return k_; }
  bool factored() const { return factored_; }
  /// Z, or the factors in place of it: row order()[i] holds row i of L and, from i on, of U.
  auto packed() const { return Z_.rows().leftCols(k_); }
  const std::vector<std::int64_t>& order() const { return order_; }

  /// In which order multiply() wants the columns of J; null: their own.
  const std::int64_t* column_order() const { return factored_ ? order_.data() : nullptr; }
  /// Z <- J Z; J's lines are its columns in that order.
  void multiply(const AlignedLines& J) {
    product_.multiply(J, n_, Z_, rows(), before_);
    Z_.swap(before_);
    order_before_.swap(order_);
    factored_before_ = std::exchange(factored_, false);
  }
  /// Of a product that has not been factorised: its largest entry, and Z <- factor Z.
  double largest() const { return Z_.columns().topRows(k_).cwiseAbs().maxCoeff(); }
  void scale(double factor) { Z_.rows() *= factor; }

  /// Z = Z' U, Z <- Z'; diagonal (k) gets diag U. NotFinite.
  void factorise(Out diagonal) {
    // A row that is no pivot in the end would keep what is not finite to itself.
    if (k_ < n_) expect_finite(Z_.columns().topRows(k_));
    row_lu(lanes_, Z_, n_, k_, order_, scratch_.line(0));
    factored_ = true;
    for (Index j = 0; j < k_; ++j) diagonal(j, 0) = pivot_row(j)[j];
    expect_finite(diagonal);
  }
  /// U of that, k x k.
  Matrix upper() const {
    Matrix U = Matrix::Zero(k_, k_);
    for (Index i = 0; i < k_; ++i)
      for (Index j = i; j < k_; ++j) U(i, j) = pivot_row(i)[j];
    return U;
  }
  /// Z, n x k.
  Matrix dense() const { return dense(Z_, order_, factored_); }
  /// Z before the last multiply(), until lengths are asked for.
  Matrix dense_before() const { return dense(before_, order_before_, factored_before_); }

  /// |diag R| of Z, k; Z stays.
  void lengths(Out diagonal) {
    View Z{before_.line(0), n_, k_, Eigen::OuterStride<>(n_)};  // lines are no shorter than k
    fill_dense(Z_, order_, factored_, Z);
    host_.qr_diagonal(Z, diagonal);
  }
  /// The same with up to some 1e-10 of relative error, much quicker: R^T R = L^T L, whose
  /// elimination without pivoting has R_jj^2 on its diagonal. That squares cond(L), which is small;
  /// where it is not, it shows in R_jj^2 < 1e-4 while the columns of L are 1 and longer.
  /// room: k lines of k numbers, and more; what it holds is lost.
  void rough_lengths(Out diagonal, AlignedLines& room) {
    if (!factored_) return lengths(diagonal);
    copy_rows(Z_, rows(), before_);
    product_.gram_of_lower(before_, n_, k_, room);
    symmetric_pivots(lanes_, room, k_, order_of_gram_, scratch_.line(0));
    for (Index j = 0; j < k_; ++j) diagonal(j, 0) = std::sqrt(room.line(j)[j]);
    if (!(diagonal.minCoeff() >= 1e-2)) lengths(diagonal);
  }

 private:
  void begin(const std::vector<std::int64_t>* order) {
    factored_ = order != nullptr;
    if (order) order_ = *order;
  }
  RowsOf rows() const { return {n_, k_, column_order()}; }
  const double* pivot_row(Index i) const { return Z_.line(order_[static_cast<std::size_t>(i)]); }
  Matrix dense(const AlignedLines& lines, const std::vector<std::int64_t>& order,
               bool factored) const {
    Matrix Z(n_, k_);
    fill_dense(lines, order, factored, Z);
    return Z;
  }
  void fill_dense(const AlignedLines& lines, const std::vector<std::int64_t>& order, bool factored,
                  Out Z) const {
    if (!factored) {
      Z = lines.rows().leftCols(k_);
      return;
    }
    Z.setZero();
    for (Index i = 0; i < n_; ++i) {
      const Index r = order[static_cast<std::size_t>(i)], known = std::min(i, k_);
      Z.row(r).head(known) = lines.rows().row(r).head(known);
      if (i < k_) Z(r, i) = 1;
    }
  }

  const Host& host_;
  Lanes lanes_;
  Index n_, most_, k_;
  AlignedLines Z_, before_, scratch_;
  RowProduct product_;
  std::vector<std::int64_t> order_, order_before_, order_of_gram_;
  bool factored_ = false, factored_before_ = false;
};

}  // namespace lyap::analyses
