// framework/pipeline/sobol.hpp - points that fill a cube more evenly than random ones.
#pragma once
#include <cstdint>

namespace lyap::framework {

inline constexpr int sobol_dimensions = 16;

/// 2^32 times coordinate `dimension` (from 0) of point `index` (from 0) of the Sobol sequence, in
/// the Gray-code order of Antonov and Saleev (1979): 0, 1/2, 3/4, 1/4, ... in dimension 0.
/// Direction numbers of Joe and Kuo (2008), "Constructing Sobol sequences with better
/// two-dimensional projections", file new-joe-kuo-6.
std::uint32_t sobol(int dimension, std::uint32_t index);

}  // namespace lyap::framework
