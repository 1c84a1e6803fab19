// framework/linalg/product.cpp - matrix products, by the BLAS.
#include "linalg/product.hpp"

#include <cblas.h>

#include <algorithm>
#include <cassert>

namespace lyap::framework {
namespace {

CBLAS_TRANSPOSE transpose(Side side) {
  return side == Side::Plain ? CblasNoTrans : CblasTrans;
}

/// The BLAS wants a leading dimension of at least one even for an empty matrix.
int leading(std::int64_t stride) {
  return static_cast<int>(std::max<std::int64_t>(stride, 1));
}

}  // namespace

void multiply(double alpha, const lyap_const_matrix& a, Side a_side, const lyap_const_matrix& b,
              Side b_side, double beta, const lyap_matrix& c) {
  const std::int64_t inner = a_side == Side::Plain ? a.cols : a.rows;
  assert((a_side == Side::Plain ? a.rows : a.cols) == c.rows);
  assert((b_side == Side::Plain ? b.cols : b.rows) == c.cols);
  assert((b_side == Side::Plain ? b.rows : b.cols) == inner);
  assert(a.dtype == c.dtype && b.dtype == c.dtype);
  if (c.rows == 0 || c.cols == 0) return;
  const int m = static_cast<int>(c.rows), n = static_cast<int>(c.cols), k = static_cast<int>(inner);
  if (c.dtype == LYAP_F32)
    cblas_sgemm(CblasColMajor, transpose(a_side), transpose(b_side), m, n, k,
                static_cast<float>(alpha), static_cast<const float*>(a.data), leading(a.stride),
                static_cast<const float*>(b.data), leading(b.stride), static_cast<float>(beta),
                static_cast<float*>(c.data), leading(c.stride));
  else
    cblas_dgemm(CblasColMajor, transpose(a_side), transpose(b_side), m, n, k, alpha,
                static_cast<const double*>(a.data), leading(a.stride),
                static_cast<const double*>(b.data), leading(b.stride), beta,
                static_cast<double*>(c.data), leading(c.stride));
}

}  // namespace lyap::framework
