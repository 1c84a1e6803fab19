// tests/framework/model/flush_denormals_test.cpp - denormal numbers are 0 in training, and only
// there.
#include <doctest/doctest.h>

#include <limits>

#include "model/flush_denormals.hpp"

using namespace lyap::framework;

#if defined(__x86_64__) || defined(__aarch64__)
TEST_CASE("denormal numbers are 0 while they are flushed, and numbers again afterwards") {
  volatile float smallest = std::numeric_limits<float>::min();
  volatile double double_smallest = std::numeric_limits<double>::min();
  const auto half = [&] { return smallest / 2; };
  const auto double_half = [&] { return double_smallest / 2; };
  {
    const FlushDenormals outer;
    CHECK(half() == 0);
    CHECK(double_half() == 0);
    {
      const FlushDenormals inner;
      CHECK(half() == 0);
    }
    CHECK(half() == 0);
  }
  CHECK(half() > 0);
  CHECK(double_half() > 0);
}
#endif
