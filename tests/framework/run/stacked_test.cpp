// tests/framework/run/stacked_test.cpp - arrays behind each other, shorter ones padded.
#include "run/stacked.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

using namespace lyap::framework;

namespace {

/// first, first + 1, ... in this shape.
MeasuredArray counted(std::vector<std::int64_t> shape, double first) {
  MeasuredArray made;
  made.port = "port";
  made.quantity = Quantity::parse("x");
  for (std::size_t a = 0; a < shape.size(); ++a)
    made.quantity.axes.push_back("axis" + std::to_string(a));
  made.shape = std::move(shape);
  made.values.resize(static_cast<std::size_t>(made.size()));
  std::iota(made.values.begin(), made.values.end(), first);
  return made;
}

}  // namespace

TEST_CASE(
    "stacked: every element stands where it stood, whatever the shapes, and the rest is missing") {
  const MeasuredArray a = counted({2, 3, 1}, 0), b = counted({1, 2, 4}, 100), empty({});
  const MeasuredArray all = stacked("network", {&a, nullptr, &b});
  CHECK(all.shape == std::vector<std::int64_t>{3, 2, 3, 4});
  CHECK(all.quantity.axes == std::vector<std::string>{"network", "axis0", "axis1", "axis2"});
  const auto element = [&](std::int64_t n, std::int64_t i, std::int64_t j, std::int64_t k) {
    return all.values[static_cast<std::size_t>(((n * 2 + i) * 3 + j) * 4 + k)];
  };
  for (std::int64_t i = 0; i < 2; ++i)
    for (std::int64_t j = 0; j < 3; ++j)
      for (std::int64_t k = 0; k < 4; ++k) {
        CAPTURE(i);
        CAPTURE(j);
        CAPTURE(k);
        if (k < 1)
          CHECK(element(0, i, j, k) == static_cast<double>(i * 3 + j));
        else
          CHECK(std::isnan(element(0, i, j, k)));
        CHECK(std::isnan(element(1, i, j, k)));
        if (i < 1 && j < 2)
          CHECK(element(2, i, j, k) == static_cast<double>(100 + j * 4 + k));
        else
          CHECK(std::isnan(element(2, i, j, k)));
      }
}

TEST_CASE("stacked: single numbers, none at all, and arrays without elements") {
  const MeasuredArray a = counted({}, 1), b = counted({}, 2), nothing = counted({0}, 0),
                      one = counted({1}, 3);
  CHECK(stacked("network", {&a, &b}).values == std::vector<double>{1, 2});
  CHECK(stacked("network", {&a, &b}).shape == std::vector<std::int64_t>{2});
  const MeasuredArray missing = stacked("network", {nullptr, nullptr});
  CHECK(missing.shape == std::vector<std::int64_t>{2});
  CHECK(std::isnan(missing.values[0]));
  CHECK(stacked("network", {}).shape == std::vector<std::int64_t>{0});
  const MeasuredArray short_one = stacked("network", {&nothing, &one});
  CHECK(short_one.shape == std::vector<std::int64_t>{2, 1});
  CHECK(std::isnan(short_one.values[0]));
  CHECK(short_one.values[1] == 3);
  CHECK(stacked("network", {&nothing}).shape == std::vector<std::int64_t>{1, 0});
}

TEST_CASE("stacked: one with fewer axes than the others has nothing to give") {
  MeasuredArray nothing = counted({2}, 0), whole = counted({2, 2}, 5);
  whole.doc = "what it is";
  whole.notes = {{"state", "hidden"}};
  for (const bool before : {false, true}) {
    const MeasuredArray all =
        before ? stacked("network", {&nothing, &whole}) : stacked("network", {&whole, &nothing});
    CHECK(all.shape == std::vector<std::int64_t>{2, 2, 2});
    CHECK(all.quantity.axes == std::vector<std::string>{"network", "axis0", "axis1"});
    CHECK(all.doc == "what it is");
    CHECK(*all.note("state") == "hidden");
    CHECK(std::isnan(all.values[before ? 0 : 4]));
    CHECK(all.values[before ? 4 : 0] == 5);
  }
}
