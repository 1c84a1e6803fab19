// tests/plugins/aelle/network_test.cpp - layers, losses, their derivatives, Adam and dropout.
#include <doctest/doctest.h>

#include <numeric>
#include <string>

#include "aelle/adam.hpp"
#include "aelle/losses.hpp"
#include "aelle/network.hpp"

using namespace lyap;
using namespace lyap::aelle;

namespace {

Architecture architecture(const char* variant, Index length, Index latent,
                          Activation head = Activation::Linear) {
  return Architecture::of(variant, head, length, latent);
}

/// Numbers of either sign, never near a kink of L1 or ReLU.
template <class M>
void fill(M&& values, Draws& draws, double scale) {
  for (Index i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(draws.bits() >> 11) * 0x1p-53;
    values.data()[i] = scale * (x < 0.5 ? -0.1 - x : x - 0.4);
  }
}

/// The total loss of fixed spectra under fixed masks.
struct Problem {
  Network<double> network;
  Matrix spectra;
  Vector targets;
  Reconstruction reconstruction;
  Prediction prediction;
  double alpha = 3, dropout = 0.3;

  Problem(const Architecture& a, Reconstruction r, Prediction p)
      : network(a), spectra(a.length, 5), targets(5), reconstruction(r), prediction(p) {
    Draws draws(7);
    fill(network.parameters(), draws, 1);
    fill(spectra, draws, 2);
    targets << 0.1, 0.9, 0.35, 0.6, 0.75;
  }
  double loss(Passage<double>& pass) const {
    Draws masks(11);
    pass.forward(network, spectra, &masks, dropout);
    double sum = 0;
    for (Index i = 0; i < 5; ++i) sum += one(pass, i).loss / 5;
    return reconstruction_loss(reconstruction, pass.reconstruction(), spectra) + alpha * sum;
  }
  LossAndSlope one(Passage<double>& pass, Index i) const {
    return prediction_loss(prediction, network.architecture().head, pass.score()(0, i), targets[i]);
  }
  Vector gradient(Passage<double>& pass) const {
    loss(pass);
    reconstruction_slope<double>(reconstruction, pass.reconstruction(), spectra,
                                 pass.reconstruction_bar());
    for (Index i = 0; i < 5; ++i) pass.score_bar()(0, i) = alpha * one(pass, i).slope / 5;
    Network<double> gradients(network.architecture());
    pass.backward(network, spectra, gradients);
    return gradients.parameters();
  }
};

/// Largest difference to central differences, relative to the largest slope.
double worst(Problem problem) {
  Passage<double> pass(problem.network.architecture(), 5);
  const Vector gradient = problem.gradient(pass);
  Vector differences(gradient.size());
  constexpr double h = 1e-6;
  for (Index i = 0; i < gradient.size(); ++i) {
    double& w = problem.network.parameters()[i];
    const double before = w;
    w = before + h;
    const double above = problem.loss(pass);
    w = before - h;
    differences[i] = (above - problem.loss(pass)) / (2 * h);
    w = before;
  }
  return (gradient - differences).cwiseAbs().maxCoeff() / gradient.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("the published networks have the published numbers of parameters") {
  CHECK(architecture("prednet3", 1024, 32).parameters() == 284097);
  CHECK(architecture("prednet3wide", 1024, 32).parameters() == 1329729);
  CHECK(architecture("experiment2", 1024, 32).parameters() == 542273);
  CHECK(architecture("experiment2", 512, 64).parameters() == 148353);
  // 512 150 50 150 512, a weight and a bias each, and 51 of the head
  CHECK(architecture("autopred2020", 512, 50).parameters() ==
        150 * 513 + 50 * 151 + 150 * 51 + 512 * 151 + 51);
  CHECK(own_latent("autopred2020") == 50);
}

TEST_CASE("spectra that are too short for a variant are refused") {
  CHECK_THROWS_WITH(architecture("prednet3", 15, 4),
                    "spectra of 15 exponents are too short for `variant: prednet3`; interpolate "
                    "them to more, or choose `variant: experiment2`");
}

TEST_CASE("back-propagation is what central differences give, with units dropped") {
  // Differences of 1e-6 in float64 are good to some 1e-9 of the loss, which is about 10 times the
  // largest slope here at most.
  for (const char* variant : variants)
    for (const auto r : {Reconstruction::L1, Reconstruction::Mse})
      for (const auto p : {Prediction::Mse, Prediction::L1, Prediction::Bce})
        for (const Activation head : heads) {
          if (p == Prediction::Bce && head != Activation::Sigmoid) continue;
          CAPTURE(variant);
          CAPTURE(static_cast<int>(r));
          CAPTURE(static_cast<int>(p));
          CAPTURE(name_of(head));
          const Index length = std::string(variant) == "autopred2020" ? 4 : 16;
          CHECK(worst(Problem(architecture(variant, length, 3, head), r, p)) < 1e-7);
        }
}

TEST_CASE("the cross entropy of a score is that of its sigmoid and never infinite") {
  for (const double score : {-3.0, 0.2, 5.0}) {
    const double p = activated(Activation::Sigmoid, score);
    const LossAndSlope one = prediction_loss(Prediction::Bce, Activation::Sigmoid, score, 0.3);
    CHECK(one.loss == doctest::Approx(-0.3 * std::log(p) - 0.7 * std::log(1 - p)));
    CHECK(one.slope == doctest::Approx(p - 0.3));
  }
  CHECK(prediction_loss(Prediction::Bce, Activation::Sigmoid, 1000, 0).loss == 1000);
}

TEST_CASE("Adam's first steps are those worked out by hand") {
  // w = 1, rate 0.1, slopes 2 then -1.
  //   t = 1: m 0.2, v 0.004; corrected 2 and 4; w = 1 - 0.1 * 2 / (2 + 1e-8)
  //   t = 2: m 0.08, v 0.004996; corrected 0.08/0.19 and 0.004996/0.001999
  Vector w = Vector::Ones(1), g = Vector::Constant(1, 2);
  Adam<double> adam(1, 0.1);
  adam.step(w, g);
  CHECK(w[0] == doctest::Approx(1 - 0.2 / (2 + 1e-8)).epsilon(1e-14));
  const double before = w[0];
  g[0] = -1;
  adam.step(w, g);
  const double m = 0.08 / 0.19, v = 0.004996 / 0.001999;
  CHECK(w[0] == doctest::Approx(before - 0.1 * m / (std::sqrt(v) + 1e-8)).epsilon(1e-12));
}

TEST_CASE("Adam does to every parameter what it does to one") {
  const Index many = 5000;  // more than a piece of its loop
  Vector w = Vector::Zero(many), g = Vector::LinSpaced(many, -1, 1);
  Adam<double> adam(many, 0.01);
  for (int t = 0; t < 3; ++t) adam.step(w, g);
  for (const Index i : {Index{0}, Index{2047}, Index{2048}, Index{4999}}) {
    Vector one = Vector::Zero(1);
    Adam<double> alone(1, 0.01);
    for (int t = 0; t < 3; ++t) alone.step(one, Vector::Constant(1, g[i]));
    CHECK(w[i] == doctest::Approx(one[0]).epsilon(1e-13));
  }
}

TEST_CASE("dropout keeps the mean, drops its share, and does nothing outside of training") {
  const Index n = 1 << 18;
  Vector mask(n);
  Draws draws(3);
  draws.mask(0.1, mask.data(), n);
  const double dropped = static_cast<double>((mask.array() == 0).count()) / static_cast<double>(n);
  // sqrt(0.1 * 0.9 / n) = 0.0006; four of them
  CHECK(dropped == doctest::Approx(0.1).epsilon(0.024));
  CHECK(mask.mean() == doctest::Approx(1).epsilon(0.003));
  CHECK(mask.maxCoeff() == doctest::Approx(1 / 0.9).epsilon(1e-4));

  Problem problem(architecture("experiment2", 16, 3), Reconstruction::L1, Prediction::Mse);
  Passage<double> pass(problem.network.architecture(), 5);
  pass.forward(problem.network, problem.spectra);
  const Matrix quiet = pass.reconstruction();
  Draws masks(5);
  pass.forward(problem.network, problem.spectra, &masks, 0.3);
  CHECK(Matrix(pass.reconstruction()) != quiet);
  CHECK((pass.reconstruction().array() == 0).count() > 0);  // the reconstruction is dropped too
  pass.forward(problem.network, problem.spectra, &masks, 0);
  CHECK(Matrix(pass.reconstruction()) == quiet);
}

TEST_CASE("the published 2020 network drops nothing") {
  Problem problem(architecture("autopred2020", 8, 3), Reconstruction::L1, Prediction::Mse);
  Passage<double> pass(problem.network.architecture(), 5);
  pass.forward(problem.network, problem.spectra);
  const Matrix quiet = pass.reconstruction();
  Draws masks(5);
  pass.forward(problem.network, problem.spectra, &masks, 0.5);
  CHECK(Matrix(pass.reconstruction()) == quiet);
}

TEST_CASE("an order is a permutation in which every row comes first about as often") {
  Draws draws(9);
  std::vector<Index> order(10);
  std::iota(order.begin(), order.end(), Index{0});
  std::vector<int> first(10);
  for (int i = 0; i < 10000; ++i) {
    draws.shuffle(order);
    ++first[static_cast<std::size_t>(order[0])];
  }
  std::sort(order.begin(), order.end());
  for (Index i = 0; i < 10; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
  // a count has deviation sqrt(10000 * 0.09) = 30
  for (const int count : first) CHECK(std::abs(count - 1000) < 150);
}
