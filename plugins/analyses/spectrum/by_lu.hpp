// spectrum/by_lu.hpp - tangent vectors kept apart by LU with row pivoting.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <lyap/lyap.hpp>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "row_lu.hpp"
#include "row_product.hpp"
#include "tangent_vectors.hpp"

namespace lyap::spectrum {

/// Z = P^T L U.  2/3 n^3 operations, and J (P^T L) is a triangular product: a step costs 1.7 n^3
/// instead of the 4.7 n^3 of a product and a Householder QR.  cond(L) stayed below 630 for
/// cond(A) up to 1e18, and the exponents within 10 roundings of Householder's.
class ByLU final : public TangentVectors {
 public:
  ByLU(Index n, Index k, const Host& host, Lanes lanes = widest_lanes())
      : host_(host),
        lanes_(lanes),
        n_(n),
        k_(k),
        Z_(n, k),
        next_(n, k),
        scratch_(1, std::max(24 * n, analyses::scratch_of_lu(n))),
        order_(static_cast<std::size_t>(n)),
        order_of_gram_(static_cast<std::size_t>(k)) {}

  void load(const Frame& frame) override {
    k_ = frame.columns();
    Z_.rows().leftCols(k_) = frame.Z.leftCols(k_);
    clear_behind(Z_);
    form_ = frame.form;
    if (form_ == Form::Factored) order_ = frame.rows;
  }
  void store(Frame& frame) const override {
    frame.Z.leftCols(k_) = Z_.rows().leftCols(k_);
    frame.form = form_;
    frame.rows = order_;
  }

  const std::int64_t* column_order() const override {
    return form_ == Form::Factored ? order_.data() : nullptr;
  }
  void multiply(const AlignedLines& J) override {
    analyses::row_product(lanes_, J, n_, Z_, {n_, k_, column_order()}, next_, scratch_.line(0));
    Z_.swap(next_);
    form_ = Form::Dense;
  }
  double largest() const override { return Z_.columns().topRows(k_).cwiseAbs().maxCoeff(); }
  void scale(double factor) override { Z_.rows() *= factor; }

  void factorise(Out diagonal) override {
    // A row that is no pivot in the end would keep what is not finite to itself.
    if (k_ < n_) expect_finite(Z_.columns().topRows(k_));
    analyses::row_lu(lanes_, Z_, n_, k_, order_, scratch_.line(0));
    for (Index j = 0; j < k_; ++j) diagonal(j, 0) = pivot_row(j)[j];
    expect_finite(diagonal);
    form_ = Form::Factored;
  }
  Matrix upper() const override {
    Matrix U = Matrix::Zero(k_, k_);
    for (Index i = 0; i < k_; ++i)
      for (Index j = i; j < k_; ++j) U(i, j) = pivot_row(i)[j];
    return U;
  }
  void replace(const Matrix& U) override {
    const Matrix product = dense() * U;
    k_ = U.cols();
    Z_.rows().leftCols(k_) = product;
    clear_behind(Z_);
    form_ = Form::Dense;
  }

  void lengths(Out diagonal) override {
    Matrix Z = dense();
    host_.qr_diagonal(Z, diagonal);
  }
  /// R^T R = L^T L, whose elimination without pivoting has R_jj^2 on its diagonal.  cond(L) is
  /// squared, but it is small; where it is not, it shows in R_jj^2 < 1e-4 while |L| is about 1.
  void rough_lengths(Out diagonal) override {
    if (form_ == Form::Dense) return lengths(diagonal);
    if (!gram_) gram_ = std::make_unique<AlignedLines>(Z_.rows().cols(), Z_.rows().cols());
    analyses::copy_rows(Z_, {n_, k_, order_.data()}, next_);
    analyses::row_product(lanes_, next_, k_, Z_, {n_, k_, order_.data()}, *gram_, scratch_.line(0));
    analyses::row_lu(lanes_, *gram_, k_, k_, order_of_gram_, scratch_.line(0), false);
    for (Index j = 0; j < k_; ++j) diagonal(j, 0) = std::sqrt(gram_->line(j)[j]);
    if (!(diagonal.minCoeff() >= 1e-2)) lengths(diagonal);
  }

 private:
  /// Z, n x k.
  Matrix dense() const {
    if (form_ == Form::Dense) return Z_.rows().leftCols(k_);
    Matrix Z = Matrix::Zero(n_, k_);
    for (Index i = 0; i < n_; ++i) {
      const Index r = order_[static_cast<std::size_t>(i)], known = std::min(i, k_);
      Z.row(r).head(known) = Z_.rows().row(r).head(known);
      if (i < k_) Z(r, i) = 1;
    }
    return Z;
  }
  const double* pivot_row(Index i) const { return Z_.line(order_[static_cast<std::size_t>(i)]); }
  /// The room behind each row takes part in the arithmetic of its last octet.
  void clear_behind(AlignedLines& lines) const {
    for (Index i = 0; i < n_; ++i)
      std::fill(lines.line(i) + k_, lines.line(i) + analyses::whole_octets(k_), 0.0);
  }

  const Host& host_;
  Lanes lanes_;
  Index n_, k_;
  AlignedLines Z_, next_, scratch_;
  std::unique_ptr<AlignedLines> gram_;  // of rough_lengths()
  std::vector<std::int64_t> order_, order_of_gram_;
  Form form_ = Form::Dense;
};

}  // namespace lyap::spectrum
