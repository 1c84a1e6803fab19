// tests/framework/model/jacobian_test.cpp - the choice of who computes derivatives, and the check.
#include "model/jacobian.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "small_network.hpp"

using namespace test;
using lyap::Matrix;

namespace {

/// The leaky cell with one entry of the Jacobian wrong by 1 percent.
int wrong_jacobian(const lyap_tape* tape, const lyap_block_request* request, lyap_matrix out,
                   lyap_error*) {
  tape->jacobian(*request, out);
  lyap::view<double>(out)(6, 1) *= 1.01;
  return LYAP_OK;
}

std::string run_checked(SmallNetwork& net, std::int64_t steps) {
  Pass pass = net.pass(1, steps);
  const Matrix input = normal("input", 3, steps);
  pass.run(steps, in(input));
  Matrix J(8, 8);
  try {
    for (std::int64_t t = 1; t <= steps; ++t)
      pass.jacobian(t, 0, LYAP_FULL_STATE, nullptr, nullptr, out(J));
  } catch (const NumericError& error) {
    return error.what();
  }
  return "";
}

std::string refusal(std::string_view choice, const leaky::Parts& parts) {
  try {
    SmallNetwork net({3, 4, 1, 2}, parts, choice);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("auto takes the cell's own derivative, and differences can be asked for") {
  CHECK(SmallNetwork({}).derivatives->source() == LYAP_ANALYTIC);
  CHECK(SmallNetwork({}, {}, "analytic").derivatives->source() == LYAP_ANALYTIC);
  CHECK(SmallNetwork({}, {}, "differences").derivatives->source() == LYAP_BY_DIFFERENCES);
}

TEST_CASE("a derivative that the cell does not have is refused with what it has") {
  CHECK(refusal("automatic", {}) ==
        "'jacobian: automatic' cannot be had: the derivative of cell 'leaky' is analytic; write "
        "'jacobian: analytic' or 'jacobian: auto'");
  CHECK(refusal("analytic", {false, false, false}) ==
        "'jacobian: analytic' cannot be had: the derivative of cell 'leaky' is differences; write "
        "'jacobian: differences' or 'jacobian: auto'");
  CHECK(refusal("analitic", {}) == "'jacobian: analitic' is unknown; did you mean 'analytic'?");
}

TEST_CASE("a right Jacobian passes the check") {
  SmallNetwork net({3, 4, 1, 2}, {}, "auto", 1);
  CHECK(run_checked(net, 20) == "");
}

TEST_CASE("a wrong entry is found at the next step that is checked") {
  lyap_cell_ops ops = leaky::ops();
  ops.jacobian = wrong_jacobian;
  const lyap_value units = leaky::units(4);
  Network network("leaky", ops, {&units, 1}, 3, 1, {});
  const Weights weights = network.initialise(3, {});
  const auto derivatives = make_jacobian("auto", network.cell(0), 5);
  PassRequest request;
  request.steps = 3;
  Pass pass(network, *derivatives, weights, request);
  const Matrix input = normal("input", 3, 3);
  Matrix J(8, 8);
  pass.run(2, {input.data(), 3, 2, 3, LYAP_F64, 0});
  pass.jacobian(2, 0, LYAP_FULL_STATE, nullptr, nullptr, out(J));  // step 2 is not looked at
  pass.run(3, in(input));
  pass.jacobian(3, 0, LYAP_FULL_STATE, nullptr, nullptr, out(J));
  pass.run(1, {input.data(), 3, 1, 3, LYAP_F64, 0});
  std::string sentence;
  try {
    pass.jacobian(1, 0, LYAP_FULL_STATE, nullptr, nullptr, out(J));
  } catch (const NumericError& error) {
    sentence = error.what();
  }
  const std::string begin =
      "cell 'leaky': at step 6 of sequence 0, row 6, column 1 of the Jacobian is ";
  CHECK(sentence.substr(0, begin.size()) == begin);
  CHECK(sentence.find(" by differences; correct its derivative or use 'jacobian: differences'") !=
        std::string::npos);
}
