// spectrum/by_qr.hpp - tangent vectors kept orthonormal.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

#include "tangent_vectors.hpp"

namespace lyap::spectrum {

/// Z = Q R by Householder reflections, R's diagonal >= 0: the reference. One vector: its length.
class ByQR final : public TangentVectors {
 public:
  ByQR(Index n, Index k, const Host& host) : host_(host), k_(k), Z_(n, k), next_(n, k), R_(k, k) {}

  void load(Frame& frame) override {
    k_ = frame.columns();
    Z_.leftCols(k_) = frame.Z.leftCols(k_);
  }
  void store(Frame& frame) override { frame.Z.leftCols(k_) = Z_.leftCols(k_); }

  const std::int64_t* column_order() const override { return nullptr; }
  void multiply(const AlignedLines& J) override {
    next_.leftCols(k_).noalias() = J.columns() * Z_.leftCols(k_);
    Z_.swap(next_);
  }
  void take(In product) override { Z_.leftCols(k_) = product; }
  double largest() const override { return Z_.leftCols(k_).cwiseAbs().maxCoeff(); }
  void scale(double factor) override { Z_.leftCols(k_) *= factor; }

  void factorise(Out diagonal) override {
    expect_finite(Z_.leftCols(k_));
    if (k_ > 1) return host_.qr(Z_.leftCols(k_), diagonal, R_.topLeftCorner(k_, k_));
    R_(0, 0) = diagonal(0, 0) = Z_.col(0).norm();
    if (R_(0, 0) > 0) Z_.col(0) /= R_(0, 0);
  }
  Matrix upper() const override { return R_.topLeftCorner(k_, k_); }
  void replace(const Matrix& U) override {
    next_.leftCols(U.cols()).noalias() = Z_.leftCols(k_) * U;
    k_ = U.cols();
    Z_.swap(next_);
  }

  void lengths(Out diagonal) override {
    next_.leftCols(k_) = Z_.leftCols(k_);
    host_.qr_diagonal(next_.leftCols(k_), diagonal);
  }

 private:
  const Host& host_;
  Index k_;
  Matrix Z_, next_, R_;
};

}  // namespace lyap::spectrum
