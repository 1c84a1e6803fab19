// tests/bench/rates.hpp - what this machine can do at the moment: products and memory traffic.
#pragma once
#include <cstdint>
#include <string>

#include "base/workers.hpp"

namespace lyap::bench {

/// A product C (m x n) = A (m x k) B (k x n).
struct ProductSize {
  std::int64_t m = 0, n = 0, k = 0;
  bool single = false;  ///< float32

  /// "f64:256x256x256", m x n x k. std::invalid_argument: anything else.
  static ProductSize parse(const std::string& text);
};

/// GF/s of all workers together, each with matrices of its own and single-threaded BLAS; the best
/// of three windows of 20 ms.
double product_rate(framework::Workers& workers, const ProductSize& size);

/// GB/s of a = b + s c (STREAM's triad) by all workers together, each on `bytes` of its own, 24 a
/// number; the best of three windows of 20 ms.
double triad_rate(framework::Workers& workers, std::int64_t bytes);

}  // namespace lyap::bench
