// plugins/cells/gate_columns.hpp - columns of a Jacobian as sums of scaled columns of the gates.
#pragma once
#include "recurrent.hpp"

namespace lyap::cells {

/// Column j of the block: out(., j) = sum_g d_g .* U_g(., columns[j]), U_g rows g*n .. of the
/// recurrent weights and d_g the same part of d; zero for columns outside 0 .. n-1. This is where
/// the spectrum of a network spends its time outside of linear algebra.
template <int Gates>
struct GateColumns {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* u, Index stride, const T* d, Index n,
                                         const Index* columns, Index count, T* out,
                                         Index out_stride) {
    for (Index j = 0; j < count; ++j) {
      T* __restrict to = out + j * out_stride;
      const bool inside = columns[j] >= 0 && columns[j] < n;
      if (!inside) {
        for (Index i = 0; i < n; ++i) to[i] = 0;
        continue;
      }
      const T* __restrict from = u + columns[j] * stride;
      for (Index i = 0; i < n; ++i) {
        T sum = d[i] * from[i];
        for (int g = 1; g < Gates; ++g) sum += d[g * n + i] * from[g * n + i];
        to[i] = sum;
      }
    }
  }
};

template <int Gates, Real T>
void gate_columns(const ConstViewOf<T>& u, const T* d, Index n, std::span<const Index> columns,
                  ViewOf<T> out) {
  run_wide<GateColumns<Gates>>(u.data(), u.outerStride(), d, n, columns.data(),
                               static_cast<Index>(columns.size()), out.data(), out.outerStride());
}

/// out(i, .) = in(rows[i], .)
template <Real T>
void pick_rows(const ViewOf<T>& in, std::span<const Index> rows, ViewOf<T> out) {
  for (Index j = 0; j < out.cols(); ++j) {
    const T* from = in.data() + j * in.outerStride();
    T* to = out.data() + j * out.outerStride();
    for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[rows[i]];
  }
}

/// Columns worked on at a time when a block is made in two passes: they stay in the nearest cache.
inline constexpr std::size_t tile = 8;

}  // namespace lyap::cells
