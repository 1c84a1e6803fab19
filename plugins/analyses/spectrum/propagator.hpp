// spectrum/propagator.hpp - carries tangent vectors over the steps of the network: A = J Z, again
// and again.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "by_lu.hpp"
#include "by_qr.hpp"
#include "frame.hpp"
#include "independent_columns.hpp"
#include "row_lu.hpp"
#include "settings.hpp"

namespace lyap::spectrum {

/// One worker's buffers: J and tangent vectors twice, allocated here and nowhere later, but for the
/// few steps at which a direction dies. J's room is scratch once it has been multiplied by. One
/// vector of many is pushed through the cell instead: that takes no J.
class Propagator {
 public:
  Propagator(Index n, Index k, const Settings& settings, const Host& host)
      : settings_(settings), n_(n), J_(pushes(n, k) ? 0 : n, n), diagonal_(n) {
    if (by_rows(k, settings))
      vectors_ = std::make_unique<ByLU>(n, k, host);
    else
      vectors_ = std::make_unique<ByQR>(n, k, host);
  }

  static bool pushes(Index n, Index k) { return k == 1 && n > 1; }
  /// How frames keep their vectors.
  static bool by_rows(Index k, const Settings& settings) {
    return k > 1 && settings.method == Method::LU;
  }

  /// Z <- J Z of one run at step t of the chunk, factors kept apart every `spacing` such steps.
  /// Between load() and store() of that run's frame.
  void step(const Pass& pass, Index t, Index run, Index spacing, Frame& frame) {
    if (frame.columns() == 0 && !frame.with_determinant) return;
    fill_J(pass, t, run);
    if (frame.columns() > 0) vectors_->multiply(J_);
    if (frame.with_determinant) add_determinant(frame.determinant);
    if (frame.columns() > 0) settle(spacing, frame);
  }
  /// The same with J Z at hand.
  void step(In product, Index spacing, Frame& frame) {
    if (frame.columns() == 0) return;
    vectors_->take(product);
    settle(spacing, frame);
  }

  void load(Frame& frame) { vectors_->load(frame); }
  void store(Frame& frame) { vectors_->store(frame); }

  /// Ends the block of products at hand.
  void flush(Frame& frame) {
    if (frame.pending > 0 && frame.columns() > 0) renormalise(frame);
  }

  /// Forgets all growth so far: the measurement begins here.
  void begin_measurement(Frame& frame) {
    flush(frame);
    for (const Index i : frame.alive) frame.growth_of(i) = {};
    frame.determinant = {};
    frame.baseline.setZero();
    // Vectors that are kept as they are begin orthonormal, and are so after every factorisation.
    if (!vectors_->column_order()) return;
    vectors_->lengths(diagonal_.head(frame.columns()));
    for (Index j = 0; j < frame.columns(); ++j) frame.baseline[frame.alive[j]] = ln(diagonal_[j]);
  }

  /// ln diag R of the product since the measurement began, as if it were renormalised here; k,
  /// nats.
  Vector total_growth(const Frame& frame) {
    vectors_->lengths(diagonal_.head(frame.columns()));
    return with_lengths(frame);
  }
  /// The same to some 1e-10 nats, where that is quicker.
  Vector rough_growth(const Frame& frame) {
    vectors_->rough_lengths(diagonal_.head(frame.columns()), J_);
    return with_lengths(frame);
  }

 private:
  void settle(Index spacing, Frame& frame) {
    if (++frame.pending >= spacing)
      renormalise(frame);
    else
      rescale(frame);
  }

  void fill_J(const Pass& pass, Index t, Index run) {
    auto J = J_.columns();
    if (!settings_.transposed) {
      pass.jacobian(t, run, settings_.scope, J, nullptr, vectors_->column_order());
    } else {
      pass.jacobian(t, run, settings_.scope, J, vectors_->column_order(), nullptr);
      J.transposeInPlace();
    }
  }

  void renormalise(Frame& frame) {
    frame.pending = 0;
    for (;;) {
      const Index k = frame.columns();
      if (k == 0) return;
      auto diagonal = diagonal_.head(k);
      vectors_->factorise(diagonal);
      expect_finite(diagonal);
      if (settings_.clamp_zeros || diagonal.cwiseAbs().minCoeff() != 0) break;
      drop_dead(frame);
    }
    for (Index j = 0; j < frame.columns(); ++j)
      frame.growth_of(frame.alive[j]).multiply(clamped(diagonal_[j]));
  }

  /// Takes out the columns that have no direction of their own left: they stay dead for good.
  void drop_dead(Frame& frame) {
    const Index k = frame.columns();
    const Matrix U = vectors_->upper();
    std::vector<Index> kept = independent_columns(U);
    if (static_cast<Index>(kept.size()) == k) {
      // The two eliminations round differently: believe the one that saw a zero.
      Index zero = 0;
      diagonal_.head(k).cwiseAbs().minCoeff(&zero);
      kept.erase(kept.begin() + zero);
    }
    vectors_->replace(U(Eigen::all, kept));
    std::vector<Index> alive;
    for (const Index j : kept) alive.push_back(frame.alive[j]);
    for (const Index i : frame.alive)
      if (!std::binary_search(alive.begin(), alive.end(), i)) frame.growth_of(i).die();
    frame.alive = std::move(alive);
  }

  /// Between renormalisations: powers of two, exact, keep the product from over- and underflowing.
  void rescale(Frame& frame) {
    const double largest = vectors_->largest();
    if (!std::isfinite(largest) || (largest > 0x1p-100 && largest < 0x1p100) || largest == 0)
      return;
    const int exponent = std::ilogb(largest);
    vectors_->scale(std::ldexp(1.0, -exponent));
    for (const Index i : frame.alive) frame.growth_of(i).multiply_by_power_of_two(exponent);
  }

  /// J in any order of its columns; it is no longer J afterwards.
  void add_determinant(Growth& determinant) {
    if (!scratch_) {
      scratch_ = std::make_unique<AlignedLines>(1, analyses::scratch_of_lu(n_));
      order_.resize(static_cast<std::size_t>(n_));
    }
    analyses::row_lu(widest_lanes(), J_, n_, n_, order_, scratch_->line(0));
    for (Index i = 0; i < n_; ++i)
      determinant.multiply(J_.line(order_[static_cast<std::size_t>(i)])[i]);
  }

  Vector with_lengths(const Frame& frame) const {
    Vector growth = -frame.baseline;
    for (Index i = 0; i < growth.size(); ++i)
      growth[i] += frame.growth[static_cast<std::size_t>(i)].value();
    for (Index j = 0; j < frame.columns(); ++j) growth[frame.alive[j]] += ln(diagonal_[j]);
    return growth;
  }
  double clamped(double x) const {
    return settings_.clamp_zeros ? std::max(std::abs(x), std::numeric_limits<double>::min()) : x;
  }
  double ln(double length) const { return std::log(clamped(length)); }

  const Settings& settings_;
  Index n_;
  std::unique_ptr<TangentVectors> vectors_;
  AlignedLines J_;
  Vector diagonal_;
  std::unique_ptr<AlignedLines> scratch_;  // of determinants
  std::vector<std::int64_t> order_;
};

}  // namespace lyap::spectrum
