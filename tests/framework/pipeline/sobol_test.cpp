// tests/framework/pipeline/sobol_test.cpp - the Sobol sequence fills the cube evenly.
#include "pipeline/sobol.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <vector>

using namespace lyap::framework;

namespace {

double coordinate(int dimension, std::uint32_t index) {
  return sobol(dimension, index) * 0x1p-32;
}

}  // namespace

TEST_CASE("the first points of the Sobol sequence are those in the literature") {
  const std::vector<std::array<double, 2>> plane = {{0, 0},         {0.5, 0.5},     {0.75, 0.25},
                                                    {0.25, 0.75},   {0.375, 0.375}, {0.875, 0.875},
                                                    {0.625, 0.125}, {0.125, 0.625}};
  for (std::uint32_t i = 0; i < plane.size(); ++i)
    for (int d = 0; d < 2; ++d) CHECK(coordinate(d, i) == plane[i][d]);
  const std::array<double, 5> third = {0.75, 0.25, 0.25, 0.25, 0.75};
  for (int d = 0; d < 5; ++d) CHECK(coordinate(d, 2) == third[d]);
}

TEST_CASE("each of 2^k equal intervals holds one of the first 2^k points, in every dimension") {
  for (int d = 0; d < sobol_dimensions; ++d) {
    std::set<std::uint32_t> intervals;
    for (std::uint32_t i = 0; i < 1024; ++i) intervals.insert(sobol(d, i) >> 22);
    CHECK(intervals.size() == 1024);
  }
}

TEST_CASE("the first two dimensions have one point in every box of area 2^-8") {
  for (int wide = 0; wide <= 8; ++wide) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> boxes;
    for (std::uint32_t i = 0; i < 256; ++i)
      boxes.emplace(wide == 0 ? 0 : sobol(0, i) >> (32 - wide),
                    wide == 8 ? 0 : sobol(1, i) >> (24 + wide));
    CHECK(boxes.size() == 256);
  }
}

// Property A of Sobol (1976), which the numbers of Joe and Kuo were chosen to have: the 2^d halves'
// products hold one each of the first 2^d points, so the d first bits depend on d different ones of
// the index. A wrong digit in the table would very likely break it.
TEST_CASE("the halves of any first d dimensions cut the first 2^d points one by one") {
  for (int dimensions = 1; dimensions <= sobol_dimensions; ++dimensions) {
    std::vector<bool> seen(std::size_t{1} << dimensions);
    bool twice = false;
    for (std::uint32_t i = 0; i < seen.size(); ++i) {
      std::size_t halves = 0;
      for (int d = 0; d < dimensions; ++d) halves = halves << 1 | sobol(d, i) >> 31;
      twice |= seen[halves];
      seen[halves] = true;
    }
    CHECK_FALSE(twice);
  }
}
