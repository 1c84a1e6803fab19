// aelle/training.hpp - one autoencoder, from its first parameters to those that are kept.
#pragma once
#include <cmath>
#include <limits>
#include <lyap/lyap.hpp>
#include <numeric>
#include <vector>

#include "aelle/adam.hpp"
#include "aelle/losses.hpp"
#include "aelle/network.hpp"
#include "aelle/settings.hpp"

namespace lyap::aelle {

/// Spectra and losses as the network sees them.
template <Real S>
struct Samples {
  MatrixOf<S> spectra;  ///< length x rows
  Vector targets;
  Index count() const { return spectra.cols(); }
};

enum Curve { TrainReconstruction, TrainPrediction, ValidationReconstruction, ValidationPrediction };
inline constexpr Index curves = 4;
inline constexpr const char* curve_names =
    "train_reconstruction train_prediction validation_reconstruction validation_prediction";

/// The first epoch, every so many, and the last.
inline std::vector<Index> kept_epochs(Index all, Index every) {
  std::vector<Index> kept{1};
  for (Index epoch = every; epoch < all; epoch += every)
    if (epoch > 1) kept.push_back(epoch);
  if (all > 1) kept.push_back(all);
  return kept;
}

/// Means over the rows of an epoch.
struct EpochLosses {
  double reconstruction = 0, prediction = 0;
  void add(double r, double p, Index rows, Index all) {
    const double share = static_cast<double>(rows) / static_cast<double>(all);
    reconstruction += share * r;
    prediction += share * p;
  }
};

template <Real S>
class Descent {
 public:
  Descent(const Settings& settings, Network<S> first, const Samples<S>& train,
          const Samples<S>& validation, Draws masks, Draws orders)
      : settings_(settings),
        train_(train),
        validation_(validation),
        network_(std::move(first)),
        gradients_(network_.architecture()),
        best_(network_.parameters()),
        pass_(network_.architecture(), std::min(settings.batch, train.count())),
        adam_(network_.parameters().size(), settings.learning_rate),
        batch_(train.spectra.rows(), pass_.columns()),
        batch_targets_(pass_.columns()),
        order_(static_cast<std::size_t>(train.count())),
        masks_(masks),
        orders_(orders),
        kept_(kept_epochs(settings.all_epochs(), settings.history_every)),
        history_(
            Matrix::Constant(curves, std::ssize(kept_), std::numeric_limits<double>::quiet_NaN())) {
    std::iota(order_.begin(), order_.end(), Index{0});
  }

  /// Allocates nothing. `after` hears of every epoch, and may throw to stop. NotFinite: diverged.
  template <class After>
  void run(After&& after) {
    const Index last = settings_.all_epochs();
    std::size_t next = 0;
    for (Index epoch = 1; epoch <= last; ++epoch) {
      const EpochLosses train = descend(epoch);
      if (!std::isfinite(train.reconstruction + train.prediction))
        throw NotFinite("the autoencoder diverged in epoch " + std::to_string(epoch) +
                        "; lower `learning_rate` or `alphas`, or say `input: zscore`");
      const bool keep = epoch == kept_[next];
      if (validation_.count() > 0) validate(epoch, keep, static_cast<Index>(next));
      if (keep) {
        history_(TrainReconstruction, static_cast<Index>(next)) = train.reconstruction;
        history_(TrainPrediction, static_cast<Index>(next++)) = train.prediction;
      }
      after(epoch);
    }
    if (selects())
      network_.parameters() = best_;
    else
      best_epoch_ = last;
  }

  const Network<S>& network() const { return network_; }
  Index best_epoch() const { return best_epoch_; }
  /// curves x kept epochs
  const Matrix& history() const { return history_; }

  /// One step of Adam on these rows of the training samples; their losses before it.
  EpochLosses step(std::span<const Index> rows, double alpha) {
    const auto count = static_cast<Index>(rows.size());
    for (Index i = 0; i < count; ++i) {
      batch_.col(i) = train_.spectra.col(rows[static_cast<std::size_t>(i)]);
      batch_targets_[i] = train_.targets[rows[static_cast<std::size_t>(i)]];
    }
    const auto spectra = batch_.leftCols(count);
    pass_.forward(network_, spectra, &masks_, settings_.dropout);
    EpochLosses losses;
    losses.reconstruction =
        reconstruction_loss(settings_.reconstruction, pass_.reconstruction(), spectra);
    reconstruction_slope<S>(settings_.reconstruction, pass_.reconstruction(), spectra,
                            pass_.reconstruction_bar());
    for (Index i = 0; i < count; ++i) {
      const LossAndSlope one = prediction_at(i, batch_targets_[i]);
      losses.prediction += one.loss / static_cast<double>(count);
      pass_.score_bar()(0, i) = static_cast<S>(alpha * one.slope / static_cast<double>(count));
    }
    pass_.backward(network_, spectra, gradients_);
    adam_.step(network_.parameters(), gradients_.parameters());
    return losses;
  }
  /// Of the latest step.
  const Network<S>& gradients() const { return gradients_; }

 private:
  bool selects() const { return settings_.copy_best && validation_.count() > 0; }
  LossAndSlope prediction_at(Index column, double target) const {
    return prediction_loss(settings_.prediction, settings_.head,
                           static_cast<double>(pass_.score()(0, column)), target);
  }

  EpochLosses descend(Index epoch) {
    if (settings_.shuffle) orders_.shuffle(order_);
    EpochLosses mean;
    const Index all = train_.count();
    for (Index from = 0; from < all; from += pass_.columns()) {
      const Index count = std::min(pass_.columns(), all - from);
      const EpochLosses batch =
          step({order_.data() + from, static_cast<std::size_t>(count)}, settings_.alpha(epoch));
      mean.add(batch.reconstruction, batch.prediction, count, all);
    }
    return mean;
  }

  /// The reconstruction is needed only where history is kept.
  void validate(Index epoch, bool keep, Index place) {
    EpochLosses mean;
    const Index all = validation_.count();
    for (Index from = 0; from < all; from += pass_.columns()) {
      const Index count = std::min(pass_.columns(), all - from);
      const auto spectra = validation_.spectra.middleCols(from, count);
      double reconstruction = 0, prediction = 0;
      if (keep) {
        pass_.forward(network_, spectra);
        reconstruction =
            reconstruction_loss(settings_.reconstruction, pass_.reconstruction(), spectra);
      } else {
        pass_.predict(network_, spectra);
      }
      for (Index i = 0; i < count; ++i)
        prediction += prediction_at(i, validation_.targets[from + i]).loss;
      mean.add(reconstruction, prediction / static_cast<double>(count), count, all);
    }
    if (mean.prediction < smallest_) {
      smallest_ = mean.prediction;
      best_epoch_ = epoch;
      if (selects()) best_ = network_.parameters();
    }
    if (!keep) return;
    history_(ValidationReconstruction, place) = mean.reconstruction;
    history_(ValidationPrediction, place) = mean.prediction;
  }

  const Settings& settings_;
  const Samples<S>&train_, &validation_;
  Network<S> network_, gradients_;
  VectorOf<S> best_;
  Passage<S> pass_;
  Adam<S> adam_;
  MatrixOf<S> batch_;
  Vector batch_targets_;
  std::vector<Index> order_;
  Draws masks_, orders_;
  std::vector<Index> kept_;
  Matrix history_;
  double smallest_ = std::numeric_limits<double>::infinity();
  Index best_epoch_ = 0;
};

}  // namespace lyap::aelle
