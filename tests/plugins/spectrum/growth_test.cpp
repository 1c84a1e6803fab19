// tests/plugins/spectrum/growth_test.cpp - products of many factors do not leave the range of
// numbers, and their logarithm keeps its digits.
#include "spectrum/growth.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using lyap::spectrum::Growth;

TEST_CASE("ten thousand factors cost a rounding each") {
  Growth growth;
  long double exact = 0;
  for (int i = 1; i <= 10000; ++i) {
    const double factor = (i % 2 ? -1 : 1) * std::ldexp(1.0 + i / 10001.0, i % 37 - 25);
    growth.multiply(factor);
    exact += std::log(std::fabs(static_cast<long double>(factor)));
  }
  CHECK(std::fabs(growth.value() - static_cast<double>(exact)) < 1e-12 * std::fabs(exact));
}

TEST_CASE("factors of any size, and none at all") {
  Growth growth;
  CHECK(growth.value() == 0);
  const double smallest = std::numeric_limits<double>::denorm_min();
  for (const double factor : {1e-310, 1e308, smallest, 1e300}) growth.multiply(factor);
  CHECK(growth.value() ==
        doctest::Approx(std::log(1e-310) + std::log(1e308) + std::log(smallest) + std::log(1e300))
            .epsilon(1e-14));
  growth.multiply_by_power_of_two(-3);
  growth.multiply(8);
  growth.multiply(0);
  CHECK(growth.value() == -std::numeric_limits<double>::infinity());
  Growth dead;
  dead.multiply(7);
  dead.die();
  CHECK(dead.value() == -std::numeric_limits<double>::infinity());
}
