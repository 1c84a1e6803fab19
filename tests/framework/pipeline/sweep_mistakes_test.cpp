// tests/framework/pipeline/sweep_mistakes_test.cpp - sweeps that are refused, and how.
#include <doctest/doctest.h>

#include <string>

#include "pipeline/sweep.hpp"
#include "swept.hpp"

using namespace lyap::framework;

namespace {

constexpr const char* forms =
    "'g' takes [values], {from, to, count}, {from, to, step}, {count}, {uniform}, {log_uniform}, "
    "{normal}, {integer} or an expression\n";

}  // namespace

TEST_CASE("a form that cannot be read is refused with its remedy") {
  const std::vector<Refusal> table = {
      {"g:", std::string("p.yaml:1:1: ") + forms},
      {"g: {}", std::string("p.yaml:1:4: ") + forms},
      {"g: {values: 3}", std::string("p.yaml:1:4: ") + forms},
      {"g: {unifrm: [1, 2]}", "p.yaml:1:5: 'g' has no key 'unifrm'; did you mean 'uniform'?\n"},
      {"g: []", "p.yaml:1:4: 'g' has no values in its list\n"},
      {"g: [1, [2]]", "p.yaml:1:8: 'g' is a list of plain values, got a list in it\n"},
      {"g: [1, {a: 2}]", "p.yaml:1:8: 'g' is a list of plain values, got a map in it\n"},
      {"g: [1, ~]", "p.yaml:1:8: 'g' is a list of plain values, got nothing in it\n"},
      {"g: [1, 2, 1]",
       "p.yaml:1:11: 'g' has '1' twice, which would be the same networks again; use a variable "
       "with "
       "{count: 2} for repetitions\n"},
      {"h: 2\ng: [1, $h]",
       "p.yaml:2:8: an expression cannot stand in a list; give it a variable of its own\n"},
      {"g-h: [1]",
       "p.yaml:1:1: 'g-h' cannot be written after '$'; a variable's name has letters, digits and "
       "_, "
       "no digit first\n"},
      {"g: {count: 0}", "p.yaml:1:12: 'count' must be between 1 and 10000000, got 0\n"},
      {"g: {count: many}", "p.yaml:1:12: 'count' takes an integer, got 'many'\n"},
      {"g: {count: 3, by: 2}", "p.yaml:1:15: 'g' has no key 'by'; it takes count\n"},
      {"g: {count: 3, uniform: [1, 2]}",
       "p.yaml:1:5: 'g' has no key 'count'; it takes uniform, digits\n"},
  };
  for (const auto& [text, sentence] : table) {
    const std::string shown(text);
    CAPTURE(shown);
    CHECK(refused(text) == sentence);
  }
}

TEST_CASE("a grid that cannot be laid out is refused with its remedy") {
  const std::vector<Refusal> table = {
      {"g: {from: 1, count: 3}", "p.yaml:1:1: 'g' needs 'to'; add the last value\n"},
      {"g: {from: 1, to: 2}", "p.yaml:1:1: 'g' needs 'count'; add how many, or 'step'\n"},
      {"g: {from: 1, to: inf, count: 3}",
       "p.yaml:1:18: 'to' must be between -1e+300 and 1e+300, got inf\n"},
      {"g: {from: 1, to: 1, count: 3}",
       "p.yaml:1:18: 'from' and 'to' are the same; write one value in place of the grid\n"},
      {"g: {from: 0, to: 1, count: 3, spacing: log}",
       "p.yaml:1:11: a grid with 'spacing: log' needs numbers above 0\n"},
      {"g: {from: 1, to: 2, count: 3, spacing: lin}",
       "p.yaml:1:40: 'spacing' is one of linear, log; got 'lin'\n"},
      {"g: {from: 1, to: 2, count: 3, step: 1}",
       "p.yaml:1:37: 'step' and 'count' both say how many values there are; take one out\n"},
      {"g: {from: 1, to: 2, step: 1, spacing: log}",
       "p.yaml:1:27: a grid with 'spacing: log' has no 'step'; give 'count'\n"},
      {"g: {from: 1, to: 2, step: -1}",
       "p.yaml:1:27: 'step' leads away from 'to'; from 1 to 2 it is above 0\n"},
      {"g: {from: 2, to: 1, step: 0}",
       "p.yaml:1:27: 'step' leads away from 'to'; from 2 to 1 it is below 0\n"},
      {"g: {from: 0, to: 1, step: 1e-9}",
       "p.yaml:1:27: 'step' makes 1000000001 values, more than 10000000 networks\n"},
  };
  for (const auto& [text, sentence] : table) {
    const std::string shown(text);
    CAPTURE(shown);
    CHECK(refused(text) == sentence);
  }
}

TEST_CASE("a law without a range is refused with its remedy") {
  const std::vector<Refusal> table = {
      {"g: {uniform: 3}", "p.yaml:1:14: 'uniform' takes a list of numbers, got '3'; write [3]\n"},
      {"g: {uniform: [1, 2, 3]}", "p.yaml:1:14: 'uniform' takes two numbers, [low, high]; got 3\n"},
      {"g: {normal: [1]}", "p.yaml:1:13: 'normal' takes two numbers, [mean, std]; got 1\n"},
      {"g: {uniform: [0.4, 0.04]}",
       "p.yaml:1:14: 'uniform' goes from the lower to the higher of two different numbers\n"},
      {"g: {log_uniform: [0, 1]}", "p.yaml:1:18: 'log_uniform' needs numbers above 0\n"},
      {"g: {normal: [1, 0]}",
       "p.yaml:1:13: 'normal' needs a standard deviation above 0 as its second number\n"},
      {"g: {integer: [1, 2.5]}", "p.yaml:1:14: 'integer' takes integers\n"},
      {"g: {integer: [1, 2], digits: 2}",
       "p.yaml:1:22: 'g' has no key 'digits'; it takes integer\n"},
      {"g: {uniform: [0, 1], digits: -1}",
       "p.yaml:1:30: 'digits' must be between 0 and 15, got -1\n"},
      {"g: {log_uniform: [1e-4, 0.1], digits: 1}",
       "p.yaml:1:18: 'log_uniform' has a bound of more than 1 decimal, so that a value could be "
       "rounded out of it; give 'digits' more or the bound fewer\n"},
      {"g: {uniform: [0, 0.99], digits: 0}",
       "p.yaml:1:14: 'uniform' has a bound of more than 0 decimals, so that a value could be "
       "rounded out of it; give 'digits' more or the bound fewer\n"},
  };
  for (const auto& [text, sentence] : table) {
    const std::string shown(text);
    CAPTURE(shown);
    CHECK(refused(text) == sentence);
  }
}

TEST_CASE("an expression that cannot be calculated is refused with its remedy") {
  const std::vector<Refusal> table = {
      {"g: $p / sqrt(64", "p.yaml:1:4: the expression needs ')' after '64'\n"},
      {"gain: 2\ng: $gian", "p.yaml:2:4: 'sweep' has no variable 'gian'; did you mean 'gain'?\n"},
      {"g: 2 * $h", "p.yaml:1:4: 'sweep' has no variable 'h'\n"},
      {"g: 2 * $g", "p.yaml:1:4: 'g' needs itself; give one of them values of its own\n"},
      {"a: $b\nb: 2 * $a",
       "p.yaml:1:4: 'a' needs 'b', which needs 'a'; give one of them values of its own\n"},
      {"x: $a\na: $b\nb: $c + $n\nc: $a\nn: 3",
       "p.yaml:2:4: 'a' needs 'b', which needs 'c', which needs 'a'; give one of them values of "
       "its "
       "own\n"},
      {"cell: [1, gru]\ng: 2 * $cell",
       "p.yaml:2:4: the expression calculates with 'cell', which has the value 'gru'; only numbers "
       "can be calculated with\n"},
      {"cell: [1, gru]\nb: $cell\ng: 2 * $b",
       "p.yaml:3:4: the expression calculates with 'b', which has the value 'gru'; only numbers "
       "can "
       "be calculated with\n"},
      {"n: {count: 3}\nh: [0, 1]\ng: $n / $h",
       "p.yaml:3:4: 'g' is no number at n = 0, h = 0; keep its variables where the expression is a "
       "finite number\n"},
      {"n: {from: 2, to: -1, step: -1}\ng: log($n)",
       "p.yaml:2:4: 'g' is infinite at n = 0; keep its variables where the expression is a finite "
       "number\n"},
  };
  for (const auto& [text, sentence] : table) {
    const std::string shown(text);
    CAPTURE(shown);
    CHECK(refused(text) == sentence);
  }
}

TEST_CASE("an expression that fails far out is told when its point is reached") {
  const Sweep sweep = swept("n: {count: 20001}\ng: 1 / ($n - 20000)\n");
  CHECK(*sweep.point(19'999).value("g") == "-1");
  CHECK(
      first_line([&] { sweep.point(20'000); }) ==
      "p.yaml:2:4: error: 'g' is infinite at n = 20000; keep its variables where the expression is "
      "a finite number");
}

TEST_CASE("too many networks, too many dimensions and unknown ways of sampling are refused") {
  Mistakes mistakes;
  const Node tree = yaml("sweep:\n  a: {count: 10000}\n  b: {count: 10000}\n");
  Sweep::read(*tree.find("sweep"), {}, 1, mistakes);
  std::string many = "sweep:\n";
  for (int i = 0; i < 17; ++i) many += "  x" + std::to_string(i) + ": {uniform: [0, 1]}\n";
  const Node drawn = yaml(many);
  Sweep::read(*drawn.find("sweep"), yaml("draws: sobol"), 1, mistakes);
  Sweep::read(*drawn.find("sweep"), yaml("draws: random"), 1, mistakes);
  CHECK(lines(mistakes) ==
        "p.yaml:1:1: 'sweep' has 100000000 networks, more than 10000000; give its axes fewer "
        "values\n"
        "p.yaml:1:1: 'draws: sobol' reaches 16 drawn variables, 'sweep' has 17; use 'draws: "
        "random'\n");
  CHECK(refused("g: 1", "{draws: sobel, order: shuffled, seeds: own, seed: 3}") ==
        "p.yaml:1:9: 'draws' is one of random, sobol; got 'sobel'; did you mean 'sobol'?\n"
        "p.yaml:1:23: 'order' is one of listed, random; got 'shuffled'\n"
        "p.yaml:1:40: 'seeds' is one of independent, shared; got 'own'\n"
        "p.yaml:1:45: 'sampling' has no key 'seed'; did you mean 'seeds'?\n");
  CHECK(refused("g: 1", "sobol") == "p.yaml:1:1: 'sampling' is a map (key: value), got 'sobol'\n");
}
