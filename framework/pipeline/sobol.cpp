// framework/pipeline/sobol.cpp - points that fill a cube more evenly than random ones.
#include "pipeline/sobol.hpp"

#include <array>
#include <cassert>

namespace lyap::framework {
namespace {

constexpr int bits = 32;

/// A primitive polynomial over {0, 1} by its degree and inner coefficients, and as many first
/// direction numbers: s, a and m_i of the paper.
struct Primitive {
  int degree;
  unsigned coefficients;
  std::array<std::uint32_t, 6> first;
};

constexpr std::array<Primitive, sobol_dimensions - 1> primitives = {{
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
}};

using Directions = std::array<std::uint32_t, bits>;

/// v_k = m_k 2^(32-k), where m_k follows from the s before it; Joe and Kuo (2008), Eq. (2.2).
constexpr Directions directions_of(const Primitive& primitive) {
  Directions v{};
  const int s = primitive.degree;
  for (int k = 0; k < bits; ++k) {
    if (k < s) {
      v[k] = primitive.first[k] << (bits - 1 - k);
      continue;
    }
    v[k] = v[k - s] ^ (v[k - s] >> s);
    for (int i = 1; i < s; ++i)
      if (primitive.coefficients >> (s - 1 - i) & 1u) v[k] ^= v[k - i];
  }
  return v;
}

constexpr std::array<Directions, sobol_dimensions> all_directions() {
  std::array<Directions, sobol_dimensions> all{};
  for (int k = 0; k < bits; ++k) all[0][k] = std::uint32_t{1} << (bits - 1 - k);  // van der Corput
  for (int d = 1; d < sobol_dimensions; ++d) all[d] = directions_of(primitives[d - 1]);
  return all;
}

constexpr std::array<Directions, sobol_dimensions> directions = all_directions();

}  // namespace

std::uint32_t sobol(int dimension, std::uint32_t index) {
  assert(dimension >= 0 && dimension < sobol_dimensions);
  const std::uint32_t gray = index ^ (index >> 1);
  std::uint32_t point = 0;
  for (int k = 0; k < bits; ++k)
    if (gray >> k & 1u) point ^= directions[dimension][k];
  return point;
}

}  // namespace lyap::framework
