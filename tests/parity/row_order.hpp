// tests/parity/row_order.hpp - our columns in the order of the reference tensors.
#pragma once
#include <vector>

#include "lyap/model.hpp"

namespace lyap::parity {

/// [B, T, rows] of columns t*B + b.
inline std::vector<double> batch_first(const Matrix& m, Index batch) {
  const Index rows = m.rows(), steps = m.cols() / batch;
  std::vector<double> values;
  for (Index b = 0; b < batch; ++b)
    for (Index t = 0; t < steps; ++t)
      for (Index i = 0; i < rows; ++i) values.push_back(m(i, t * batch + b));
  return values;
}

inline std::vector<double> row_major(const Matrix& m) {
  std::vector<double> values;
  for (Index i = 0; i < m.rows(); ++i)
    for (Index j = 0; j < m.cols(); ++j) values.push_back(m(i, j));
  return values;
}

}  // namespace lyap::parity
