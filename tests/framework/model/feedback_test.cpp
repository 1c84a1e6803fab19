// tests/framework/model/feedback_test.cpp - what a network in closed loop takes for its next input.
#include "model/feedback.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "model/model.hpp"
#include "noise_task.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;

namespace {

Matrix softmax(Matrix scores) {
  feed_back(Feedback::Softmax, out(scores));
  return scores;
}

/// diag(p) - p p^T.
Matrix derivative(const lyap::Vector& p) {
  return Matrix(p.asDiagonal()) - p * p.transpose();
}

/// The states of a closed pass, and those of an open one on the inputs that `feedback` makes of the
/// outputs.
struct Runs {
  Runs(SmallNetwork& net, Pass& closed, Feedback feedback) : by_itself(8, 5), by_hand(8, 5) {
    const Matrix s = normal("s", 8, 1);
    Pass open = net.pass(1, 1);
    Matrix x(3, 1), state(8, 1);
    closed.start(in(s));
    open.start(in(s));
    closed.run(5, {});
    open.output(0, out(x));
    for (int t = 1; t <= 5; ++t) {
      feed_back(feedback, out(x));
      open.run(1, in(x));
      open.output(1, out(x));
      closed.state(t, out(state));
      by_itself.col(t - 1) = state;
      open.state(1, out(state));
      by_hand.col(t - 1) = state;
    }
  }
  Matrix by_itself, by_hand;
};

}  // namespace

TEST_CASE("the output is fed back as it is") {
  Matrix y = normal("y", 4, 3), v = normal("v", 4, 6);
  const Matrix before = y, tangents = v;
  feed_back(Feedback::Output, out(y));
  feed_back_tangents(Feedback::Output, in(y), out(v));
  CHECK(y == before);
  CHECK(v == tangents);
}

TEST_CASE("a softmax makes chances of scores, the same ones when all scores grow alike") {
  const Matrix scores{{0, 1}, {std::log(2.0), 1}, {std::log(5.0), 1}};
  const Matrix p = softmax(scores);
  const Matrix expected{{1.0 / 8, 1.0 / 3}, {2.0 / 8, 1.0 / 3}, {5.0 / 8, 1.0 / 3}};
  CHECK((p - expected).cwiseAbs().maxCoeff() < 1e-15);
  // 1e3 would overflow an exponential; it costs the scores three digits.
  CHECK((softmax(scores.array() + 1e3) - expected).cwiseAbs().maxCoeff() < 1e-12);
  CHECK((softmax(scores.array() - 1e3) - expected).cwiseAbs().maxCoeff() < 1e-12);
}

TEST_CASE("tangents go through a softmax by diag(p) - p p^T, several a sample") {
  const Matrix p = softmax(normal("y", 5, 2));
  Matrix v = normal("v", 5, 6);
  const Matrix before = v;
  feed_back_tangents(Feedback::Softmax, in(p), out(v));
  for (const int sample : {0, 1})
    CHECK(
        (v.middleCols(3 * sample, 3) - derivative(p.col(sample)) * before.middleCols(3 * sample, 3))
            .cwiseAbs()
            .maxCoeff() < 1e-15);
}

TEST_CASE("in float32 the softmax and its tangents are those of float64, rounded") {
  Matrix p = normal("y", 5, 2), v = normal("v", 5, 2);
  lyap::MatrixOf<float> p32 = p.cast<float>(), v32 = v.cast<float>();
  const lyap_matrix single{p32.data(), 5, 2, 5, LYAP_F32, 0};
  feed_back(Feedback::Softmax, single);
  feed_back_tangents(Feedback::Softmax, read_only(single), {v32.data(), 5, 2, 5, LYAP_F32, 0});
  feed_back(Feedback::Softmax, out(p));
  feed_back_tangents(Feedback::Softmax, in(p), out(v));
  CHECK((p32.cast<double>() - p).cwiseAbs().maxCoeff() < 3e-7);
  CHECK((v32.cast<double>() - v).cwiseAbs().maxCoeff() < 3e-7);
}

TEST_CASE("a loop closed by a softmax is the open loop on the softmax of its outputs") {
  SmallNetwork net({3, 4, 1, 3});
  Pass closed = net.pass(1, 5, true, false, Feedback::Softmax);
  const Runs runs(net, closed, Feedback::Softmax);
  CHECK((runs.by_itself - runs.by_hand).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("the loss of the task says what a model feeds back: of classes the softmax") {
  SmallNetwork net({3, 4, 1, 3});
  Model model(net.network, net.weights, make_jacobian("auto", net.network.cell(0), 0), 3);
  lyap_pass_request request{};
  request.size = sizeof request;
  request.dtype = LYAP_F64;
  request.batch = 1;
  request.steps = 5;
  request.closed_loop = 1;
  const auto follows = [&](Feedback feedback) {
    const auto closed = model.open(request);
    const Runs runs(net, *closed, feedback);
    return (runs.by_itself - runs.by_hand).cwiseAbs().maxCoeff() < 1e-14;
  };
  CHECK(follows(Feedback::Output));  // without a task
  const noise_task::Task classes(LYAP_CROSS_ENTROPY, false, 3, 3, 5),
      numbers(LYAP_MEAN_SQUARED, false, 3, 3, 5);
  model.set_task(&classes.view);
  CHECK(follows(Feedback::Softmax));
  CHECK_FALSE(follows(Feedback::Output));
  model.set_task(&numbers.view);
  CHECK(follows(Feedback::Output));
}

TEST_CASE("in float32 a loop closed by a softmax has the Jacobian of float64, rounded") {
  SmallNetwork net({3, 4, 2, 3});
  const Weights single = net.weights.as(LYAP_F32);
  PassRequest request;
  request.dtype = LYAP_F32;
  request.steps = 2;
  request.closed_loop = true;
  request.feedback = Feedback::Softmax;
  Pass pass32(net.network, *net.derivatives, single, request),
      pass64 = net.pass(1, 2, true, false, Feedback::Softmax);
  lyap::MatrixOf<float> J32(16, 16);
  Matrix J64(16, 16);
  pass32.run(2, {});
  pass64.run(2, {});
  pass32.jacobian(2, 0, LYAP_FULL_STATE, nullptr, nullptr, {J32.data(), 16, 16, 16, LYAP_F32, 0});
  pass64.jacobian(2, 0, LYAP_FULL_STATE, nullptr, nullptr, out(J64));
  CHECK((J32.cast<double>() - J64).cwiseAbs().maxCoeff() < 3e-6);
}
