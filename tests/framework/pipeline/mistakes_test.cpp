// tests/framework/pipeline/mistakes_test.cpp - how mistakes are told.
#include "pipeline/mistakes.hpp"

#include <doctest/doctest.h>

#include "said.hpp"

using namespace lyap::framework;

TEST_CASE("mistakes are sorted by place, marked in the line, counted, and end with the hints") {
  const auto file = std::make_shared<const Source>(
      Source{"force.yaml", "cell:\n  use: rank1\n  with: {unit: 512, dt: 0.1}\n", ""});
  const auto argument = std::make_shared<const Source>(Source{"-s seed=x", "", ""});
  Mistakes mistakes;
  CHECK(mistakes.empty());
  mistakes.add({argument, 0, 0, 1}, "'seed' takes an integer, got 'x'");
  mistakes.add({file, 3, 21, 2}, "'dt' is strange", "lyap describe rank1 lists its options");
  mistakes.add({file, 3, 10, 4}, "cell 'rank1' has no option 'unit'; did you mean 'units'?",
               "lyap describe rank1 lists its options");
  CHECK(mistakes.size() == 3);
  CHECK(mistakes.text() ==
        "force.yaml:3:10: error: cell 'rank1' has no option 'unit'; did you mean 'units'?\n"
        "    3 |   with: {unit: 512, dt: 0.1}\n"
        "      |          ^^^^\n"
        "force.yaml:3:21: error: 'dt' is strange\n"
        "    3 |   with: {unit: 512, dt: 0.1}\n"
        "      |                     ^^\n"
        "-s seed=x: error: 'seed' takes an integer, got 'x'\n"
        "3 mistakes; nothing was run.        lyap describe rank1 lists its options");
}

TEST_CASE("a preset that put a value in its place is named with the mistake") {
  const auto file = std::make_shared<const Source>(
      Source{"p.yaml", "presets: {desk: {seed: x}}", "preset 'desk'"});
  Mistakes mistakes;
  mistakes.add({file, 1, 24, 1}, "'seed' takes an integer, got 'x'");
  CHECK(mistakes.text() ==
        "p.yaml:1:24: error: 'seed' takes an integer, got 'x' (preset 'desk')\n"
        "    1 | presets: {desk: {seed: x}}\n"
        "      |                        ^\n"
        "1 mistake; nothing was run.");
}

TEST_CASE("no mistake throws nothing, one throws an InputError with the whole text") {
  Mistakes mistakes;
  CHECK_NOTHROW(mistakes.throw_if_any());
  mistakes.add({std::make_shared<const Source>(Source{"-s x", "", ""}), 0, 0, 1}, "no");
  CHECK(said([&] { mistakes.throw_if_any(); }) == mistakes.text());
  try {
    mistakes.throw_if_any();
  } catch (const MistakesError& error) {
    CHECK(error.exit() == Exit::BadInput);
    CHECK(error.mistakes().size() == 1);
  }
}
