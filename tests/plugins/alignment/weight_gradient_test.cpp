// tests/plugins/alignment/weight_gradient_test.cpp - the gradients that are decomposed, beside
// differences of the loss at one step.
#include "alignment/weight_gradient.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "alignment/singular_ends.hpp"
#include "small_pipeline.hpp"

using namespace alignment_test;
using lyap::alignment::Recurrent;
using lyap::alignment::recurrent_of;
using lyap::alignment::WeightGradient;

namespace {

/// One sequence of a task through a network, from a random state.
struct Sequence {
  explicit Sequence(const std::string& cell, const std::string& task = digits)
      : small(cell, "", task),
        kernel(small.trial.model(small.trial.first_weights())),
        model(&model_ops(), lend(*kernel)),
        data(&Task::lent_ops(), small.trial.task().lent()),
        steps(data.shape().steps),
        input(model.inputs(), steps),
        target(data.shape().targets, data.shape().last_step_only ? Index{1} : steps),
        start(model.state(), 1),
        pass(model.begin(1, steps)) {
    const std::int64_t which = 2;
    data.fetch({lyap::Split::Test, {&which, 1}}, input, target);
    host().normal("start", start);
    run();
  }

  void run() {
    pass.start(start);
    pass.run(input);
  }
  /// The loss at step t with dV added to a weight.
  double loss(std::uint32_t weight, Index row, Index col, double by, Index t) {
    double& number = lyap::view<double>(kernel->weights()[weight])(row, col);
    const double kept = number;
    number += by;
    kernel->changed();
    run();
    lyap::Pass::Adjoints none;
    const double loss = pass.backward(target, none, t);
    number = kept;
    kernel->changed();
    return loss;
  }
  /// The cross entropy at step t when U h_{s-1} is added to the layer's hidden part after every
  /// step s.
  double loss(const Recurrent& r, const Matrix& U, Index t) {
    lyap::Pass one = model.begin(1, 1);
    Matrix state = start, next = start;
    for (Index s = 0; s < t; ++s) {
      one.start(state);
      one.run(input.col(s));
      one.state(1, next);
      next.middleRows(r.row, r.units) += U * state.middleRows(r.row, r.units);
      state = next;
    }
    const auto weights = static_cast<std::uint32_t>(model.weights().size());
    const Matrix C = model.weight(weights - 2), d = model.weight(weights - 1);
    const Vector scores = C * state.middleRows((model.shape().layers - 1) * r.units, r.units) + d;
    return std::log(scores.array().exp().sum()) - scores[static_cast<Index>(target(0, 0))];
  }

  Case small;
  std::unique_ptr<lyap::framework::Model> kernel;
  lyap::Model model;
  lyap::Data data;
  Index steps;
  Matrix input, target, start;
  lyap::Pass pass;
};

double largest(const Matrix& m) {
  return m.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("the gradient at a step is what differences of that step's loss by the weight say") {
  struct Network {
    const char *cell, *task;
    Index layer;
  };
  const char* copy =
      "{use: copy, with: {blanks: 3, symbols: 2, alphabet: 4, train: 8, validation: 4, test: 4}}";
  for (const Network& n : {Network{"{use: rnn, with: {units: 6}}", digits, 1},
                           Network{"{use: rnn, with: {units: 6}, layers: 2}", digits, 1},
                           Network{"{use: rnn, with: {units: 6}, layers: 2}", digits, 2},
                           Network{"{use: lstm, with: {units: 4}}", digits, 1},
                           Network{"{use: cornn, with: {units: 4}}", digits, 1},
                           Network{"{use: lem, with: {units: 4}, layers: 2}", digits, 2},
                           Network{"{use: rnn, with: {units: 6}}", copy, 1}}) {
    CAPTURE(std::string(n.cell) + " on " + n.task);
    CAPTURE(n.layer);
    Sequence sequence(n.cell, n.task);
    const Recurrent r = recurrent_of(sequence.model.shape(), n.layer, "auto");
    REQUIRE(r.weight);
    WeightGradient gradient(sequence.model, r, sequence.steps);
    for (const Index t : {Index{1}, Index{4}, sequence.steps}) {
      CAPTURE(t);
      sequence.run();
      gradient.begin(sequence.pass);
      const Matrix G = gradient.at(sequence.pass, sequence.target, t);
      Matrix numeric(G.rows(), G.cols());
      const double h = 1e-5;
      for (Index j = 0; j < G.cols(); ++j)
        for (Index i = 0; i < G.rows(); ++i)
          numeric(i, j) =
              (sequence.loss(*r.weight, i, j, h, t) - sequence.loss(*r.weight, i, j, -h, t)) /
              (2 * h);
      CHECK(largest(G) > 1e-6);
      // Differences: h^2 of the third derivative, and 1e-16 / h of rounding.
      CHECK(largest(G - numeric) < 1e-9);
    }
  }
}

TEST_CASE(
    "without a matrix it is the gradient by a feedback added to the hidden part after every "
    "step") {
  struct Network {
    const char* cell;
    Index layer;
  };
  for (const Network& n : {Network{"{use: nnrnn, with: {units: 6}}", 1},
                           Network{"{use: lstm, with: {units: 4}, layers: 2}", 1},
                           Network{"{use: lstm, with: {units: 4}, layers: 2}", 2}}) {
    CAPTURE(n.cell);
    CAPTURE(n.layer);
    Sequence sequence(n.cell);
    const Recurrent r = recurrent_of(sequence.model.shape(), n.layer, "state");
    CHECK_FALSE(r.weight);
    WeightGradient gradient(sequence.model, r, sequence.steps);
    gradient.begin(sequence.pass);
    for (const Index t : {Index{2}, Index{5}, sequence.steps}) {
      CAPTURE(t);
      const Matrix G = gradient.at(sequence.pass, sequence.target, t);
      Matrix numeric(r.units, r.units);
      const double h = 1e-5;
      for (Index j = 0; j < r.units; ++j)
        for (Index i = 0; i < r.units; ++i) {
          Matrix U = Matrix::Zero(r.units, r.units);
          U(i, j) = h;
          numeric(i, j) = (sequence.loss(r, U, t) - sequence.loss(r, -U, t)) / (2 * h);
        }
      CHECK(largest(G) > 1e-6);
      CHECK(largest(G - numeric) < 1e-9);
    }
  }
}

TEST_CASE("every step adds one rank to the gradient, and no more") {
  for (const char* cell : {"{use: rnn, with: {units: 16}}", "{use: ornn, with: {units: 16}}"}) {
    CAPTURE(cell);
    Sequence sequence(cell);
    const Recurrent r = recurrent_of(sequence.model.shape(), 1, "auto");
    WeightGradient gradient(sequence.model, r, sequence.steps);
    gradient.begin(sequence.pass);
    lyap::alignment::SingularEnds ends(host(), 16, 5, lyap::alignment::NullBasis::Random);
    for (Index t = 1; t <= sequence.steps; ++t) {
      CAPTURE(t);
      ends.take(gradient.at(sequence.pass, sequence.target, t), "null");
      CHECK(ends.rank() == t);
    }
  }
}
