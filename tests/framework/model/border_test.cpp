// tests/framework/model/border_test.cpp - what plugins are lent: the table does what the kernel's
// classes do, and refuses what does not fit.
#include "model/border.hpp"

#include <doctest/doctest.h>

#include "noise_task.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;

namespace {

struct Lent {
  explicit Lent(std::int32_t loss = LYAP_MEAN_SQUARED)
      : task(loss, false, 3, 2, 4),
        model(net.network, net.weights, make_jacobian("auto", net.network.cell(0), 0), 1) {
    model.set_task(&task.view);
    request.size = sizeof request;
    request.dtype = LYAP_F64;
    request.batch = 2;
    request.steps = 4;
    request.stream = "border";
    pass = ops.open(lend(model), &request, &error);
    REQUIRE(pass);
    const std::int64_t which[] = {0, 1};
    task.view.fetch(LYAP_TEST, which, 2, out(input), out(target));
  }
  ~Lent() { ops.close(pass); }

  const lyap_model_ops& ops = model_ops();
  SmallNetwork net{{3, 4, 2, 2}};
  noise_task::Task task;
  Model model;
  lyap_pass_request request{};
  lyap_pass* pass = nullptr;
  lyap_error error{};
  Matrix input = Matrix(3, 8), target = Matrix(2, 8);
};

}  // namespace

TEST_CASE("a pass over the border is a pass of the kernel") {
  Lent lent;
  CHECK(lent.ops.shape(lend(lent.model))->state == 16);
  CHECK(lent.ops.capacity(lent.pass) == 4);
  REQUIRE(lent.ops.run(lent.pass, 4, in(lent.input), &lent.error) == LYAP_OK);
  Pass pass = lent.net.pass(2, 4);
  pass.run(4, in(lent.input));
  Matrix a(16, 2), b(16, 2), J(16, 16), K(16, 16);
  CHECK(lent.ops.state(lent.pass, 4, out(a), &lent.error) == LYAP_OK);
  pass.state(4, out(b));
  CHECK(a == b);
  CHECK(lent.ops.jacobian(lent.pass, 3, 1, LYAP_FULL_STATE, nullptr, nullptr, out(J),
                          &lent.error) == LYAP_OK);
  pass.jacobian(3, 1, LYAP_FULL_STATE, nullptr, nullptr, out(K));
  CHECK(J == K);
}

TEST_CASE("adjoints of successive states are linked by the transposed Jacobian") {
  // With the loss at the last step alone, dL/ds_{t-1} = J_t^T dL/ds_t.
  Lent lent;
  REQUIRE(lent.ops.run(lent.pass, 4, in(lent.input), &lent.error) == LYAP_OK);
  Matrix bars(16, 5 * 2), J(16, 16);
  lyap_backward backward{};
  backward.size = sizeof backward;
  backward.at = 4;
  backward.target = in(lent.target);
  backward.state_bars = out(bars);
  REQUIRE(lent.ops.backward(lent.pass, &backward, &lent.error) == LYAP_OK);
  for (std::int64_t t = 4; t > 0; --t)
    for (std::int64_t b = 0; b < 2; ++b) {
      lent.ops.jacobian(lent.pass, t, b, LYAP_FULL_STATE, nullptr, nullptr, out(J), &lent.error);
      const Matrix expected = J.transpose() * bars.col(t * 2 + b);
      CHECK((bars.col((t - 1) * 2 + b) - expected).cwiseAbs().maxCoeff() < 1e-14);
    }
  Matrix y(2, 2);
  lent.ops.output(lent.pass, 4, out(y), &lent.error);
  CHECK(backward.loss ==
        doctest::Approx((y - lent.target.rightCols(2)).squaredNorm() / 4).epsilon(1e-14));
}

TEST_CASE("operands that do not fit are refused with a sentence") {
  Lent lent;
  Matrix small(3, 7), state(16, 2), J(8, 8);
  const auto refused = [&](int code) {
    CHECK(code == LYAP_BAD_SHAPE);
    return std::string(lent.error.text);
  };
  CHECK(refused(lent.ops.run(lent.pass, 4, in(small), &lent.error)) ==
        "the input is 3 x 7, not 3 x 8");
  CHECK(refused(lent.ops.run(lent.pass, 5, in(lent.input), &lent.error)) ==
        "a chunk has 1 .. 4 steps, not 5");
  CHECK(refused(lent.ops.run(lent.pass, 4, {lent.input.data(), 3, 8, 3, LYAP_F32, 0},
                             &lent.error)) == "the input is not float64 as the pass is");
  CHECK(refused(lent.ops.state(lent.pass, 1, out(state), &lent.error)) ==
        "step 1 is not one of 0 .. 0 of the chunk last run");
  REQUIRE(lent.ops.run(lent.pass, 4, in(lent.input), &lent.error) == LYAP_OK);
  CHECK(refused(lent.ops.jacobian(lent.pass, 1, 2, LYAP_FULL_STATE, nullptr, nullptr, out(J),
                                  &lent.error)) ==
        "samples 2 .. 2 are not among the 2 of the pass");
  CHECK(refused(lent.ops.jacobian(lent.pass, 1, 0, LYAP_FULL_STATE, nullptr, nullptr, out(J),
                                  &lent.error)) == "the Jacobian is 8 x 8, not 16 x 16");
  lyap_const_matrix weight;
  CHECK(refused(lent.ops.weight(lend(lent.model), 10, LYAP_F64, &weight, &lent.error)) ==
        "there is no weight 10");
}

TEST_CASE("a model without a task has no backward pass") {
  Lent lent;
  lent.model.set_task(nullptr);
  lyap_backward backward{};
  CHECK(lent.ops.backward(lent.pass, &backward, &lent.error) == LYAP_BAD_DATA);
  CHECK(std::string(lent.error.text) == "this network has no task, so it has no loss; connect one");
}

TEST_CASE("weights are lent in both precisions, and passes see changes from their next start") {
  Lent lent;
  lyap_const_matrix single, full;
  REQUIRE(lent.ops.weight(lend(lent.model), 0, LYAP_F32, &single, &lent.error) == LYAP_OK);
  REQUIRE(lent.ops.weight(lend(lent.model), 0, LYAP_F64, &full, &lent.error) == LYAP_OK);
  double* changed = static_cast<double*>(lent.model.weights()[0].data);
  CHECK(full.data == changed);
  changed[0] = 0.1;
  lent.model.changed();
  lent.ops.weight(lend(lent.model), 0, LYAP_F32, &single, &lent.error);
  CHECK(*static_cast<const float*>(single.data) == 0.1f);
}
