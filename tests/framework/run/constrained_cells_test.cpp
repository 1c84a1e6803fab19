// tests/framework/run/constrained_cells_test.cpp - ornn and nnrnn in training runs: what a step of
// the optimiser and the projection after it do to their weights; two layers beside differences.
#include <doctest/doctest.h>

#include <cmath>
#include <utility>

#include "../temporary_folder.hpp"
#include "lyap/views.hpp"
#include "pipeline/read_yaml.hpp"
#include "run/run.hpp"
#include "run/training_table.hpp"

using namespace lyap::framework;
using lyap::Matrix;

namespace {

constexpr std::int64_t images = 24;

const Surroundings& surroundings() {
  static Workers workers(2);
  static const DataFolders folders({});
  static const Surroundings all = [] {
    Surroundings s;
    s.workers = &workers;
    s.folders = &folders;
    s.log = [](int, const std::string&) {};
    return s;
  }();
  return all;
}

/// Two layers of a cell on 24 generated digits of 7 x 7 pixels, one a row.
Plan plan_of(const std::string& cell, const std::string& with, const std::string& train,
             const std::string& precision) {
  static const Catalog catalog({LYAP_PLUGIN_DIR});
  const std::string text =
      "lyap: 1\nname: constrained\nprecision: {train: " + precision +
      ", analysis: float64}\ntrials:\n"
      "  task: {use: digits, with: {order: rows, pool: 4, train: 24, test: 6}}\n"
      "  cell: {use: " +
      cell + ", with: {units: 6, " + with +
      "}, layers: 2}\n"
      "  train: {use: bptt, with: {" +
      train +
      ", shuffle: off}, checkpoints: every}\n"
      "  measure: [{use: spectrum, with: {resamples: 0, history: 0}}]\n";
  const auto source = std::make_shared<Source>(Source{"constrained", text, ""});
  return resolve(parse(parse_yaml(source), "constrained"), catalog);
}

/// A run of a plan, and the weights after each of its epochs.
struct Run {
  Run(const std::string& cell, const std::string& with, const std::string& train,
      const std::string& precision)
      : plan(plan_of(cell, with, train, precision)),
        dtype(precision == "float32" ? LYAP_F32 : LYAP_F64),
        trial(plan, surroundings()),
        directory(RunDirectory::create(folder.path(), "constrained", "0")) {}

  void train() { run_trial(trial, directory, false); }

  Weights after(std::int64_t epoch) const {
    Snapshot kept{Weights(trial.network().weight_shapes(), dtype), {}};
    const auto path = directory.checkpoint(epoch);
    get_snapshot(kept, read_safetensors(path), path);
    return kept.weights;
  }
  /// Mean loss of all images and its gradient, in the precision of training.
  std::pair<double, Weights> loss(const Weights& weights) const {
    BatchGradient training(trial.network(), weights, trial.task_view(), *surroundings().workers, 1);
    std::vector<std::int64_t> which;
    for (std::int64_t i = 0; i < images; ++i) which.push_back(i);
    BatchRequest request;
    request.which = which.data();
    request.count = images;
    request.stream = "batch";
    const double mean = training.batch(request).mean();
    return {mean, training.gradient()};
  }
  Weights gradient(const Weights& weights) const { return loss(weights).second; }

  TemporaryFolder folder;
  Plan plan;
  std::int32_t dtype;
  Trial trial;
  RunDirectory directory;
};

Matrix tensor(const Weights& weights, const std::string& name) {
  const Weights wide = weights.as(LYAP_F64);
  return lyap::view<double>(wide[*wide.find("cell." + name)]);
}
double gap(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}
double from_orthogonal(const Matrix& V) {
  return gap(V * V.transpose(), Matrix::Identity(V.rows(), V.rows()));
}

/// (E + rate/2 A)^-1 (E - rate/2 A) W, A = G W^T - W G^T, the inverse by its series.
Matrix cayley(const Matrix& W, const Matrix& G, double rate) {
  const Matrix half = rate / 2 * (G * W.transpose() - W * G.transpose());
  Matrix sum = W - half * W, term = sum;
  for (int k = 0; k < 60; ++k) sum += term = (-half * term).eval();
  return sum;
}

constexpr const char* precisions[] = {"float64", "float32"};
double rounding(const std::string& precision) {
  return precision == "float64" ? 1e-13 : 2e-6;
}

}  // namespace

TEST_CASE("training ornn takes a Cayley step of its factors and a plain one of all other weights") {
  for (const std::string precision : precisions) {
    CAPTURE(precision);
    Run run("ornn", "param: factorized, margin: 0.2, orthogonal_rate: 0.5",
            "optimiser: sgd, learning_rate: 0.1, epochs: 3, batch: 24", precision);
    run.train();
    for (const std::int64_t epoch : {0, 1, 2}) {
      const Weights before = run.after(epoch), after = run.after(epoch + 1);
      const Weights gradient = run.gradient(before);
      for (const std::string layer : {"_l0", "_l1"}) {
        for (const std::string factor : {"U", "V"}) {
          const Matrix W = tensor(before, factor + layer), G = tensor(gradient, factor + layer);
          const Matrix W_after = tensor(after, factor + layer);
          CHECK(gap(W_after, cayley(W, G, 0.5)) < rounding(precision));
          CHECK(gap(W_after, W) > 1e-5);
          CHECK(from_orthogonal(W_after) < rounding(precision));
        }
        // `start` is learned: the loss has a gradient by it, through every step of the sequence.
        for (const std::string name : {"weight_ih", "p", "bias", "start"}) {
          const Matrix G = tensor(gradient, name + layer);
          CHECK(G.cwiseAbs().maxCoeff() > 1e-6);
          CHECK(gap(tensor(after, name + layer), tensor(before, name + layer) - 0.1 * G) <
                rounding(precision));
        }
      }
    }
  }
}

TEST_CASE("training ornn keeps its reflections of length 1 after every epoch") {
  for (const std::string precision : precisions) {
    CAPTURE(precision);
    Run run("ornn", "reflections: 4", "learning_rate: 0.05, epochs: 3, batch: 5", precision);
    run.train();
    for (const std::int64_t epoch : {1, 2, 3})
      for (const std::string layer : {"_l0", "_l1"}) {
        const Matrix U = tensor(run.after(epoch), "U" + layer);
        CHECK(Matrix(U.triangularView<Eigen::StrictlyUpper>()).isZero(0));
        CHECK((U.colwise().norm().array() - 1).abs().maxCoeff() < rounding(precision) / 10);
        CHECK(gap(U, tensor(run.after(0), "U" + layer)) > 1e-3);
      }
  }
}

TEST_CASE("training nnrnn steps log_P at its own rate and decays gamma and T") {
  for (const std::string precision : precisions) {
    CAPTURE(precision);
    Run run("nnrnn", "orthogonal_rate: 0.02, gamma_penalty: 0.25, upper_decay: 0.5",
            "optimiser: sgd, learning_rate: 0.1, epochs: 2, batch: 24", precision);
    run.train();
    // After the first epoch gamma and T have left 1 and 0, so that their decay shows.
    const Weights before = run.after(1), after = run.after(2), gradient = run.gradient(before);
    const auto step = [&](const std::string& name, double rate, double decay, double towards) {
      const Matrix w = tensor(before, name), G = tensor(gradient, name);
      CHECK(G.cwiseAbs().maxCoeff() > 1e-7);
      const Matrix expected = w - rate * G - Matrix(decay * (w.array() - towards));
      CHECK(gap(tensor(after, name), expected) < rounding(precision));
    };
    for (const std::string layer : {"_l0", "_l1"}) {
      step("log_P" + layer, 0.02, 0, 0);
      step("gamma" + layer, 0.1, 2 * 0.25 * 0.1, 1);
      step("T" + layer, 0.1, 0.5 * 0.1, 0);
      step("theta" + layer, 0.1, 0, 0);
      step("bias" + layer, 0.1, 0, 0);
    }
  }
}

TEST_CASE("weights that were set between two steps are where the next projection starts") {
  Run run("ornn", "param: factorized, orthogonal_rate: 1e-9", "epochs: 1", "float64");
  const auto model = run.trial.model(run.trial.first_weights());
  TrainingRun training(run.plan, *model, run.trial.task_view(), run.trial.task().lent(),
                       surroundings(), run.directory);
  const std::size_t index = *model->weights().find("cell.U_l0");
  auto U = lyap::view<double>(model->weights()[index]);
  const Matrix set = Matrix(U.rowwise().reverse());
  U = set;
  training.weights_changed(0);
  U.array() += 0.1;
  training.weights_changed(1e-3);
  CHECK(gap(U, set) < 1e-8);
}

TEST_CASE("two layers of ornn and nnrnn: Jacobian and gradients are what differences say") {
  struct Case {
    const char *cell, *with;
  };
  for (const Case& c :
       {Case{"ornn", "activation: tanh"}, Case{"ornn", "param: factorized, margin: 0.3"},
        Case{"ornn", "param: init"}, Case{"nnrnn", "upper: above_diagonal"}}) {
    CAPTURE(std::string(c.cell) + " " + c.with);
    Run run(c.cell, c.with, "epochs: 1", "float64");
    const auto model = run.trial.model(run.trial.first_weights());
    const Network& network = run.trial.network();
    Weights& weights = model->weights();
    PassRequest request;
    request.steps = 1;
    const auto after = [&](const Matrix& state) {
      Pass pass(network, model->derivatives(), weights, request);
      const Matrix x = Matrix::Constant(7, 1, 0.4);
      pass.start(lyap::lend(state));
      pass.run(1, lyap::lend(x));
      Matrix next(12, 1), J(12, 12);
      pass.state(1, lyap::lend(next));
      pass.jacobian(1, 0, LYAP_FULL_STATE, nullptr, nullptr, lyap::lend(J));
      return std::pair(next, J);
    };
    const Matrix state = Matrix(Eigen::VectorXd::LinSpaced(12, -0.7, 0.9));
    const Matrix J = after(state).second;
    for (Eigen::Index j = 0; j < 12; ++j) {
      const double h = 1e-6;
      Matrix e = Matrix::Zero(12, 1);
      e(j) = h;
      CHECK(gap((after(state + e).first - after(state - e).first) / (2 * h), J.col(j)) < 1e-9);
    }

    const Weights gradient = run.gradient(weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      CAPTURE(weights.shape(i).name);
      auto W = lyap::view<double>(weights[i]);
      const Matrix kept = W, direction = Matrix::Random(W.rows(), W.cols());
      const auto loss = [&](double by) {
        W = kept + by * direction;
        return run.loss(weights).first;
      };
      const double h = 1e-5, numeric = (loss(h) - loss(-h)) / (2 * h);
      W = kept;
      const double exact = lyap::view<double>(gradient[i]).cwiseProduct(direction).sum();
      CHECK(exact == doctest::Approx(numeric).epsilon(1e-6));
    }
  }
}
