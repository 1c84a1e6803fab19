// tests/framework/model/derivatives_test.cpp - Jacobians of stacks against differences of whole
// steps, and their products with vectors.
#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <thread>

#include "base/error.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;

namespace {

/// ds'/ds of one sample at the step after `state`, by central differences of the whole network;
/// error about h^2 = 1e-10 and eps / h = 1e-11.
Matrix by_differences(SmallNetwork& net, const Matrix& state, const Matrix& input, bool closed_loop,
                      Feedback feedback) {
  const std::int64_t d = state.rows();
  constexpr double h = 1e-5;
  Pass pass = net.pass(1, 1, closed_loop, false, feedback);
  Matrix J(d, d), moved, plus(d, 1), minus(d, 1);
  for (std::int64_t j = 0; j < d; ++j) {
    for (Matrix* next : {&plus, &minus}) {
      moved = state;
      moved(j) += next == &plus ? h : -h;
      pass.start(in(moved));
      pass.run(1, closed_loop ? lyap_const_matrix{} : in(input));
      pass.state(1, out(*next));
    }
    J.col(j) = (plus - minus) / (2 * h);
  }
  return J;
}

/// Rows of part h of all layers come first.
Matrix jacobian(const Pass& pass, std::int64_t t, std::int64_t sample, std::int32_t scope,
                const std::vector<std::int64_t>& rows = {},
                const std::vector<std::int64_t>& cols = {}) {
  const std::int64_t d = pass.network().order().rows(scope);
  Matrix J(d, d);
  pass.jacobian(t, sample, scope, rows.empty() ? nullptr : rows.data(),
                cols.empty() ? nullptr : cols.data(), out(J));
  return J;
}

double distance(const Matrix& a, const Matrix& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

struct Case {
  const char* name;
  std::int64_t layers;
  bool map, closed;
  Feedback feedback = Feedback::Output;
};
const Case cases[] = {{"one layer", 1, false, false},
                      {"two layers", 2, false, false},
                      {"three layers", 3, false, false},
                      {"two layers with a map", 2, true, false},
                      {"one layer closed", 1, false, true},
                      {"two layers closed", 2, false, true},
                      {"two closed with a map", 2, true, true},
                      {"one layer closed by a softmax", 1, false, true, Feedback::Softmax},
                      {"two layers closed by a softmax", 2, false, true, Feedback::Softmax},
                      {"two closed by a softmax, with a map", 2, true, true, Feedback::Softmax}};

/// A network that has run 3 steps of 2 samples, twice, with the state before step t.
struct Ran {
  explicit Ran(const Case& c)
      : net({3, 4, c.layers, 3}, {true, c.map, false}),
        pass(net.pass(2, 3, c.closed, false, c.feedback)),
        input(normal("input", 3, 6)) {
    const lyap_const_matrix given = in(input);
    pass.run(3, c.closed ? columns_of(given, 0, 2) : given);
    pass.run(3, c.closed ? lyap_const_matrix{} : given);
  }
  Matrix state(std::int64_t t, std::int64_t sample) const {
    Matrix all(net.rows(), 2);
    pass.state(t, out(all));
    return all.col(sample);
  }
  SmallNetwork net;
  Pass pass;
  Matrix input;
};

}  // namespace

TEST_CASE("the Jacobian is what differences of the whole network say") {
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Ran ran(c);
    for (const std::int64_t t : {1, 3})
      for (const std::int64_t sample : {0, 1}) {
        const Matrix x = ran.input.col((t - 1) * 2 + sample);
        const Matrix J = jacobian(ran.pass, t, sample, LYAP_FULL_STATE);
        CHECK(distance(J, by_differences(ran.net, ran.state(t - 1, sample), x, c.closed,
                                         c.feedback)) < 1e-8);
      }
  }
}

TEST_CASE("the hidden Jacobian is the block of the first part in the full one, other parts held") {
  // With the other parts' tangents zero before the step, J's leading block is just that.
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    Ran ran(c);
    const std::int64_t h = ran.net.rows(LYAP_HIDDEN_STATE);
    const Matrix full = jacobian(ran.pass, 2, 1, LYAP_FULL_STATE);
    CHECK(distance(jacobian(ran.pass, 2, 1, LYAP_HIDDEN_STATE), full.topLeftCorner(h, h)) < 1e-15);
  }
}

TEST_CASE("rows and columns of the Jacobian come in the order asked for") {
  for (const Case& c : cases) {
    Ran ran(c);
    for (const std::int32_t scope : {LYAP_FULL_STATE, LYAP_HIDDEN_STATE}) {
      const std::int64_t d = ran.net.rows(scope);
      Random random(1, "orders");
      const auto rows = random.permutation(d), cols = random.permutation(d);
      const Matrix J = jacobian(ran.pass, 1, 0, scope);
      const Matrix ordered = jacobian(ran.pass, 1, 0, scope, rows, cols);
      for (std::int64_t i = 0; i < d; ++i)
        for (std::int64_t j = 0; j < d; ++j)
          CHECK(ordered(i, j) ==
                J(rows[static_cast<std::size_t>(i)], cols[static_cast<std::size_t>(j)]));
    }
  }
}

TEST_CASE("push is J V and pull is its transpose, sample by sample") {
  for (const Case& c : cases)
    for (const std::int32_t scope : {LYAP_FULL_STATE, LYAP_HIDDEN_STATE}) {
      CAPTURE(std::string(c.name));
      Ran ran(c);
      const std::int64_t d = ran.net.rows(scope);
      const Matrix V = normal("V", d, 2 * 3), W = normal("W", 3, 2 * 3), U = normal("U", d, 2 * 3);
      Matrix JV(d, 6), GW(d, 6), sum(d, 6), JtU(d, 6), GtU(3, 6);
      ran.pass.push({2, 0, 2}, scope, in(V), {}, out(JV));
      ran.pass.push({2, 0, 2}, scope, {}, in(W), out(GW));
      ran.pass.push({2, 0, 2}, scope, in(V), in(W), out(sum));
      ran.pass.pull({2, 0, 2}, scope, in(U), out(JtU), out(GtU));
      CHECK(distance(sum, JV + GW) < 1e-13);
      for (const std::int64_t sample : {0, 1}) {
        const Matrix J = jacobian(ran.pass, 2, sample, scope);
        CHECK(distance(JV.middleCols(3 * sample, 3), J * V.middleCols(3 * sample, 3)) < 1e-13);
        CHECK(distance(JtU.middleCols(3 * sample, 3), J.transpose() * U.middleCols(3 * sample, 3)) <
              1e-13);
      }
      for (std::int64_t j = 0; j < 6; ++j)
        CHECK(std::abs(U.col(j).dot(GW.col(j)) - GtU.col(j).dot(W.col(j))) < 1e-13);
    }
}

TEST_CASE("a first input that was given does not follow the state") {
  SmallNetwork net({2, 4, 1, 2});
  Pass closed = net.pass(1, 2, true), open = net.pass(1, 2);
  const Matrix x = normal("x", 2, 1), s = normal("s", 8, 1);
  for (Pass* pass : {&closed, &open}) {
    pass->start(in(s));
    pass->run(1, in(x));
  }
  CHECK(jacobian(closed, 1, 0, LYAP_FULL_STATE) == jacobian(open, 1, 0, LYAP_FULL_STATE));
}

TEST_CASE("a cell without derivatives gets them by differences") {
  SmallNetwork by_hand({2, 4, 2, 2}), bare({2, 4, 2, 2}, {false, false, false});
  CHECK(bare.derivatives->source() == LYAP_BY_DIFFERENCES);
  Pass exact = by_hand.pass(2, 3), approximate = bare.pass(2, 3);
  const Matrix input = normal("input", 2, 6);
  exact.run(3, in(input));
  approximate.run(3, in(input));
  for (const std::int32_t scope : {LYAP_FULL_STATE, LYAP_HIDDEN_STATE})
    CHECK(distance(jacobian(exact, 3, 1, scope), jacobian(approximate, 3, 1, scope)) < 1e-8);
  const Matrix U = normal("U", 16, 4);
  Matrix a(16, 4), b(16, 4), a_input(2, 4), b_input(2, 4);
  exact.pull({2, 0, 2}, LYAP_FULL_STATE, in(U), out(a), out(a_input));
  approximate.pull({2, 0, 2}, LYAP_FULL_STATE, in(U), out(b), out(b_input));
  CHECK(distance(a, b) < 1e-8);
  CHECK(distance(a_input, b_input) < 1e-8);
}

TEST_CASE("in float32 the Jacobian is that of float64, rounded") {
  SmallNetwork net({2, 4, 2, 2});
  const Weights single = net.weights.as(LYAP_F32);
  PassRequest request;
  request.dtype = LYAP_F32;
  request.steps = 2;
  Pass pass32(net.network, *net.derivatives, single, request), pass64 = net.pass(1, 2);
  const Matrix input = normal("input", 2, 2);
  lyap::MatrixOf<float> input32 = input.cast<float>(), J(16, 16);
  pass32.run(2, {input32.data(), 2, 2, 2, LYAP_F32, 0});
  pass64.run(2, in(input));
  pass32.jacobian(2, 0, LYAP_FULL_STATE, nullptr, nullptr, {J.data(), 16, 16, 16, LYAP_F32, 0});
  // Two steps of some ten operations, each rounded to 6e-8.
  CHECK(distance(J.cast<double>(), jacobian(pass64, 2, 0, LYAP_FULL_STATE)) < 3e-6);
}

TEST_CASE("several threads may ask for derivatives of different samples") {
  Ran ran(cases[1]);
  const Matrix expected[] = {jacobian(ran.pass, 2, 0, LYAP_FULL_STATE),
                             jacobian(ran.pass, 2, 1, LYAP_FULL_STATE)};
  int wrong[] = {0, 0};
  std::vector<std::thread> threads;
  for (const int sample : {0, 1})
    threads.emplace_back([&, sample] {
      for (int i = 0; i < 200; ++i)
        wrong[sample] += jacobian(ran.pass, 2, sample, LYAP_FULL_STATE) != expected[sample];
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong[0] + wrong[1] == 0);
}
