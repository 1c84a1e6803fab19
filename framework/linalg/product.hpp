// framework/linalg/product.hpp - matrix products, by the BLAS.
#pragma once
#include <cstdint>

#include "lyap/abi.h"

namespace lyap::framework {

enum class Side { Plain, Transposed };

/// c = alpha op(a) op(b) + beta c, all three float32 or all float64; with beta = 0 what c held does
/// not matter.
void multiply(double alpha, const lyap_const_matrix& a, Side a_side, const lyap_const_matrix& b,
              Side b_side, double beta, const lyap_matrix& c);

}  // namespace lyap::framework
