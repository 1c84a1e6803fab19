// aelle/autoencoder.hpp - a trained autoencoder: everything that turns spectra into answers.
#pragma once
#include <lyap/lyap.hpp>
#include <vector>

#include "aelle/losses.hpp"
#include "aelle/network.hpp"
#include "aelle/principal_axes.hpp"
#include "aelle/scales.hpp"

namespace lyap::aelle {

/// What it says about spectra, a column a spectrum.
struct Answers {
  Matrix codes;               ///< latent x rows
  Eigen::RowVectorXd scores;  ///< of the head, before its activation
  Eigen::RowVectorXd losses;  ///< predicted, in the target's unit
  Eigen::RowVectorXd errors;  ///< mean |reconstruction - spectrum|, nats/step
};

struct Autoencoder {
  Network<double> network;
  InputScale input;
  TargetScale target;
  PrincipalAxes axes;      ///< of the codes of the training rows
  double threshold = 0;    ///< a lower loss is high accuracy
  double boundary = 0;     ///< median of the first coordinate over the training rows
  double orientation = 1;  ///< +1: high accuracy lies above the boundary
  Index best_epoch = 0;

  Answers answers(const Matrix& spectra) const;

  /// Decodes z - dz, dz the shortest with w dz = -delta, w the head's weight: the score rises by
  /// delta. The mean spectrum, nats/step.
  Vector moved(const Matrix& codes, double delta) const {
    const Vector w = network.weight(network.architecture().head_layer()).transpose();
    const Matrix there = codes.colwise() + w * (delta / w.squaredNorm());
    Passage<double> pass(network.architecture(), there.cols());
    pass.reconstruct(network, there);
    return input.back(pass.reconstruction()).rowwise().mean();
  }
};

inline Answers Autoencoder::answers(const Matrix& spectra) const {
  constexpr Index columns = 256;
  const Index rows = spectra.cols();
  const Architecture& a = network.architecture();
  Answers all{Matrix(a.latent, rows), Eigen::RowVectorXd(rows), Eigen::RowVectorXd(rows),
              Eigen::RowVectorXd(rows)};
  Passage<double> pass(a, std::min(columns, rows));
  for (Index from = 0; from < rows; from += columns) {
    const Index count = std::min(columns, rows - from);
    const Matrix some = spectra.middleCols(from, count);
    pass.forward(network, input.seen(some));
    all.codes.middleCols(from, count) = pass.code();
    all.scores.segment(from, count) = pass.score();
    all.errors.segment(from, count) =
        (input.back(pass.reconstruction()) - some).cwiseAbs().colwise().mean();
  }
  for (Index i = 0; i < rows; ++i) all.losses[i] = target.back(activated(a.head, all.scores[i]));
  return all;
}

}  // namespace lyap::aelle
