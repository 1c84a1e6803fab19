// tests/framework/model/gradient_test.cpp - mini-batches: the same bits from any number of workers,
// the whole batch's gradient from its parts, truncation, carry, evaluation.
#include "model/gradient.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "noise_task.hpp"
#include "small_network.hpp"

using namespace test;

namespace {

std::vector<std::int64_t> sequences(std::int64_t count, std::int64_t from = 0) {
  std::vector<std::int64_t> which(static_cast<std::size_t>(count));
  std::iota(which.begin(), which.end(), from);
  return which;
}

BatchRequest request_for(const std::vector<std::int64_t>& which) {
  BatchRequest request;
  request.which = which.data();
  request.count = static_cast<std::int64_t>(which.size());
  request.stream = "epoch 1/batch 0";
  return request;
}

std::vector<std::vector<double>> values(const Weights& weights) {
  std::vector<std::vector<double>> all;
  for (const NamedTensor& tensor : weights.tensors()) all.push_back(tensor.values);
  return all;
}

/// Largest difference between two sets of tensors, relative to the largest entry.
double distance(const std::vector<std::vector<double>>& x,
                const std::vector<std::vector<double>>& y) {
  double largest = 0, apart = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < x[i].size(); ++j) {
      largest = std::max(largest, std::abs(x[i][j]));
      apart = std::max(apart, std::abs(x[i][j] - y[i][j]));
    }
  return apart / largest;
}

}  // namespace

TEST_CASE("loss and gradient have the same bits for 1, 2 and 3 workers") {
  for (const std::int32_t dtype : {LYAP_F32, LYAP_F64}) {
    SmallNetwork net({3, 4, 2, 2});
    const Weights weights = net.weights.as(dtype);
    noise_task::Task task(LYAP_CROSS_ENTROPY, false);
    const auto which = sequences(150);
    BatchRequest request = request_for(which);
    request.dropout = 0.3;
    std::vector<double> losses;
    std::vector<std::vector<std::vector<double>>> gradients;
    for (const int count : {1, 2, 3}) {
      Workers workers(count);
      BatchGradient training(net.network, weights, task.view, workers, 9);
      losses.push_back(training.batch(request).mean());
      gradients.push_back(values(training.gradient()));
      losses.push_back(training.evaluate(LYAP_VALIDATION, 40).loss.mean());
    }
    for (std::size_t i : {1, 2}) {
      CHECK(losses[2 * i] == losses[0]);
      CHECK(losses[2 * i + 1] == losses[1]);
      CHECK(gradients[i] == gradients[0]);
    }
  }
}

TEST_CASE("the gradient of a batch is the mean of those of its sequences, and of its mean loss") {
  for (const bool last_only : {false, true}) {
    SmallNetwork net({3, 4, 2, 2}, {true, true, true, false});
    noise_task::Task task(LYAP_MEAN_SQUARED, last_only);
    Workers workers(1);
    BatchGradient training(net.network, net.weights, task.view, workers, 9);
    const auto which = sequences(40);
    const LossSum whole = training.batch(request_for(which));
    CHECK(whole.columns == (last_only ? 40 : 280));
    const auto gradient = values(training.gradient());
    double loss = 0;
    std::vector<std::vector<double>> sum;
    for (const std::int64_t sequence : which) {
      loss += training.batch(request_for({sequence})).mean() / 40;
      const auto one = values(training.gradient());
      sum.resize(one.size());
      for (std::size_t i = 0; i < one.size(); ++i) {
        sum[i].resize(one[i].size());
        for (std::size_t j = 0; j < one[i].size(); ++j) sum[i][j] += one[i][j] / 40;
      }
    }
    CHECK(whole.mean() == doctest::Approx(loss).epsilon(1e-14));
    CHECK(distance(gradient, sum) < 1e-14);
  }
}

TEST_CASE("a window as long as the sequence cuts nothing, a shorter one leaves the loss as it is") {
  SmallNetwork net({3, 4, 2, 2}, {true, false, false, false});
  noise_task::Task task(LYAP_MEAN_SQUARED, false);
  Workers workers(2);
  BatchGradient training(net.network, net.weights, task.view, workers, 9);
  const auto which = sequences(34);
  BatchRequest request = request_for(which);
  const double loss = training.batch(request).mean();
  const auto whole = values(training.gradient());
  request.window = 7;
  training.batch(request);
  CHECK(values(training.gradient()) == whole);
  request.window = 3;
  CHECK(training.batch(request).mean() == doctest::Approx(loss).epsilon(1e-14));
  CHECK(distance(values(training.gradient()), whole) > 1e-3);
}

TEST_CASE("carry goes on from the final state of the batch before") {
  SmallNetwork net({3, 4, 2, 2}, {true, false, false, false});
  noise_task::Task task(LYAP_MEAN_SQUARED, false);
  Workers workers(1);
  BatchGradient training(net.network, net.weights, task.view, workers, 9);
  const auto before = sequences(2), which = sequences(2, 10);
  BatchRequest request = request_for(which);
  const double from_zero = training.batch(request).mean();
  training.batch(request_for(before));
  request.carry = true;
  const double carried = training.batch(request).mean();
  CHECK(carried != from_zero);
  // The same by hand: run the first batch, then the second from where it ended.
  Pass pass = net.pass(2, 7);
  lyap::Matrix input(3, 14), target(2, 14);
  task.view.fetch(LYAP_TRAIN, before.data(), 2, out(input), out(target));
  pass.run(7, in(input));
  task.view.fetch(LYAP_TRAIN, which.data(), 2, out(input), out(target));
  pass.run(7, in(input));
  Buffer seen, prediction;
  CHECK(loss_of(pass, task.view, {1, 7}, in(target), seen, prediction).mean() ==
        doctest::Approx(carried).epsilon(1e-14));
  // After a batch of another size there is nothing to go on from.
  training.batch(request_for(sequences(3)));
  CHECK(training.batch(request).mean() == from_zero);
}

TEST_CASE("dropout multiplies what the readout sees by 0 or 1 / (1 - rate)") {
  // With one step, one sample and a loss that is the squared output, the readout's weight gradient
  // is proportional to the masked input: its zeros are those of the mask.
  SmallNetwork net({3, 400, 1, 2}, {true, false, false, false});
  noise_task::Task task(LYAP_MEAN_SQUARED, true, 3, 2, 1);
  Workers workers(1);
  BatchGradient training(net.network, net.weights, task.view, workers, 9);
  const auto which = sequences(1);
  BatchRequest request = request_for(which);
  request.dropout = 0.25;
  training.batch(request);
  const auto gradient = values(training.gradient())[4];
  const auto zeros = std::count(gradient.begin(), gradient.begin() + 400, 0.0);
  // 400 draws at 1/4: 100 with a standard deviation of 8.7.
  CHECK(zeros > 70);
  CHECK(zeros < 130);
  request.dropout = 1;
  CHECK_THROWS_WITH_AS(training.batch(request), "dropout must be at least 0 and below 1, not 1",
                       InputError);
}

TEST_CASE("evaluation counts every sequence once, whatever the batch") {
  SmallNetwork net({3, 4, 1, 2});
  noise_task::Task task(LYAP_CROSS_ENTROPY, true);
  Workers workers(2);
  BatchGradient training(net.network, net.weights, task.view, workers, 9);
  const LossSum all = training.evaluate(LYAP_TEST, 64).loss,
                few = training.evaluate(LYAP_TEST, 7).loss;
  CHECK(all.columns == 70);
  CHECK(few.correct == all.correct);
  CHECK(few.mean() == doctest::Approx(all.mean()).epsilon(1e-14));
  CHECK(all.accuracy() == static_cast<double>(all.correct) / 70);
}

TEST_CASE("figures of a task are means over sequences that it has seen whole") {
  SmallNetwork net({3, 4, 1, 2});
  noise_task::Task task(LYAP_MEAN_SQUARED, false);
  lyap_task_ops ops = noise_task::ops();
  ops.metrics = [](const lyap_task*, lyap_const_matrix prediction, lyap_const_matrix target,
                   lyap_metric* out, std::int32_t) {
    out[0] = {"columns", static_cast<double>(prediction.cols)};
    out[1] = {"target", lyap::view<double>(target).mean()};
    return 2;
  };
  const TaskView view("noise", ops, &task.task);
  Workers workers(2);
  BatchGradient training(net.network, net.weights, view, workers, 9);
  // 70 sequences of 7 steps: batches of 64 and of 6.
  const Figures figures = training.evaluate(LYAP_TEST, 64).figures.means();
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].first == "columns");
  CHECK(figures[0].second == doctest::Approx((64. * 64 + 6 * 6) * 7 / 70).epsilon(1e-15));
  const auto which = sequences(70);
  lyap::Matrix input(3, 7 * 70), target(2, 7 * 70);
  view.fetch(LYAP_TEST, which.data(), 70, lyap::lend(input), lyap::lend(target));
  CHECK(figures[1].first == "target");
  CHECK(figures[1].second == doctest::Approx(target.mean()).epsilon(1e-12));
  CHECK(BatchGradient(net.network, net.weights, task.view, workers, 9)
            .evaluate(LYAP_TEST, 64)
            .figures.means()
            .empty());
}
