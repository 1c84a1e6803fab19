// tests/plugins/aelle/training_test.cpp - the schedule, what is kept, scales and memory.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <string>

#include "aelle/principal_axes.hpp"
#include "aelle/scales.hpp"
#include "aelle/statistics.hpp"
#include "aelle/training.hpp"

// Eigen takes its memory from malloc, and so does operator new; sanitizers bring their own.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS
namespace {
std::atomic<long> allocations{0};
}
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* malloc(std::size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}
#endif

using namespace lyap;
using namespace lyap::aelle;

namespace {

/// Settings as a pipeline gives them, every option at its default unless named.
Settings settings(const std::map<std::string, std::string>& words,
                  const std::map<std::string, std::vector<double>>& lists = {}) {
  Options options;
  Settings::declare(options);
  std::vector<lyap_value> values;
  static const std::vector<double> phases{5, 5, 10, 20}, none;
  for (const lyap_option& o : options.list()) {
    lyap_value value{};
    value.name = o.name;
    const auto given = words.find(o.name);
    const std::string text = given == words.end() ? o.fallback : given->second;
    value.text = given == words.end() ? o.fallback : given->second.c_str();
    if (o.type == LYAP_REAL) value.real = std::stod(text);
    if (o.type == LYAP_INTEGER) value.integer = std::stoll(text);
    if (o.type == LYAP_BOOLEAN) value.integer = text == "true";
    if (o.type == LYAP_REALS) {
      const auto list = lists.find(o.name);
      const auto& numbers = list != lists.end()               ? list->second
                            : std::string(o.name) == "alphas" ? phases
                                                              : none;
      value.reals = numbers.data();
      value.count = std::ssize(numbers);
    }
    values.push_back(value);
  }
  return Settings(Values(values.data(), static_cast<std::uint32_t>(values.size())));
}

struct Lesson {
  Samples<double> train, validation;
  Network<double> first;

  explicit Lesson(const Settings& s, Index rows = 10)
      : first(Architecture::of(s.variant, s.head, 8, 2)) {
    Draws draws(1);
    const auto number = [&] { return static_cast<double>(draws.bits() >> 11) * 0x1p-52 - 1; };
    train = {Matrix(8, rows), Vector(rows)};
    validation = {Matrix(8, 4), Vector(4)};
    for (double& x : train.spectra.reshaped()) x = number();
    for (double& x : train.targets) x = number();
    for (double& x : validation.spectra.reshaped()) x = number();
    for (double& x : validation.targets) x = number();
    for (double& x : first.parameters()) x = number() / 2;
  }
  Descent<double> training(const Settings& s) const {
    return {s, first, train, validation, Draws(2), Draws(3)};
  }
};

double validation_loss(const Lesson& lesson, const Network<double>& network) {
  Passage<double> pass(network.architecture(), 4);
  pass.forward(network, lesson.validation.spectra);
  double sum = 0;
  for (Index i = 0; i < 4; ++i)
    sum += std::pow(pass.score()(0, i) - lesson.validation.targets[i], 2) / 4;
  return sum;
}

}  // namespace

TEST_CASE("the weight of the prediction goes through its phases") {
  const Settings s = settings({{"epochs", "3"}}, {{"alphas", {5, 10, 20}}});
  CHECK(s.all_epochs() == 9);
  for (const Index epoch : {1, 2, 3}) CHECK(s.alpha(epoch) == 5);
  for (const Index epoch : {4, 6}) CHECK(s.alpha(epoch) == 10);
  for (const Index epoch : {7, 9}) CHECK(s.alpha(epoch) == 20);
}

TEST_CASE("alpha scales the prediction's gradient alone") {
  const Settings s = settings({{"dropout", "0"}, {"batch", "10"}});
  const Lesson lesson(s);
  std::vector<Index> rows{0, 1, 2, 3};
  const auto gradient = [&](double alpha) {
    Descent<double> training = lesson.training(s);
    training.step(rows, alpha);
    return Vector(training.gradients().parameters());
  };
  const Vector none = gradient(0), one = gradient(1), five = gradient(5);
  CHECK(((five - none) - 5 * (one - none)).norm() < 1e-13);
  CHECK((one - none).norm() > 0.01);
}

TEST_CASE("the best parameters are a copy: training on after them does not change them") {
  // With random losses the validation loss soon rises, so the best epoch is an early one.
  const Settings copy =
      settings({{"epochs", "300"}, {"learning_rate", "0.02"}, {"batch", "4"}}, {{"alphas", {20}}});
  const Lesson lesson(copy);
  Descent<double> training = lesson.training(copy);
  double smallest = 1e9;
  Index best = 0;
  Vector at_best;
  training.run([&](Index epoch) {
    const double loss = validation_loss(lesson, training.network());
    if (loss >= smallest) return;
    smallest = loss;
    best = epoch;
    at_best = training.network().parameters();
  });
  CHECK(best < 300);
  CHECK(training.best_epoch() == best);
  CHECK(training.network().parameters() == at_best);

  const Settings last =
      settings({{"epochs", "300"}, {"learning_rate", "0.02"}, {"batch", "4"}, {"best", "last"}},
               {{"alphas", {20}}});
  Descent<double> other = lesson.training(last);
  Vector final;
  other.run([&](Index) { final = other.network().parameters(); });
  CHECK(other.best_epoch() == 300);
  CHECK(other.network().parameters() == final);
  CHECK((final - at_best).norm() > 0.01);
}

TEST_CASE("history keeps the first epoch, every so many, and the last") {
  CHECK(kept_epochs(25, 10) == std::vector<Index>{1, 10, 20, 25});
  CHECK(kept_epochs(20, 10) == std::vector<Index>{1, 10, 20});
  CHECK(kept_epochs(3, 1) == std::vector<Index>{1, 2, 3});
  CHECK(kept_epochs(1, 10) == std::vector<Index>{1});
}

TEST_CASE("an epoch's loss weighs every row alike, also those of a short last batch") {
  const Settings s =
      settings({{"dropout", "0"}, {"epochs", "1"}, {"learning_rate", "1e-12"}, {"batch", "4"}},
               {{"alphas", {1}}});
  const Lesson lesson(s);  // 10 rows: batches of 4, 4 and 2
  Descent<double> training = lesson.training(s);
  training.run([](Index) {});
  Passage<double> pass(lesson.first.architecture(), 10);
  pass.forward(lesson.first, lesson.train.spectra);
  CHECK(training.history()(TrainReconstruction, 0) ==
        doctest::Approx((pass.reconstruction() - lesson.train.spectra).cwiseAbs().mean())
            .epsilon(1e-9));
  CHECK(training.history()(TrainPrediction, 0) ==
        doctest::Approx((pass.score().transpose() - lesson.train.targets).squaredNorm() / 10)
            .epsilon(1e-9));
  CHECK(training.history()(ValidationPrediction, 0) ==
        doctest::Approx(validation_loss(lesson, training.network())));
}

TEST_CASE("training takes no memory") {
#ifdef COUNTS_ALLOCATIONS
  const Settings s = settings({{"epochs", "20"}, {"batch", "4"}, {"history_every", "3"}});
  const Lesson lesson(s);
  Descent<double> training = lesson.training(s);
  long before = 0, after = 0;
  training.run([&](Index epoch) {
    if (epoch == 2) before = allocations;
    if (epoch == s.all_epochs()) after = allocations;
  });
  CHECK(before > 0);
  CHECK(after == before);
#endif
}

TEST_CASE("a training that diverges says so") {
  const Settings s =
      settings({{"learning_rate", "10"}, {"epochs", "400"}, {"reconstruction", "mse"}});
  Lesson lesson(s);
  lesson.train.spectra(3, 2) = 1e200;
  Descent<double> training = lesson.training(s);
  CHECK_THROWS_WITH_AS(training.run([](Index) {}),
                       "the autoencoder diverged in epoch 1; lower `learning_rate` or `alphas`, or "
                       "say `input: zscore`",
                       NotFinite);
}

TEST_CASE("losses go into 0 .. 1 and back") {
  const Vector losses = (Vector(4) << 2.5, 0.5, 1.75, 4.5).finished();
  const TargetScale scale = TargetScale::minmax(losses);
  const Vector seen = scale.of(losses);
  CHECK(seen.minCoeff() == 0);
  CHECK(seen.maxCoeff() == 1);
  for (Index i = 0; i < 4; ++i) CHECK(scale.back(seen[i]) == doctest::Approx(losses[i]));
  CHECK(scale.back(2) == doctest::Approx(8.5));  // beyond the training rows it goes on
  CHECK(TargetScale::minmax(Vector::Constant(3, 2)).of(Vector::Constant(3, 2)).norm() == 0);
}

TEST_CASE("ranks of losses do not care how far an outlier lies, equal losses share one") {
  const Vector losses = (Vector(5) << 0.2, 1e4, 0.3, 0.3, 0.1).finished();
  const TargetScale scale = TargetScale::rank(losses);
  const Vector seen = scale.of(losses);
  CHECK(seen == (Vector(5) << 0.25, 1, 0.625, 0.625, 0).finished());
  for (Index i = 0; i < 5; ++i) CHECK(scale.back(seen[i]) == doctest::Approx(losses[i]));
  CHECK(scale.of(Vector::Constant(1, 0.25))[0] == doctest::Approx(0.4375));  // between two of them
  CHECK(scale.of(Vector::Constant(1, 1e9))[0] == 1);  // beyond the training rows it stops
  CHECK(scale.back(-3) == 0.1);
  CHECK(TargetScale::rank(Vector::Constant(3, 2)).of(Vector::Constant(3, 2)).norm() == 0);
}

TEST_CASE("z-scores have mean 0 and deviation 1, and an index that never varies is 0") {
  Matrix spectra(3, 4);
  spectra << 1, 2, 3, 4, -0.1, -0.1, -0.1, -0.1, 0, 0, 0, 0;
  const InputScale scale = InputScale::zscore(spectra);
  const Matrix seen = scale.seen(spectra);
  CHECK(seen.row(0).mean() == doctest::Approx(0));
  CHECK(seen.row(0).squaredNorm() / 4 == doctest::Approx(1));
  CHECK(seen.bottomRows(2).cwiseAbs().maxCoeff() < 1e-15);
  CHECK((scale.back(seen) - spectra).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("what the words of the published code stand for, and what contradicts them") {
  const Settings ours = settings({});
  CHECK(ours.variant == "experiment2");
  CHECK(ours.head == Activation::Linear);
  CHECK(ours.latent == 32);
  CHECK(ours.target_scale == "minmax");
  CHECK(ours.shuffle);
  CHECK(ours.copy_best);
  CHECK(ours.center);
  for (const char* compat : {"lae_head", "lae_2022_07"}) {
    const Settings theirs = settings({{"compat", compat}});
    CHECK(theirs.variant == (std::string(compat) == "lae_head" ? "experiment2" : "prednet3wide"));
    CHECK(theirs.head == Activation::Sigmoid);
    CHECK(theirs.reconstruction == Reconstruction::L1);
    CHECK(theirs.prediction == Prediction::Mse);
    CHECK(theirs.target_scale == "raw");
    CHECK_FALSE(theirs.shuffle);
    CHECK_FALSE(theirs.copy_best);
    CHECK_FALSE(theirs.center);
  }
  CHECK(settings({{"compat", "lae_head"}, {"target_scale", "minmax"}}).target_scale == "minmax");
  CHECK(settings({{"variant", "autopred2020"}}).latent == 50);
  CHECK(settings({{"variant", "autopred2020"}}).head == Activation::Leaky);
  CHECK_THROWS_WITH(settings({{"compat", "lae_head"}, {"variant", "prednet3"}}),
                    "`compat: lae_head` is `variant: experiment2`, which `variant: prednet3` "
                    "contradicts; leave one of the two out");
  CHECK_THROWS_WITH(settings({{"prediction", "bce"}}),
                    "`prediction: bce` needs numbers between 0 and 1; say `head: sigmoid`");
  CHECK_THROWS_WITH(settings({{"threshold", "low"}}),
                    "`threshold` is `median` or a loss, not `low`");
  CHECK_THROWS_WITH(settings({{"components", "33"}}),
                    "`components` is 33, but a code has 32 dimensions; ask for no more, or raise "
                    "`latent`");
}

TEST_CASE("medians, correlation and explained variance") {
  CHECK(median((Vector(4) << 4, 1, 3, 2).finished()) == 2.5);
  CHECK(quantile({1, 2, 3, 4, 5}, 0.25) == 2);
  const Vector x = Vector::LinSpaced(5, 0, 1);
  CHECK(correlation(x, -3 * x) == doctest::Approx(-1));
  CHECK(correlation(x, Vector::Ones(5)) == 0);
  CHECK(r_squared(x, x) == 1);
  CHECK(r_squared(Vector::Constant(5, 0.5), x) == doctest::Approx(0));
  CHECK(std::isnan(r_squared(x.head(1), x.head(1))));
}
