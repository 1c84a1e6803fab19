// tests/framework/model/backward_test.cpp - adjoints of states, inputs and weights against
// differences of the loss.
#include "model/backward.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "noise_task.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;

namespace {

constexpr std::int64_t B = 2, T = 5;

struct Case {
  const char* name;
  std::int64_t layers;
  leaky::Parts parts;
  std::int32_t loss;
  bool last_step_only;
};
const Case cases[] = {
    {"every step", 1, {}, LYAP_MEAN_SQUARED, false},
    {"last step, classes", 2, {}, LYAP_CROSS_ENTROPY, true},
    {"map below and above", 2, {true, true, false}, LYAP_CROSS_ENTROPY, false},
    {"learned start", 2, {true, false, true}, LYAP_MEAN_SQUARED, true},
    {"three layers, map, start", 3, {true, true, true}, LYAP_MEAN_SQUARED, false},
};

/// Loss and adjoints of one chunk of T steps.
struct Fixture {
  explicit Fixture(const Case& c)
      : task(c.loss, c.last_step_only, 3, 2, T), net({3, 4, c.layers, 2}, c.parts) {
    target = Matrix(task.view.shape().targets, c.last_step_only ? B : T * B);
    const std::int64_t which[] = {0, 1};
    task.view.fetch(LYAP_TRAIN, which, B, out(input), out(target));
  }
  LossSteps steps() const {
    return task.view.shape().last_step_only ? LossSteps{T, 1} : LossSteps{1, T};
  }
  double loss(const Matrix& x, const lyap_const_matrix& start = {}) {
    Pass pass = net.pass(B, T);
    pass.start(start);
    pass.run(T, in(x));
    Buffer seen, prediction;
    return loss_of(pass, task.view, steps(), in(target), seen, prediction).mean();
  }
  /// Fills the adjoints, all of the mean loss.
  double backward(Weights& weight_bars, Matrix& state_bars, Matrix& input_bars) {
    Pass pass = net.pass(B, T);
    pass.run(T, in(input));
    state_bars.resize(net.rows(), (T + 1) * B);
    input_bars.resize(3, T * B);
    BackwardRequest request;
    request.steps = steps();
    request.target = in(target);
    request.scale = 1.0 / static_cast<double>(request.steps.count * B);
    request.state_bars = out(state_bars);
    request.input_bars = out(input_bars);
    request.weight_bars = weight_bars.data();
    return BackwardPass().run(pass, task.view, request).mean();
  }
  noise_task::Task task;
  SmallNetwork net;
  Matrix input = Matrix(3, T*B), target;
};

/// df/dx by differences of fourth order; error about h^4 f5 / 30 = 3e-16 f5 and eps / h = 1e-12.
template <class F>
double difference(double& x, F&& f) {
  constexpr double h = 3e-4;
  const double at = x;
  const auto moved = [&](double by) {
    x = at + by;
    return f();
  };
  const double near = moved(h) - moved(-h), far = moved(2 * h) - moved(-2 * h);
  x = at;
  return (8 * near - far) / (12 * h);
}

}  // namespace

TEST_CASE("weight gradients are what differences of the loss say, for every weight") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Fixture f(c);
    Weights bars(f.net.network.weight_shapes(), LYAP_F64);
    Matrix state_bars, input_bars;
    const double loss = f.backward(bars, state_bars, input_bars);
    CHECK(loss == doctest::Approx(f.loss(f.input)).epsilon(1e-15));
    for (std::size_t i = 0; i < bars.size(); ++i) {
      CAPTURE(bars.shape(i).name);
      auto weight = lyap::view<double>(f.net.weights[i]);
      const auto bar = lyap::view<double>(bars[i]);
      for (std::int64_t j = 0; j < weight.size(); ++j) {
        const double expected = difference(weight.data()[j], [&] { return f.loss(f.input); });
        CHECK(std::abs(bar.data()[j] - expected) < 1e-10);
      }
    }
  }
}

TEST_CASE("gradients do not depend on how many steps' adjoints are kept at a time") {
  // One layer and a loss at the last step: blocks of three steps where nobody asks for adjoints.
  constexpr std::int64_t many = 300, steps = 8;
  for (const bool start : {false, true}) {
    const noise_task::Task task(LYAP_CROSS_ENTROPY, true, 3, 2, steps);
    SmallNetwork net({3, 4, 1, 2}, {true, false, start});
    const std::vector<std::int64_t> which(many, 1);
    Matrix input(3, steps * many), target(1, many), input_bars(3, steps * many);
    task.view.fetch(LYAP_TRAIN, which.data(), many, out(input), out(target));
    input.setRandom();
    const auto gradient = [&](const lyap_matrix& of_inputs) {
      Pass pass = net.pass(many, steps);
      pass.run(steps, in(input));
      Weights bars(net.network.weight_shapes(), LYAP_F64);
      BackwardRequest request{{steps, 1}, in(target), 1.0 / many};
      request.input_bars = of_inputs;
      request.weight_bars = bars.data();
      BackwardPass().run(pass, task.view, request);
      return bars;
    };
    const Weights whole = gradient(out(input_bars)), blocks = gradient({});
    for (std::size_t i = 0; i < whole.size(); ++i) {
      CAPTURE(whole.shape(i).name);
      const auto a = lyap::view<double>(whole[i]), b = lyap::view<double>(blocks[i]);
      CHECK((a - b).cwiseAbs().maxCoeff() < 1e-14);  // rounding of sums of 300 columns of order 1
    }
  }
}

TEST_CASE("adjoints of inputs and of the first state are what differences say") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Fixture f(c);
    Weights bars(f.net.network.weight_shapes(), LYAP_F64);
    Matrix state_bars, input_bars, x = f.input, s(f.net.rows(), B);
    f.backward(bars, state_bars, input_bars);
    f.net.pass(B, T).state(0, out(s));
    for (std::int64_t j = 0; j < x.size(); ++j)
      CHECK(std::abs(input_bars.data()[j] - difference(x.data()[j], [&] { return f.loss(x); })) <
            1e-9);
    for (std::int64_t j = 0; j < s.size(); ++j)
      CHECK(std::abs(state_bars.data()[j] -
                     difference(s.data()[j], [&] { return f.loss(x, in(s)); })) < 1e-10);
  }
}

TEST_CASE("the adjoint of a later state is that of a run that begins there") {
  Fixture f(cases[1]);  // the loss looks at the last step only
  Weights bars(f.net.network.weight_shapes(), LYAP_F64);
  Matrix state_bars, input_bars;
  f.backward(bars, state_bars, input_bars);
  Pass pass = f.net.pass(B, T);
  pass.run(2, in(f.input.leftCols(2 * B).eval()));
  Matrix s(f.net.rows(), B);
  pass.state(2, out(s));
  pass.start(in(s));
  pass.run(T - 2, in(f.input.rightCols((T - 2) * B).eval()));
  Matrix late(f.net.rows(), (T - 1) * B);
  BackwardRequest request;
  request.steps = {T - 2, 1};
  request.target = in(f.target);
  request.scale = 1.0 / B;
  request.state_bars = out(late);
  BackwardPass().run(pass, f.task.view, request);
  CHECK((late - state_bars.rightCols((T - 1) * B)).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("with dropout the gradient is that of the masked network") {
  Fixture f(cases[0]);
  Pass pass = f.net.pass(B, T);
  pass.run(T, in(f.input));
  BackwardRequest request;
  request.steps = f.steps();
  request.target = in(f.target);
  request.dropout = 0.5;
  Weights bars(f.net.network.weight_shapes(), LYAP_F64);
  const auto loss = [&](const lyap_matrix* weight_bars) {
    Random mask(1, "mask");
    request.mask = &mask;
    request.weight_bars = weight_bars;
    return BackwardPass().run(pass, f.task.view, request).loss;
  };
  CHECK(loss(bars.data()) != f.loss(f.input) * T * B);
  auto C = lyap::view<double>(f.net.weights[4]);
  for (std::int64_t j = 0; j < C.size(); ++j)
    CHECK(std::abs(lyap::view<double>(bars[4]).data()[j] -
                   difference(C.data()[j], [&] { return loss(nullptr); })) < 1e-10);
}

TEST_CASE("there is no backward pass in closed loop") {
  SmallNetwork net({2, 4, 1, 2});
  noise_task::Task task(LYAP_MEAN_SQUARED, false, 2, 2, 3);
  Pass pass = net.pass(1, 3, true);
  pass.run(3, {});
  CHECK_THROWS_WITH_AS(
      BackwardPass().run(pass, task.view, {}),
      "there is no backward pass in closed loop; run the network on the task's input", InputError);
}

TEST_CASE(
    "the losses of the sequences average to the loss, and each is that of its sequence alone") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Fixture f(c);
    Pass pass = f.net.pass(B, T);
    pass.run(T, in(f.input));
    Matrix losses(1, B);
    BackwardRequest request;
    request.steps = f.steps();
    request.target = in(f.target);
    request.losses = out(losses);
    const LossSum all = BackwardPass().run(pass, f.task.view, request);
    CHECK(losses.mean() == doctest::Approx(all.mean()).epsilon(1e-14));
    for (std::int64_t b = 0; b < B; ++b) {
      const auto of_b = Eigen::seqN(b, Eigen::last / B + 1, B);
      const Matrix input = f.input(Eigen::all, of_b), target = f.target(Eigen::all, of_b);
      Pass single = f.net.pass(1, T);
      single.run(T, in(input));
      request.target = in(target);
      request.losses = {};
      CHECK(
          losses(0, b) ==
          doctest::Approx(BackwardPass().run(single, f.task.view, request).mean()).epsilon(1e-14));
    }
  }
}

TEST_CASE("total adjoints are the direct ones and what the transposed Jacobians bring back") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Fixture f(c);
    Pass pass = f.net.pass(B, T);
    pass.run(T, in(f.input));
    const std::int64_t n = f.net.rows();
    Matrix direct(n, T * B), total(n, (T + 1) * B), J(n, n);
    BackwardRequest request;
    request.steps = f.steps();
    request.target = in(f.target);
    request.direct_bars = out(direct);
    BackwardPass().run(pass, f.task.view, request);
    const Matrix alone = direct;
    request.state_bars = out(total);
    BackwardPass().run(pass, f.task.view, request);
    CHECK(alone == direct);
    for (std::int64_t b = 0; b < B; ++b) {
      lyap::Vector bar = lyap::Vector::Zero(n);
      for (std::int64_t t = T; t > 0; --t) {
        bar += direct.col((t - 1) * B + b);
        CHECK((bar - total.col(t * B + b)).cwiseAbs().maxCoeff() < 1e-14);
        pass.jacobian(t, b, LYAP_FULL_STATE, nullptr, nullptr, out(J));
        bar = (J.transpose() * bar).eval();
      }
      CHECK((bar - total.col(b)).cwiseAbs().maxCoeff() < 1e-14);
    }
  }
}

TEST_CASE("weight gradients are the weight pulls of the total adjoints, step by step") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Fixture f(c);
    Weights expected(f.net.network.weight_shapes(), LYAP_F64);
    Matrix total, inputs;
    f.backward(expected, total, inputs);
    Pass pass = f.net.pass(B, T);
    pass.run(T, in(f.input));
    Weights pulled(f.net.network.weight_shapes(), LYAP_F64);
    for (std::int64_t t = 0; t <= T; ++t)
      pass.pull_weights(t, in(total.middleCols(t * B, B).eval()), pulled.data());
    for (std::size_t i = 0; i < f.net.network.readout_weight(); ++i) {
      CAPTURE(pulled.shape(i).name);
      const auto a = lyap::view<double>(expected[i]), b = lyap::view<double>(pulled[i]);
      CHECK((a - b).cwiseAbs().maxCoeff() < 1e-14);
    }
  }
}
