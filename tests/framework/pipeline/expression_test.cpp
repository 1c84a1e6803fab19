// tests/framework/pipeline/expression_test.cpp - formulas of a sweep, and what is no formula.
#include "pipeline/expression.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "swept.hpp"

using namespace lyap::framework;

namespace {

Node scalar(const std::string& text) {
  Node node;
  node.kind = Node::Kind::Scalar;
  node.text = text;
  return node;
}

/// With every variable equal to 3.
double value(const std::string& text) {
  Mistakes mistakes;
  const auto expression = Expression::read(scalar(text), mistakes);
  mistakes.throw_if_any();
  return expression->value(std::vector<double>(expression->variables().size(), 3.0));
}

std::string wrong(const std::string& text) {
  Mistakes mistakes;
  CHECK_FALSE(Expression::read(scalar(text), mistakes));
  return mistakes.size() == 1 ? mistakes.list()[0].sentence : "";
}

}  // namespace

TEST_CASE("a formula has the value that it has on paper") {
  const double pi = std::numbers::pi;
  const std::vector<std::pair<const char*, double>> table = {
      {"1 + 2 * 3", 7},
      {"(1 + 2) * 3", 9},
      {"8 / 4 / 2", 1},
      {"8 - 4 - 2", 2},
      {"2^3^2", 512},
      {"-2^2", -4},
      {"(-2)^2", 4},
      {"2^-1", 0.5},
      {"2 * -3", -6},
      {"--3", 3},
      {"+3 - -2", 5},
      {"1e-3 * 1.5E+3", 1.5},
      {".5 + 5.", 5.5},
      {"pi", pi},
      {"2*pi", 2 * pi},
      {"sqrt(64)", 8},
      {"exp(1)", std::exp(1.0)},
      {"log(exp(2))", 2},
      {"log2(1024)", 10},
      {"log10(1000)", 3},
      {"abs(-4)", 4},
      {"round(2.5)", 3},
      {"round(-2.5)", -3},
      {"floor(-0.5)", -1},
      {"ceil(1.2)", 2},
      {"min(3, 1, 2)", 1},
      {"max(1 + 1, 2 * 3)", 6},
      {"$a", 3},
      {"${a}", 3},
      {"$a_2 / sqrt($b) * sqrt(${b})", 3},
      {" ( $a+ $a ) ^ 2 ", 36},
      {"1 / 3", 1.0 / 3},
  };
  for (const auto& [text, expected] : table) {
    const std::string shown(text);
    CAPTURE(shown);
    CHECK(value(text) == doctest::Approx(expected).epsilon(1e-15));
  }
}

TEST_CASE("a formula knows its variables, each once") {
  Mistakes mistakes;
  const auto expression = Expression::read(scalar("$b * ${a} + $b ^ $_c1"), mistakes);
  REQUIRE(expression);
  CHECK(expression->variables() == std::vector<std::string>{"b", "a", "_c1"});
  CHECK_FALSE(expression->is_name());
  CHECK(expression->value(std::vector<double>{2, 5, 3}) == 18);
  CHECK(Expression::read(scalar(" ${a} "), mistakes)->is_name());
  CHECK_FALSE(Expression::read(scalar("-$a"), mistakes)->is_name());
}

TEST_CASE("what is no formula is refused with what it needs") {
  const std::vector<Refusal> table = {
      {"$p / sqrt(64", "the expression needs ')' after '64'"},
      {"($a", "the expression needs ')' after '$a'"},
      {"$a +", "the expression needs a value after '+'"},
      {"* $a", "the expression needs a value at its beginning"},
      {"$a * / 2", "the expression needs a value after '*'"},
      {"max($a, )", "the expression needs a value after ','"},
      {"$a )",
       "the expression cannot go on with ')' after '$a'; remove it, or put one of + - * / ^ before "
       "it"},
      {"2 $a",
       "the expression cannot go on with '$a' after '2'; remove it, or put one of + - * / ^ before "
       "it"},
      {"$a + b", "the expression has the bare word 'b'; a variable is written $b"},
      {"sqr($a)", "the expression calls an unknown function 'sqr'; did you mean 'sqrt'?"},
      {"gaussian($a)",
       "the expression calls an unknown function 'gaussian'; there are sqrt, exp, log, log2, "
       "log10, "
       "abs, round, floor, ceil, min, max"},
      {"negative($a)",
       "the expression calls an unknown function 'negative'; there are sqrt, exp, log, log2, "
       "log10, abs, round, floor, ceil, min, max"},
      {"sqrt($a, 2)", "the expression gives 'sqrt' 2 values; it takes one"},
      {"min($a)", "the expression gives 'min' one value; it takes two or more"},
      {"$ a",
       "the expression has a '$' without a name; write one of letters, digits and _ after it"},
      {"$1",
       "the expression has a '$' without a name; write one of letters, digits and _ after it"},
      {"${a + 1", "the expression has a '${' that is no ${name}; write a name and '}' after it"},
      {"$a * .", "the expression has no number at '.'"},
      {"$a * 1e999", "the expression has no number at '1e999'"},
  };
  for (const auto& [text, sentence] : table) {
    const std::string shown(text);
    CAPTURE(shown);
    CHECK(wrong(text) == sentence);
  }
}

TEST_CASE("a formula without end is refused, not followed") {
  const std::string deep(100'000, '(');
  CHECK(wrong(deep) == "the expression has too many parentheses in each other");
  std::string powers = "$a";
  for (int i = 0; i < 50'000; ++i) powers += "^2";
  CHECK(wrong(powers) == "the expression has too many powers of powers");
  CHECK(value(std::string(100'001, '-') + "$a") == -3);
}
