// spectrum/propagator.hpp - carries tangent vectors over the steps of the network: A = J Z, again
// and again.
#pragma once
#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "frame.hpp"
#include "independent_columns.hpp"
#include "renormaliser.hpp"
#include "settings.hpp"

namespace lyap::spectrum {

/// One worker's buffers: three n x n matrices, allocated here and nowhere later, but for the few
/// steps at which a direction dies.
class Propagator {
 public:
  Propagator(Index n, Index k, const Settings& settings, const Host& host)
      : settings_(settings),
        host_(host),
        renormaliser_(renormaliser_for(settings.method, k)),
        J_(n, n),
        Z_(n, n),
        spare_(n, n),
        diagonal_(n),
        spare_rows_(static_cast<std::size_t>(n)) {}

  /// Z <- J Z of one run at step t of the chunk, factors kept apart every `spacing` such steps.
  /// Between load() and store() of that run's frame.
  void step(const Pass& pass, Index t, Index run, Index spacing, Frame& frame) {
    if (frame.columns() == 0 && !frame.with_determinant) return;
    fill_J(pass, t, run, frame);
    if (frame.with_determinant) frame.log_determinant += log_determinant();
    if (frame.columns() == 0) return;
    multiply(frame);
    if (++frame.pending >= spacing)
      renormalise(frame);
    else
      rescale(frame);
  }

  void load(const Frame& frame) { Z_.leftCols(frame.Z.cols()) = frame.Z; }
  void store(Frame& frame) const { frame.Z = Z_.leftCols(frame.Z.cols()); }

  /// Ends the block of products at hand.
  void flush(Frame& frame) {
    if (frame.pending > 0 && frame.columns() > 0) renormalise(frame);
  }

  /// Forgets all growth so far: the measurement begins here.
  void begin_measurement(Frame& frame) {
    flush(frame);
    for (const Index i : frame.alive) frame.growth[i] = 0;
    frame.baseline.setZero();
    frame.baseline = total_growth(frame);
    for (Index i = 0; i < frame.baseline.size(); ++i)
      if (!std::isfinite(frame.baseline[i])) frame.baseline[i] = 0;
  }

  /// ln diag R of the product since the measurement began, as if it were renormalised here; k,
  /// nats.
  Vector total_growth(const Frame& frame) {
    Vector growth = frame.growth - frame.baseline;
    const Index k = frame.columns();
    if (k == 0) return growth;
    auto copy = spare_.leftCols(k);
    copy = Z_.leftCols(k);
    if (frame.form == Form::Factored) {
      copy.triangularView<Eigen::StrictlyUpper>().setZero();
      copy.diagonal().setOnes();
    }
    factorise(copy, [&](Out A) { host_.qr_diagonal(A, diagonal_.head(k)); });
    for (Index j = 0; j < k; ++j) growth[frame.alive[j]] += logarithm(diagonal_[j]);
    return growth;
  }

 private:
  void fill_J(const Pass& pass, Index t, Index run, const Frame& frame) {
    const std::int64_t* order = frame.form == Form::Factored ? frame.rows.data() : nullptr;
    if (!settings_.transposed) {
      pass.jacobian(t, run, settings_.scope, J_, nullptr, order);
    } else {
      pass.jacobian(t, run, settings_.scope, J_, order, nullptr);
      J_.transposeInPlace();
    }
  }

  void multiply(Frame& frame) {
    const Index n = J_.rows(), k = frame.columns();
    if (frame.form == Form::Factored) {
      // J P^T came with its columns in pivot order, so that A = (J P^T) L needs no permutation:
      // [A1 A2] [L1; L2] with L1 unit lower triangular.
      cblas_dtrmm(CblasColMajor, CblasRight, CblasLower, CblasNoTrans, CblasUnit,
                  static_cast<int>(n), static_cast<int>(k), 1.0, Z_.data(), static_cast<int>(n),
                  J_.data(), static_cast<int>(n));
      if (k < n) J_.leftCols(k).noalias() += J_.rightCols(n - k) * Z_.block(k, 0, n - k, k);
      J_.swap(Z_);
    } else {
      spare_.leftCols(k).noalias() = J_ * Z_.leftCols(k);
      spare_.swap(Z_);
    }
    frame.form = Form::Dense;
  }

  void renormalise(Frame& frame) {
    frame.pending = 0;
    for (;;) {
      const Index k = frame.columns();
      if (k == 0) return;
      auto diagonal = diagonal_.head(k);
      factorise(Z_.leftCols(k),
                [&](Out A) { renormaliser_->factorise(host_, A, frame.rows, diagonal); });
      expect_finite(diagonal);
      frame.form = renormaliser_->form();
      if (settings_.clamp_zeros || diagonal.cwiseAbs().minCoeff() != 0) break;
      drop_dead(frame);
    }
    for (Index j = 0; j < frame.columns(); ++j)
      frame.growth[frame.alive[j]] += logarithm(std::abs(diagonal_[j]));
  }

  /// Takes out the columns that have no direction of their own left: they stay dead for good.
  void drop_dead(Frame& frame) {
    const Index k = frame.columns();
    const Matrix U = renormaliser_->upper(Z_.leftCols(k));
    std::vector<Index> kept = independent_columns(U);
    if (static_cast<Index>(kept.size()) == k) {
      // The two eliminations round differently: believe the one that saw a zero.
      Index zero = 0;
      diagonal_.head(k).cwiseAbs().minCoeff(&zero);
      kept.erase(kept.begin() + zero);
    }
    const Matrix A = renormaliser_->product(Z_.leftCols(k), frame.rows, U(Eigen::all, kept));
    Z_.leftCols(A.cols()) = A;
    std::vector<Index> alive;
    for (const Index j : kept) alive.push_back(frame.alive[j]);
    for (const Index i : frame.alive)
      if (!std::binary_search(alive.begin(), alive.end(), i))
        frame.growth[i] = -std::numeric_limits<double>::infinity();
    frame.alive = std::move(alive);
  }

  /// Between renormalisations: powers of two, exact, keep the product from over- and underflowing.
  void rescale(Frame& frame) {
    auto Z = Z_.leftCols(frame.columns());
    const double largest = Z.cwiseAbs().maxCoeff();
    if (!std::isfinite(largest) || (largest > 0x1p-100 && largest < 0x1p100) || largest == 0)
      return;
    const int exponent = std::ilogb(largest);
    Z *= std::ldexp(1.0, -exponent);
    for (const Index i : frame.alive) frame.growth[i] += exponent * std::log(2.0);
  }

  /// ln|det J|, nats; J in any order of its columns.
  double log_determinant() {
    spare_ = J_;
    factorise(spare_, [&](Out A) { host_.lu(A, spare_rows_); });
    return spare_.diagonal().array().abs().log().sum();
  }

  static void expect_finite(In A) {
    if (!A.allFinite()) throw NotFinite("the product of Jacobians is not finite");
  }
  /// LAPACK refuses NaN before it touches A: then it is the network that has diverged.
  template <class Factorisation>
  void factorise(Out A, Factorisation&& factorisation) const {
    try {
      factorisation(A);
    } catch (const PluginError&) {
      expect_finite(A);
      throw;
    }
  }

  double logarithm(double x) const {
    return std::log(settings_.clamp_zeros ? std::max(x, std::numeric_limits<double>::min()) : x);
  }

  const Settings& settings_;
  const Host& host_;
  std::unique_ptr<Renormaliser> renormaliser_;
  Matrix J_, Z_, spare_;
  Vector diagonal_;
  std::vector<std::int64_t> spare_rows_;
};

}  // namespace lyap::spectrum
