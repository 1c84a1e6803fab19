// tests/framework/model/pass_test.cpp - runs: chunks, starts, noise, outputs, the closed loop.
#include "model/pass.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <utility>

#include "base/error.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;

namespace {

/// States after every step, run in chunks of at most `chunk` steps.
Matrix run_in_chunks(Pass& pass, const Matrix& input, std::int64_t chunk) {
  const std::int64_t B = pass.batch(), d = pass.network().shape().state;
  const std::int64_t steps = input.cols() / B;
  Matrix states(d, steps * B), state(d, B);
  for (std::int64_t from = 0; from < steps; from += chunk) {
    const std::int64_t count = std::min(chunk, steps - from);
    const Matrix part = input.middleCols(from * B, count * B);
    pass.run(count, in(part));
    for (std::int64_t t = 1; t <= count; ++t) {
      pass.state(t, out(state));
      states.middleCols((from + t - 1) * B, B) = state;
    }
  }
  return states;
}

}  // namespace

TEST_CASE("one chunk of T steps gives the states of many chunks") {
  for (const std::int64_t layers : {1, 2}) {
    SmallNetwork net({3, 4, layers, 2}, {true, layers == 2, true});
    const Matrix input = normal("input", 3, 10 * 2);
    Pass whole = net.pass(2, 10), parts = net.pass(2, 4), noisy = net.pass(2, 10, false, true),
         noisy_parts = net.pass(2, 3, false, true);
    const Matrix states = run_in_chunks(whole, input, 10);
    CHECK((states - run_in_chunks(parts, input, 4)).cwiseAbs().maxCoeff() < 1e-15);
    CHECK(parts.first_step() == 8);
    const Matrix shaken = run_in_chunks(noisy, input, 10);
    CHECK((shaken - run_in_chunks(noisy_parts, input, 3)).cwiseAbs().maxCoeff() < 1e-15);
    CHECK((shaken - states).cwiseAbs().maxCoeff() > 0.05);
  }
}

TEST_CASE("a run begun anew repeats itself, noise included") {
  SmallNetwork net({3, 4, 2, 2});
  Pass pass = net.pass(3, 5, false, true);
  const Matrix input = normal("input", 3, 5 * 3);
  const Matrix first = run_in_chunks(pass, input, 5);
  pass.start();
  CHECK(run_in_chunks(pass, input, 5) == first);
}

TEST_CASE("the start is the given state, the cells' own, or zero") {
  SmallNetwork plain({3, 4, 2, 2}), learned({3, 4, 2, 2}, {true, false, true});
  Pass from_zero = plain.pass(2, 1), from_learned = learned.pass(2, 1);
  Matrix state(16, 2);
  from_zero.state(0, out(state));
  CHECK(state == Matrix::Zero(16, 2));
  from_learned.state(0, out(state));
  const auto start = lyap::view<double>(std::as_const(learned.weights)[7]);  // of layer 2
  CHECK(state.block(4, 1, 4, 1) == start.topRows(4));
  CHECK(state.block(12, 0, 4, 1) == start.bottomRows(4));
  const Matrix given = normal("start", 16, 2);
  from_learned.start(in(given));
  from_learned.state(0, out(state));
  CHECK(state == given);
}

TEST_CASE("the output is the readout of what the top layer shows") {
  SmallNetwork net({3, 4, 2, 2}, {true, true, false});
  Pass pass = net.pass(2, 3);
  const Matrix input = normal("input", 3, 3 * 2);
  run_in_chunks(pass, input, 3);
  Matrix y(2, 2), s(16, 2);
  pass.output(3, out(y));
  pass.state(3, out(s));
  const auto C = lyap::view<double>(std::as_const(net.weights)[8]);
  const auto d = lyap::view<double>(std::as_const(net.weights)[9]);
  const Matrix shown = s.middleRows(4, 4).array() + 0.3 * s.middleRows(12, 4).array().square();
  CHECK((y - ((C * shown).colwise() + d.col(0))).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("in closed loop the output is the next input, whatever the chunks") {
  SmallNetwork net({2, 4, 2, 2});
  const Matrix first = normal("first", 2, 3);
  Pass closed = net.pass(3, 6, true), open = net.pass(3, 1);
  closed.run(2, in(first));
  closed.run(4, {});
  Matrix expected(16, 3), state(16, 3), input = first;
  for (std::int64_t t = 0; t < 6; ++t) {
    open.run(1, in(input));
    open.output(1, out(input));
  }
  open.state(1, out(expected));
  closed.state(4, out(state));
  CHECK((state - expected).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("the capacity follows from the memory budget when it is left open") {
  SmallNetwork net({3, 4, 1, 2});
  PassRequest request;
  request.batch = 10;
  // A sample and step keeps 15 numbers on the tape, 8 of state and 4 of noise: 27 doubles.
  request.memory_budget = 27 * 8 * 10 * 50;
  CHECK(Pass(net.network, *net.derivatives, net.weights, request).capacity() == 50);
}

TEST_CASE("a state that is not finite is named by layer, step and sequence") {
  SmallNetwork net({3, 4, 1, 2});
  PassRequest request;
  request.batch = 2, request.steps = 4, request.first = 30;
  Pass pass(net.network, *net.derivatives, net.weights, request);
  Matrix input = Matrix::Zero(3, 8);
  pass.run(4, in(input));
  input(1, 5) = std::numeric_limits<double>::quiet_NaN();
  std::string sentence;
  try {
    pass.run(4, in(input));
  } catch (const NumericError& error) {
    sentence = error.what();
  }
  CHECK(sentence ==
        "cell 'leaky': the state of layer 1 is not finite after step 7 of sequence 31; look for "
        "inputs that are not finite, or make the weights smaller");
}

TEST_CASE("a network that diverges on its own output is told by layer, step and sequence") {
  SmallNetwork net({2, 4, 1, 2});
  Pass pass = net.pass(1, 4, true);
  Matrix state = Matrix::Zero(8, 1);
  state(4) = std::numeric_limits<double>::infinity();
  pass.start(in(state));
  CHECK_THROWS_WITH_AS(pass.run(2, {}),
                       "cell 'leaky': the state of layer 1 is not finite after step 1 of sequence "
                       "0 in closed loop; the network diverges on its own output, train it longer "
                       "or measure fewer steps",
                       NumericError);
}

TEST_CASE("a loop with other outputs than inputs cannot be closed") {
  SmallNetwork net({3, 4, 1, 2});
  CHECK_THROWS_WITH_AS(net.pass(1, 1, true),
                       "the loop cannot be closed: the network has 2 outputs but 3 inputs",
                       InputError);
}
