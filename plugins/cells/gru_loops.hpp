// plugins/cells/gru_loops.hpp - the elementwise part of a GRU: values, tangents, adjoints.
#pragma once
#include "recurrent.hpp"

namespace lyap::cells {

/// r, z = sigmoid(a + u), q = u_n, n = tanh(a_n + r q), h' = (1 - z) n + z h, where u = W_hh h +
/// b_hh is given without its bias. a: r, z, n before their functions, after it the gates.
struct GruValues {
  template <Real T>
  [[gnu::always_inline]] static void run(T* __restrict a, const T* __restrict u,
                                         const T* __restrict bias, const T* __restrict h,
                                         T* __restrict inner, T* __restrict h_next, Index n) {
    for (Index j = 0; j < n; ++j) {
      const T r = elementwise::sigmoid(a[j] + (u[j] + bias[j]));
      const T z = elementwise::sigmoid(a[n + j] + (u[n + j] + bias[n + j]));
      const T q = u[2 * n + j] + bias[2 * n + j];
      const T m = elementwise::tanh(a[2 * n + j] + r * q);
      a[j] = r, a[n + j] = z, a[2 * n + j] = m, inner[j] = q;
      h_next[j] = m + z * (h[j] - m);
    }
  }
};

/// d h' / d a_r, a_z, a_n: the slopes of one sample.
template <Real T>
struct GruSlopes {
  T r, z, n;
};
template <Real T>
[[gnu::always_inline]] inline GruSlopes<T> gru_slopes(const T* gates, T inner, T h, Index n,
                                                      Index j) {
  const T r = gates[j], z = gates[n + j], m = gates[2 * n + j];
  const T by_n = (1 - z) * (1 - m * m);
  return {by_n * inner * r * (1 - r), (h - m) * z * (1 - z), by_n};
}

/// Tangents: a is that of the input's products, u that of the state's.
struct GruTangents {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict inner,
                                         const T* __restrict h, const T* __restrict a_dot,
                                         const T* __restrict u_dot, const T* __restrict h_dot,
                                         T* __restrict h_next, Index n) {
    for (Index j = 0; j < n; ++j) {
      const GruSlopes<T> d = gru_slopes(gates, inner[j], h[j], n, j);
      h_next[j] = gates[n + j] * h_dot[j] + d.r * (a_dot[j] + u_dot[j]) +
                  d.z * (a_dot[n + j] + u_dot[n + j]) +
                  d.n * (a_dot[2 * n + j] + gates[j] * u_dot[2 * n + j]);
    }
  }
};

/// Adjoints: a_bar and u_bar are set, h_bar added to.
struct GruAdjoints {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict inner,
                                         const T* __restrict h, const T* __restrict h_next,
                                         T* __restrict a_bar, T* __restrict u_bar,
                                         T* __restrict h_bar, Index n) {
    for (Index j = 0; j < n; ++j) {
      const GruSlopes<T> d = gru_slopes(gates, inner[j], h[j], n, j);
      const T by_r = d.r * h_next[j], by_z = d.z * h_next[j], by_n = d.n * h_next[j];
      a_bar[j] = by_r, a_bar[n + j] = by_z, a_bar[2 * n + j] = by_n;
      u_bar[j] = by_r, u_bar[n + j] = by_z, u_bar[2 * n + j] = by_n * gates[j];
      h_bar[j] += gates[n + j] * h_next[j];
    }
  }
};

/// The Jacobian's coefficients of the three row blocks of W_hh; its diagonal is z.
struct GruCoefficients {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict inner,
                                         const T* __restrict h, T* __restrict d, Index n) {
    for (Index j = 0; j < n; ++j) {
      const GruSlopes<T> s = gru_slopes(gates, inner[j], h[j], n, j);
      d[j] = s.r, d[n + j] = s.z, d[2 * n + j] = s.n * gates[j];
    }
  }
};

}  // namespace lyap::cells
