// tests/framework/run/headline_test.cpp - a measurement in one line.
#include <doctest/doctest.h>

#include <limits>
#include <numbers>

#include "run/headline.hpp"

using namespace lyap::framework;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

MeasuredArray array(const std::string& port, std::vector<std::string> axes, const std::string& unit,
                    std::vector<std::int64_t> shape, std::vector<double> values) {
  MeasuredArray made;
  made.port = port;
  made.quantity.axes = std::move(axes);
  made.quantity.unit = unit;
  made.shape = std::move(shape);
  made.values = std::move(values);
  return made;
}

}  // namespace

TEST_CASE("headline: the first result along the index, means over sequences, single numbers") {
  Measurement m;
  m.arrays = {array("spectrum", {"index"}, "nats/step", {3}, {0.5, -1, -2}),
              array("deviation", {"index"}, "nats/step", {3}, {9, 9, 9}),
              array("history", {"time", "index"}, "nats/step", {1, 3}, {7, 7, 7}),
              array("kaplan_yorke", {"sequence"}, "", {2}, {1, 2}),
              array("rate", {}, "1/s", {}, {0.25})};
  CHECK(headline(m) ==
        "spectrum largest 0.5, mean -0.8333, smallest -2 nats/step; kaplan_yorke 1.5; rate 0.25 "
        "1/s");
}

TEST_CASE("headline: what is not finite is left out, and nothing at all is done") {
  Measurement m;
  m.arrays = {array("spectrum", {"index"}, "nats/step", {3}, {1, -infinity, nan}),
              array("sum", {"sequence"}, "nats/step", {2}, {-infinity, nan})};
  CHECK(headline(m) == "spectrum largest 1, mean 1, smallest 1 nats/step");
  m.arrays.erase(m.arrays.begin());
  CHECK(headline(m) == "done");
}

TEST_CASE("headline: a result that checks another speaks through its note") {
  Measurement m;
  m.arrays = {array("sum", {"sequence"}, "nats/step", {2}, {-3, -5}),
              array("log_det", {"sequence"}, "nats/step", {2}, {-3, nan})};
  m.arrays[1].notes = {{"self_check", "they agree"}};
  CHECK(headline(m) == "sum -4 nats/step; log_det self-check: they agree");
}

TEST_CASE("headline: where steps have a duration, the rate per unit of time stands behind") {
  Measurement m;
  m.arrays = {array("spectrum", {"index"}, "nats/step", {2}, {0.02, -1})};
  m.arrays[0].notes = {{"per_time_unit", "largest 1 nats/s"}};
  CHECK(headline(m) ==
        "spectrum largest 0.02, mean -0.49, smallest -1 nats/step (largest 1 nats/s)");
}

TEST_CASE("headline: in bits every rate is divided by ln 2, and nothing else") {
  Measurement m;
  m.arrays = {
      array("spectrum", {"index"}, "nats/step", {2}, {std::numbers::ln2, -3 * std::numbers::ln2}),
      array("kaplan_yorke", {}, "", {}, {1.5})};
  CHECK(headline(in_bits(m)) ==
        "spectrum largest 1, mean -1, smallest -3 bits/step; kaplan_yorke 1.5");
}
