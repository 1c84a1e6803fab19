// tests/framework/base/quantity_test.cpp - quantities are read strictly and written as read.
#include "base/quantity.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace lyap::framework;

TEST_CASE("a quantity is a name, axes and a unit") {
  const Quantity q = Quantity::parse("exponent[sequence, index] nats/step");
  CHECK(q.name == "exponent");
  CHECK(q.axes == std::vector<std::string>{"sequence", "index"});
  CHECK(q.unit == "nats/step");
  CHECK(q.text() == "exponent[sequence, index] nats/step");
}

TEST_CASE("a single number has no axes and may have no unit") {
  CHECK(Quantity::parse("dimension").axes.empty());
  CHECK(Quantity::parse("entropy nats/step").unit == "nats/step");
  CHECK(Quantity::parse("dimension").text() == "dimension");
}

TEST_CASE("a quantity with an open bracket is refused with its text") {
  CHECK_THROWS_WITH_AS(Quantity::parse("exponent[index nats"),
                       "a quantity is written 'name[axis, axis] unit', not 'exponent[index nats': "
                       "the bracket is not closed",
                       InputError);
  CHECK_THROWS_AS(Quantity::parse(""), InputError);
  CHECK_THROWS_AS(Quantity::parse("exponent[]"), InputError);
}
