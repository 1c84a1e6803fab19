// tests/plugins/spectrum/driven_steps_test.cpp - how long the chunks of a pass are.
#include "driven_steps.hpp"

#include <doctest/doctest.h>

using lyap::analyses::longest_chunk;

TEST_CASE("chunks: about as long as each other, and within 32 MiB") {
  constexpr std::int64_t plenty = std::int64_t{4} << 30;
  CHECK(longest_chunk(100, 10, 128, plenty) == 100);
  CHECK(longest_chunk(1000, 1, 8, plenty) == 125);    // eight, none above 128 steps
  CHECK(longest_chunk(100, 10, 1024, plenty) == 25);  // 1.3 MB a step
  CHECK(longest_chunk(101, 10, 1024, plenty) == 21);
}

TEST_CASE("chunks: half the memory budget, and the kernel's choice when not a step fits") {
  constexpr std::int64_t little = std::int64_t{4} << 20;
  CHECK(longest_chunk(100, 10, 1024, little) == 1);
  CHECK(longest_chunk(100, 100, 1024, little) == 0);
  CHECK(longest_chunk(0, 10, 1024, little) == 0);
}
