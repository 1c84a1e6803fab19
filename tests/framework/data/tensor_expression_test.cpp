// tests/framework/data/tensor_expression_test.cpp - what expressions make of a file's tensors.
#include "data/tensor_expression.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "base/error.hpp"

using namespace lyap::framework;

namespace {

using Values = std::vector<double>;
using Shape = std::vector<std::int64_t>;

/// A = [[0, 1, 2], [3, 4, 5]], S = [[0, 1], [2, 3]], b = [0, 1], cube with three axes.
TensorFile file() {
  TensorFile f;
  const auto add = [&](const char* name, const Shape& shape) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) count *= extent;
    Values values(static_cast<std::size_t>(count));
    std::iota(values.begin(), values.end(), 0.0);
    f.tensors[name] = Tensor::of(shape, values);
  };
  add("net.A", {2, 3}), add("S", {2, 2}), add("b", {2}), add("cube", {1, 1, 2});
  return f;
}

void check(const std::string& expression, const Shape& shape, const Values& values) {
  CAPTURE(expression);
  const TensorFile made = with_made_tensors(file(), "w.safetensors", {{"made", expression}});
  const Tensor& t = made.tensors.at("made");
  CHECK(t.shape == shape);
  CHECK(t.to_doubles() == values);
}

std::string refusal(const std::string& expression) {
  try {
    with_made_tensors(file(), "w.safetensors", {{"made", expression}});
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("tensor expressions: names, slices, transposes, multiples, sums and stacks") {
  check("S", {2, 2}, {0, 1, 2, 3});
  check("b", {2}, {0, 1});
  check("net.A[:, 1:3]", {2, 2}, {1, 2, 4, 5});
  check("net.A[1:]", {1, 3}, {3, 4, 5});
  check("net.A[ 0:1 , :2 ]", {1, 2}, {0, 1});
  check("b[1:2]", {1}, {1});
  check("S^T", {2, 2}, {0, 2, 1, 3});
  check("net.A^T[2:3]", {1, 2}, {2, 5});
  check("b^T", {1, 2}, {0, 1});
  check("0.5 * S", {2, 2}, {0, 0.5, 1, 1.5});
  check("-S + 2*S^T", {2, 2}, {0, 3, 0, 3});
  check("S - (S - S^T)", {2, 2}, {0, 2, 1, 3});
  check("stack(b, b, 3 * b)", {6}, {0, 1, 0, 1, 0, 3});
  check("stack(S, net.A[:, 0:2])", {4, 2}, {0, 1, 2, 3, 0, 1, 3, 4});
}

TEST_CASE("tensor expressions: what they were made of is left out, the rest stays") {
  const TensorFile made =
      with_made_tensors(file(), "w.safetensors", {{"left", "S[:, :1]"}, {"S", "S^T"}});
  CHECK(made.tensors.count("net.A") == 1);
  CHECK(made.tensors.at("S").to_doubles() == Values{0, 2, 1, 3});
  CHECK(with_made_tensors(file(), "w", {{"x", "2 * S"}}).tensors.count("S") == 0);
}

TEST_CASE("tensor expressions: every mistake is told with its place") {
  CHECK(refusal("net.a") ==
        "w.safetensors: tensor 'net.a', character 6: the file has no tensor 'net.a'; did you mean "
        "'net.A'?");
  CHECK(refusal("S + net.A") ==
        "w.safetensors: tensor 'S + net.A', character 10: [2, 2] and [2, 3] cannot be added");
  CHECK(refusal("stack(S, net.A)") ==
        "w.safetensors: tensor 'stack(S, net.A)', character 15: [2, 2] and [2, 3] cannot be "
        "stacked");
  CHECK(
      refusal("S[0:3]") ==
      "w.safetensors: tensor 'S[0:3]', character 3: 0:3 is not inside the 2 rows, counted from 0");
  CHECK(refusal("S[:, 1:1]") ==
        "w.safetensors: tensor 'S[:, 1:1]', character 6: 1:1 is not inside the 2 columns, counted "
        "from 0");
  CHECK(refusal("S[1]") ==
        "w.safetensors: tensor 'S[1]', character 4: ':' is expected here, not ']'");
  CHECK(refusal("S[:") ==
        "w.safetensors: tensor 'S[:', character 4: ']' is expected here, not the "
        "end");
  CHECK(refusal("S^t") ==
        "w.safetensors: tensor 'S^t', character 3: 'T' is expected here, not 't'");
  CHECK(refusal("") ==
        "w.safetensors: tensor '', character 1: the name of a tensor is expected here, not the "
        "end");
  CHECK(refusal("S S") ==
        "w.safetensors: tensor 'S S', character 3: an operator or the end is "
        "expected here, not 'S'");
  CHECK(refusal("2 S") ==
        "w.safetensors: tensor '2 S', character 3: '*' is expected here, not 'S'");
  CHECK(refusal("(S") ==
        "w.safetensors: tensor '(S', character 3: ')' is expected here, not the "
        "end");
  CHECK(refusal("cube") ==
        "w.safetensors: tensor 'cube', character 5: tensor 'cube' has 3 axes; one or two are "
        "possible");
  CHECK_THROWS_WITH_AS(with_made_tensors(file(), "w.safetensors", {{"x", "S"}, {"x", "S"}}),
                       "w.safetensors: tensor 'x' is made twice; give it one expression",
                       InputError);
}
