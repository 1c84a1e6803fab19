// tests/plugins/made_recurrent_test.cpp - ornn and nnrnn: Jacobians, projections, starts.
#include <doctest/doctest.h>

#include <Eigen/QR>

#include "../../plugins/cells/nnrnn.hpp"
#include "../../plugins/cells/ornn.hpp"
#include "../sdk/cell_trial.hpp"

using namespace lyap;
using namespace lyap::testing;

namespace {

using With = std::map<std::string, std::string>;

/// A projection after a step of the optimiser that changed every weight by `change`.
template <class C, Real T>
std::vector<MatrixOf<T>> projected(Trial<C, T>& trial, const std::vector<MatrixOf<T>>& gradients,
                                   double change, double rate) {
  std::vector<MatrixOf<T>> after = trial.weights;
  std::vector<lyap_matrix> weights;
  std::vector<lyap_const_matrix> previous, lent;
  for (std::size_t i = 0; i < after.size(); ++i) {
    after[i].array() += T(change);
    weights.push_back(lend(after[i]));
    previous.push_back(lend(std::as_const(trial.weights[i])));
    lent.push_back(gradients.empty() ? lyap_const_matrix{} : lend(std::as_const(gradients[i])));
  }
  const lyap_projection projection{sizeof projection, 0,           weights.data(),
                                   previous.data(),   lent.data(), rate};
  border::call(trial.ops.project, trial.cell, &projection);
  return after;
}

template <Real T>
double from_orthogonal(const MatrixOf<T>& m) {
  const Matrix wide = m.template cast<double>();
  return (wide * wide.transpose() - Matrix::Identity(m.rows(), m.rows())).cwiseAbs().maxCoeff();
}

template <Real T>
std::vector<MatrixOf<T>> random_like(std::mt19937_64& source,
                                     const std::vector<MatrixOf<T>>& weights) {
  std::vector<MatrixOf<T>> all;
  for (const MatrixOf<T>& w : weights) all.push_back(random<T>(source, w.rows(), w.cols()));
  return all;
}

}  // namespace

TEST_CASE_TEMPLATE(
    "ornn: J J^T is the diagonal of the squared slopes, the identity where all are 1", T, float,
    double) {
  Trial<cells::Ornn, T> trial({{"units", "9"}, {"start", "zero"}}, 3, 4, 2);
  trial.run();
  const double rounding = 100.0 * std::numeric_limits<T>::epsilon();
  for (Index t = 0; t < 4; ++t) {
    const MatrixOf<T> J = trial.jacobian(t, 1);
    const VectorOf<T> h = trial.states.col(t * 2 + 1);
    const VectorOf<T> squared = (h.array() > 0).select(VectorOf<T>::Ones(9), T(0.01));
    CHECK(distance(MatrixOf<T>(J * J.transpose()), MatrixOf<T>(squared.asDiagonal())) < rounding);
  }
  trial.weights.back().setConstant(100);  // of the bias: every unit is active
  trial.run();
  CHECK(from_orthogonal<T>(trial.jacobian(0, 0)) < rounding);
}

TEST_CASE("ornn: the three forms and their options have the weights they need") {
  const auto names = [](const With& with) {
    const Trial<cells::Ornn, double> trial(with, 3, 1, 1);
    std::string all;
    for (std::uint32_t i = 0; i < trial.shape->weight_count; ++i) {
      const lyap_weight& w = trial.shape->weights[i];
      all += std::string(w.name) + " " + std::to_string(w.rows) + "x" + std::to_string(w.cols) +
             " " + w.init + "; ";
    }
    return all;
  };
  CHECK(
      names({{"units", "6"}}) ==
      "weight_ih 6x3 xavier_uniform; U 6x6 householder; bias 6x1 zeros; start 6x1 uniform(0.5); ");
  CHECK(names({{"units", "6"}, {"reflections", "2"}, {"start", "zero"}}) ==
        "weight_ih 6x3 xavier_uniform; U 6x2 householder; bias 6x1 zeros; ");
  CHECK(names({{"units", "6"}, {"param", "factorized"}, {"start", "zero"}}) ==
        "weight_ih 6x3 xavier_uniform; U 6x6 orthogonal; p 6x1 zeros; V 6x6 orthogonal; bias 6x1 "
        "zeros; ");
  CHECK(names({{"units", "6"}, {"param", "init"}, {"start", "zero"}}) ==
        "weight_ih 6x3 xavier_uniform; weight_hh 6x6 orthogonal; bias 6x1 zeros; ");
  CHECK_THROWS_WITH(names({{"units", "6"}, {"reflections", "7"}}),
                    "'reflections' must be at most 'units', 6, not 7");
}

TEST_CASE_TEMPLATE("ornn: a free orthogonal start is the vanilla network", T, float, double) {
  Trial<cells::Ornn, T> trial(
      {{"units", "5"}, {"param", "init"}, {"activation", "tanh"}, {"start", "zero"}}, 3, 1, 2);
  trial.run();
  const MatrixOf<T> a =
      (trial.weights[0] * trial.input + trial.weights[1] * trial.state).colwise() +
      trial.weights[2].col(0);
  CHECK(distance(trial.states, MatrixOf<T>(a.array().tanh())) <
        16.0 * std::numeric_limits<T>::epsilon());
}

TEST_CASE_TEMPLATE("ornn: after a projection the constraints hold", T, float, double) {
  const double allowed = std::is_same_v<T, double> ? 1e-14 : 1e-6;
  Trial<cells::Ornn, T> reflections({{"units", "8"}}, 3, 1, 1);
  const MatrixOf<T> U = projected(reflections, {}, 0.1, 1e-3)[1];
  CHECK(MatrixOf<T>(U.template triangularView<Eigen::StrictlyUpper>()).isZero(0));
  CHECK((U.colwise().norm().array() - 1).abs().maxCoeff() < allowed);

  Trial<cells::Ornn, T> factors(
      {{"units", "8"}, {"param", "factorized"}, {"orthogonal_rate", "0.01"}}, 3, 1, 1);
  for (const std::size_t i : {1, 3})
    factors.weights[i] = factors.weights[i].householderQr().householderQ();
  const auto gradients = random_like(factors.source, factors.weights);
  const auto after = projected(factors, gradients, 0.1, 1e-3);
  for (const std::size_t i : {1, 3}) {
    CHECK(from_orthogonal(after[i]) < allowed);
    // The optimiser's own step of U and V is not taken, a Cayley step is.
    const Matrix W = factors.weights[i].template cast<double>(),
                 G = gradients[i].template cast<double>();
    const Matrix step = cells::cayley_step(W, G, 0.01, cells::CayleyStep::Descent);
    CHECK(distance(after[i].template cast<double>().eval(), step) < allowed);
  }
  CHECK(distance(after[2], MatrixOf<T>(factors.weights[2].array() + T(0.1))) == 0);
  // Without gradients there is no direction: the factors stay.
  CHECK(distance(projected(factors, {}, 0.1, 1e-3)[3], factors.weights[3]) < allowed);
}

TEST_CASE("ornn: a rate of 0 takes the trainer's, and the published Cayley step is another") {
  const auto step = [](const char* rate, const char* cayley) {
    Trial<cells::Ornn, double> trial(
        {{"units", "4"}, {"param", "factorized"}, {"orthogonal_rate", rate}, {"cayley", cayley}}, 3,
        1, 1);
    for (const std::size_t i : {1, 3})
      trial.weights[i] = trial.weights[i].householderQr().householderQ();
    return projected(trial, random_like(trial.source, trial.weights), 0, 0.02)[1];
  };
  CHECK(distance(step("0", "descent"), step("0.02", "descent")) == 0);
  CHECK(distance(step("0", "descent"), step("0.02", "published")) > 1e-3);
}

TEST_CASE_TEMPLATE("ornn: a learned start is the same for every sample, its gradient their sum", T,
                   float, double) {
  Trial<cells::Ornn, T> trial({{"units", "4"}}, 3, 1, 3);
  MatrixOf<T> state(4, 3);
  std::vector<lyap_const_matrix> lent;
  for (const MatrixOf<T>& w : trial.weights) lent.push_back(lend(w));
  border::call(trial.ops.start, trial.cell, lent.data(), lyap_const_matrix{}, lend(state));
  CHECK(state == trial.weights[3].replicate(1, 3));
  const MatrixOf<T> bar = random<T>(trial.source, 4, 3);
  auto p = trial.empty(1, 1);
  std::vector<lyap_matrix> bars = trial.lend_all(p.weights);
  border::call(trial.ops.start_pull, trial.cell, lent.data(), lend(bar),
               static_cast<const lyap_matrix*>(bars.data()));
  CHECK(p.weights[3] == bar.rowwise().sum());
  for (const std::size_t i : {0, 1, 2}) CHECK(p.weights[i].isZero(0));
}

TEST_CASE_TEMPLATE("nnrnn: modReLU leaves silent units at zero with a slope of zero", T, float,
                   double) {
  Trial<cells::Nnrnn, T> trial({{"units", "6"}}, 3, 1, 2);
  MatrixOf<T>& b = trial.weights[5];
  b << T(0.5), T(-0.2), T(-9), T(0.1), T(-9), T(0);
  trial.run();
  const MatrixOf<T> J = trial.jacobian(0, 0);
  for (const Index silent : {2, 4}) {
    CHECK(trial.states.row(silent).isZero(0));
    CHECK(J.row(silent).isZero(0));
  }
  // Where a unit speaks, its row of J is that of V: the same for all samples.
  CHECK(distance(J.row(0), trial.jacobian(0, 1).row(0)) == 0);
  CHECK(J.row(0).norm() > 0.1);
}

TEST_CASE("nnrnn: at rest under zero input the Jacobian is R^T, not zero") {
  Trial<cells::Nnrnn, double> trial({{"units", "6"}}, 3, 1, 1);
  trial.weights[3].setOnes(), trial.weights[4].setZero();  // gamma, T: R is orthogonal
  trial.weights[5].setConstant(0.01);
  trial.state.setZero(), trial.input.setZero();
  trial.run();
  CHECK(trial.states.isZero(0));
  CHECK(from_orthogonal<double>(trial.jacobian(0, 0)) < 1e-13);
}

TEST_CASE("nnrnn: an odd number of units is refused") {
  using Refused = Trial<cells::Nnrnn, double>;
  CHECK_THROWS_WITH(Refused({{"units", "7"}}, 3, 1, 1),
                    "'units' must be even, for blocks of two, not 7");
}

TEST_CASE_TEMPLATE("nnrnn: a projection scales the step of log_P and decays gamma and T", T, float,
                   double) {
  const double rounding = 8.0 * std::numeric_limits<T>::epsilon();
  Trial<cells::Nnrnn, T> trial(
      {{"units", "4"}, {"orthogonal_rate", "2e-3"}, {"gamma_penalty", "0.5"}, {"upper_decay", "3"}},
      3, 1, 1);
  const auto& before = trial.weights;
  const auto after = projected(trial, {}, 0.1, 1e-2);
  // log_P goes 2e-3 / 1e-2 of the way, gamma back by 2 * 0.5 * 1e-2 of its distance to 1, T by
  // 3 * 1e-2 of itself; theta, input weights and biases are the optimiser's.
  CHECK(distance(after[1], MatrixOf<T>(before[1].array() + T(0.02))) < rounding);
  CHECK(distance(after[3], MatrixOf<T>(before[3].array() + T(0.1) -
                                       T(0.01) * (before[3].array() - 1))) < rounding);
  CHECK(distance(after[4], MatrixOf<T>(T(0.97) * before[4].array() + T(0.1))) < rounding);
  for (const std::size_t i : {0, 2, 5})
    CHECK(distance(after[i], MatrixOf<T>(before[i].array() + T(0.1))) == 0);
}

TEST_CASE_TEMPLATE("made recurrences: weight gradients are summed over samples and steps as wanted",
                   T, float, double) {
  Trial<cells::Nnrnn, T> trial({{"units", "6"}}, 3, 3, 2);
  trial.run();
  MatrixOf<T> bars = random<T>(trial.source, 6, 6), direct = bars;
  const auto whole = trial.backward(bars);
  // Only theta is wanted: nothing else is touched, and the adjoints are the same.
  auto p = trial.empty(2, 6);
  std::vector<lyap_matrix> list(6, lyap_matrix{});
  list[2] = lend(p.weights[2]);
  border::call(trial.ops.backward, trial.tape, Index{0}, Index{3}, lend(direct), lend(p.state),
               lend(p.input), static_cast<const lyap_matrix*>(list.data()));
  CHECK(distance(p.weights[2], whole.weights[2]) == 0);
  CHECK(distance(p.state, whole.state) == 0);
}
