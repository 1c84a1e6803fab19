// tests/plugins/perturbation/loss_difference_test.cpp - what changed inputs do to the loss, beside
// the same network by hand.
#include <algorithm>
#include <numeric>

#include "small_run.hpp"

using namespace small_run;
using doctest::Approx;

namespace {

enum Order { ByR, ByFtle, ByGradient };
constexpr const char* all_sequences = "split: train, choose: first, change: flip";

std::vector<Index> by(const Vector& values) {
  std::vector<Index> steps(static_cast<std::size_t>(values.size()));
  std::iota(steps.begin(), steps.end(), 0);
  std::stable_sort(steps.begin(), steps.end(),
                   [&](Index a, Index b) { return values[a] > values[b]; });
  return steps;
}

Matrix flipped(Matrix x, const std::vector<Index>& steps, Index count) {
  for (Index i = 0; i < count; ++i) {
    const Index t = steps[static_cast<std::size_t>(i)];
    for (Index row = 0; row < x.rows(); ++row) x(row, t) = x(row, t) > 0 ? 0 : 1;
  }
  return x;
}

Vector running_mean_of_log(const Vector& r) {
  Vector ftle(r.size());
  for (Index t = 0; t < r.size(); ++t)
    ftle[t] = r.head(t + 1).array().log().sum() / static_cast<double>(t + 1);
  return ftle;
}

}  // namespace

TEST_CASE("at the steps each ordering names, the loss changes as it does by hand") {
  for (const Index inputs : {1, 2}) {
    CAPTURE(inputs);
    const Network network = small_network(inputs);
    const TemporaryFolder folder;
    const Run run(network.task(folder), network.cell(folder),
                  perturbation(std::string(all_sequences) + ", counts: [1, 3, 8], draws: 4"));
    const Index counts[] = {1, 3, 8};
    REQUIRE(run["difference"].shape == std::vector<std::int64_t>{4, 5, 3});
    REQUIRE(run["count"].values == std::vector<double>{1, 3, 8});
    for (Index s = 0; s < 5; ++s) {
      const auto i = static_cast<std::size_t>(s);
      const Vector r = network.r(i), gradient = network.input_gradient(i);
      const Vector ftle = running_mean_of_log(r);
      CHECK(run.at("loss", {s}) == Approx(network.loss(i)).epsilon(1e-12));
      for (Index t = 0; t < 8; ++t) {
        CHECK(run.at("r", {s, t}) == Approx(r[t]).epsilon(1e-12));
        CHECK(run.at("ftle", {s, t}) == Approx(ftle[t]).epsilon(1e-12));
        // Central differences with h = 1e-5.
        CHECK(run.at("input_gradient", {s, t}) == Approx(gradient[t]).epsilon(1e-7));
      }
      const Vector values[] = {r, ftle, gradient};
      for (const Order order : {ByR, ByFtle, ByGradient})
        for (Index c = 0; c < 3; ++c) {
          const Matrix changed = flipped(network.x[i], by(values[order]), counts[c]);
          const double expected = network.loss(changed, network.label[i]) - network.loss(i);
          CHECK(run.at("difference", {order, s, c}) == Approx(expected).epsilon(1e-10));
          const double ups = ((changed.array() == 1) && (network.x[i].array() == 0)).count();
          CHECK(run.at("up", {order, s, c}) == ups);
          CHECK(run.at("down", {order, s, c}) == static_cast<double>(counts[c] * inputs) - ups);
        }
      CHECK(std::isnan(run.at("difference", {3, s, 0})));
    }
  }
}

TEST_CASE(
    "random sets are distinct steps: one step gives one of the T losses, all steps the same") {
  const Network network = small_network();
  const TemporaryFolder folder;
  const Run run(network.task(folder), network.cell(folder),
                perturbation(std::string(all_sequences) + ", counts: [1, 8], draws: 60"));
  for (Index s = 0; s < 5; ++s) {
    const auto i = static_cast<std::size_t>(s);
    std::vector<double> possible;
    for (Index t = 0; t < 8; ++t)
      possible.push_back(network.loss(flipped(network.x[i], {t}, 1), network.label[i]) -
                         network.loss(i));
    std::vector<int> hits(8, 0);
    for (Index d = 0; d < 60; ++d) {
      const double found = run.at("random_difference", {s, 0, d});
      const auto nearest = std::min_element(
          possible.begin(), possible.end(),
          [&](double a, double b) { return std::abs(a - found) < std::abs(b - found); });
      CHECK(*nearest == Approx(found).epsilon(1e-10));
      ++hits[static_cast<std::size_t>(nearest - possible.begin())];
      CHECK(run.at("random_difference", {s, 1, d}) ==
            Approx(run.at("difference", {ByR, s, 1})).epsilon(1e-10));
    }
    // 60 draws of 8 equally likely steps: one of them stays out once in 400 times, and the stream
    // is always the same.
    CHECK(std::count(hits.begin(), hits.end(), 0) == 0);
  }
  // Where every step is changed there is nothing to test.
  CHECK(run.at("test", {ByR, 1, 0}) == Approx(0).epsilon(1e-10));
  CHECK(std::isnan(run.at("test", {ByR, 1, 2})));
}

TEST_CASE("R values of transposes, and the exponent of the whole sequence is that of `spectrum`") {
  const Network network = small_network();
  const TemporaryFolder folder;
  for (const std::string orientation : {"forward", "transposed"}) {
    CAPTURE(orientation);
    const Run run(network.task(folder), network.cell(folder),
                  "[{use: perturbation, with: {split: train, choose: first, change: flip, counts: "
                  "[1], draws: 2, orientation: " +
                      orientation +
                      "}}, {use: spectrum, with: {split: train, sequences: 5, count: 1, method: "
                      "householder, resamples: 0, orientation: " +
                      orientation + "}}]");
    const Vector r = network.r(2, orientation == "transposed");
    for (Index t = 0; t < 8; ++t) CHECK(run.at("r", {2, t}) == Approx(r[t]).epsilon(1e-12));
    const framework::MeasuredArray* exponents = run.measurement(1).find("per_sequence");
    REQUIRE(exponents);
    for (Index s = 0; s < 5; ++s)
      CHECK(run.at("ftle", {s, 7}) ==
            Approx(exponents->values[static_cast<std::size_t>(s)]).epsilon(1e-12));
  }
}

TEST_CASE("where only the last input reaches the output, the gradient names it and others do not") {
  // No recurrence: y = (3 h, -3 h), h = tanh(2 x_T - 1), which has the sign of the last input.
  Network network{Matrix{{2., -1.}}, Matrix{{0.}}, Matrix{{3.}, {-3.}}, {}, {}};
  for (int s = 0; s < 6; ++s) {
    Matrix x = numbers(2, 20, s).cwiseAbs();
    x.row(1).setOnes();
    x(0, 19) = s % 2;
    network.x.push_back(x);
    network.label.push_back(1 - s % 2);
  }
  const TemporaryFolder folder;
  const Run run(network.task(folder), network.cell(folder),
                perturbation("split: train, counts: [1], draws: 100, change: add, size: 1.5"));
  CHECK(run.note("chosen") == "the first that the network classifies correctly");
  double by_gradient = 0, by_r = 0, by_chance = 0;
  for (Index s = 0; s < 6; ++s) {
    for (Index t = 0; t < 20; ++t) {
      CHECK((run.at("input_gradient", {s, t}) > 1e-3) == (t == 19));
      CHECK(run.at("r", {s, t}) == 0);
      CHECK(run.at("ftle", {s, t}) == -std::numeric_limits<double>::infinity());
    }
    by_gradient += std::abs(run.at("difference", {ByGradient, s, 0})) / 6;
    by_r += std::abs(run.at("difference", {ByR, s, 0})) / 6;
    for (Index d = 0; d < 100; ++d) {
      const double difference = std::abs(run.at("random_difference", {s, 0, d}));
      by_chance += difference / 600;
      // The direction belongs to sequence and step: whoever finds the last step sees the same.
      if (difference > 1e-12)
        CHECK(difference ==
              Approx(std::abs(run.at("difference", {ByGradient, s, 0}))).epsilon(1e-10));
    }
  }
  CHECK(by_gradient > 0.1);
  // All R values are equal, so the first step leads, which does nothing.
  CHECK(by_r < 1e-12);
  CHECK(by_chance < by_gradient / 5);
}

TEST_CASE("what is found depends neither on the workers nor on which other orders are asked for") {
  const Network network = small_network();
  const TemporaryFolder folder;
  const std::string options = std::string(all_sequences) + ", counts: [2, 5], draws: 30";
  const Run one(network.task(folder), network.cell(folder), perturbation(options), 1);
  const Run two(network.task(folder), network.cell(folder), perturbation(options), 2);
  const Run gradient(network.task(folder), network.cell(folder),
                     perturbation(options + ", orders: [gradient]"));
  for (const char* port : {"difference", "random_difference", "test", "r", "input_gradient"})
    for (std::size_t i = 0; i < one[port].values.size(); ++i) {
      const double value = one[port].values[i];
      CHECK((two[port].values[i] == value || std::isnan(value)));
    }
  // Another place in a batch may round another way.
  for (std::size_t i = 0; i < one["random_difference"].values.size(); ++i)
    CHECK(gradient["random_difference"].values[i] ==
          Approx(one["random_difference"].values[i]).epsilon(1e-12));
  for (Index s = 0; s < 5; ++s) {
    CHECK(gradient.at("difference", {ByGradient, s, 1}) ==
          Approx(one.at("difference", {ByGradient, s, 1})).epsilon(1e-12));
    CHECK(std::isnan(gradient.at("difference", {ByR, s, 1})));
    CHECK(std::isnan(gradient.at("r", {s, 0})));
  }
}

TEST_CASE("a result of another measure ranks the steps when it is connected to the port `score`") {
  const Network network = small_network();
  const TemporaryFolder folder;
  const std::string with = "with: {" + std::string(all_sequences) + ", counts: [2, 5], draws: 3";
  const auto scored = [&](const std::string& result) {
    return std::make_unique<Run>(network.task(folder), network.cell(folder),
                                 "[{use: perturbation, as: first, " + with +
                                     "}}, {use: perturbation, as: second, " + with +
                                     ", orders: []}, from: {score: first." + result + "}}]");
  };
  const auto by_r = scored("r"), by_gradient = scored("input_gradient");
  const auto same = [](const Run& run, std::size_t as_order) {
    const framework::MeasuredArray &first = *run.measurement(0).find("difference"),
                                   &second = *run.measurement(1).find("difference");
    for (std::size_t i = 0; i < 10; ++i) {
      CHECK(second.values[30 + i] == Approx(first.values[10 * as_order + i]).epsilon(1e-10));
      CHECK(std::isnan(second.values[i]));
    }
  };
  same(*by_r, ByR), same(*by_gradient, ByGradient);
}

TEST_CASE("losses at every step and inputs of any sign: adding a vector of the same length") {
  // One-hot inputs, a class a step: a text.
  const TemporaryFolder folder;
  std::vector<double> inputs, labels, frames;
  for (int s = 0; s < 4; ++s)
    for (int t = 0; t < 9; ++t) {
      const int letter = (s + t * t) % 3, next = (s + (t + 1) * (t + 1)) % 3;
      for (int i = 0; i < 3; ++i) inputs.push_back(i == letter);
      labels.push_back(next);
      for (int i = 0; i < 3; ++i) frames.push_back(std::sin(0.7 * t + i + s));
    }
  framework::write_npy(folder / "text.npy", {4, 9, 3}, std::span<const double>(inputs));
  framework::write_npy(folder / "next.npy", {4, 9}, std::span<const double>(labels));
  framework::write_npy(folder / "frames.npy", {4, 9, 3}, std::span<const double>(frames));
  const std::string text = "{use: arrays, with: {inputs: '" + (folder / "text.npy").string() +
                           "', targets: '" + (folder / "next.npy").string() +
                           "', fractions: [1, 0]}}";
  const std::string motion = "{use: arrays, with: {inputs: '" + (folder / "frames.npy").string() +
                             "', targets: next, fractions: [1, 0]}}";
  for (const std::string& task : {text, motion}) {
    CAPTURE(task);
    const std::string options = "split: train, counts: [1, 8], draws: 3, size: ";
    const auto measured = [&](const std::string& size) {
      return Run(task, "{use: lstm, with: {units: 5}}", perturbation(options + size));
    };
    const Run run = measured("1e-4");
    CHECK(run.note("change") ==
          "add: a vector of length 0.0001 in a random direction at each step, the same for every "
          "ordering");
    CHECK(run.note("chosen") == "the first");
    CHECK(std::isnan(run.at("up", {ByR, 0, 0})));
    const Run half = measured("5e-5"), none = measured("0");
    for (Index s = 0; s < 4; ++s) {
      // A small change costs its length times a directional derivative, which |dL/dx_t| bounds.
      const double difference = run.at("difference", {ByGradient, s, 0});
      CHECK(half.at("difference", {ByGradient, s, 0}) == Approx(difference / 2).epsilon(1e-3));
      double steepest = 0;
      for (Index t = 0; t < run["input_gradient"].shape[1]; ++t)
        steepest = std::max(steepest, run.at("input_gradient", {s, t}));
      CHECK(std::abs(difference) < 1.001e-4 * steepest);
      CHECK(none.at("difference", {ByGradient, s, 1}) == Approx(0).epsilon(1e-14));
    }
  }
}
