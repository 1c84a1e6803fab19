// plugins/cells/gru_loops.hpp - the elementwise part of a GRU: values, tangents, adjoints.
#pragma once
#include "recurrent.hpp"

namespace lyap::cells {

/// r = sigmoid(a_r), z = sigmoid(a_z), m = tanh(a_m + r q), h' = (1 - z) m + z h.
/// a: r, z, q, m before their functions, after it the gates (q has none). h' is written twice.
/// Two loops, so that no function waits for another of its own row.
struct GruValues {
  template <Real T>
  [[gnu::always_inline]] static void run(T* __restrict a, const T* __restrict h,
                                         T* __restrict h_next, T* __restrict h_again, Index n) {
    for (Index j = 0; j < 2 * n; ++j) a[j] = elementwise::sigmoid(a[j]);
    for (Index j = 0; j < n; ++j) {
      const T m = elementwise::tanh(a[3 * n + j] + a[j] * a[2 * n + j]);
      a[3 * n + j] = m;
      h_next[j] = h_again[j] = m + a[n + j] * (h[j] - m);
    }
  }
};

/// d h' / d a_r, a_z, a_m: the slopes of one sample; that by q is r times the last.
template <Real T>
struct GruSlopes {
  T r, z, m;
};
template <Real T>
[[gnu::always_inline]] inline GruSlopes<T> gru_slopes(const T* gates, T h, Index n, Index j) {
  const T r = gates[j], z = gates[n + j], q = gates[2 * n + j], m = gates[3 * n + j];
  const T by_m = (1 - z) * (1 - m * m);
  return {by_m * q * r * (1 - r), (h - m) * z * (1 - z), by_m};
}

/// Tangents: a is that of the input's products, u that of the state's.
struct GruTangents {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict h,
                                         const T* __restrict a_dot, const T* __restrict u_dot,
                                         const T* __restrict h_dot, T* __restrict h_next, Index n) {
    for (Index j = 0; j < n; ++j) {
      const GruSlopes<T> d = gru_slopes(gates, h[j], n, j);
      h_next[j] = gates[n + j] * h_dot[j] + d.r * (a_dot[j] + u_dot[j]) +
                  d.z * (a_dot[n + j] + u_dot[n + j]) +
                  d.m * (a_dot[2 * n + j] + gates[j] * u_dot[2 * n + j]);
    }
  }
};

/// Adjoints of r, z, q, m before their functions are set, h_bar is added to.
struct GruAdjoints {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict h,
                                         const T* __restrict h_next, T* __restrict a_bar,
                                         T* __restrict h_bar, Index n) {
    for (Index j = 0; j < n; ++j) {
      const GruSlopes<T> d = gru_slopes(gates, h[j], n, j);
      const T by_m = d.m * h_next[j];
      a_bar[j] = d.r * h_next[j], a_bar[n + j] = d.z * h_next[j];
      a_bar[2 * n + j] = by_m * gates[j], a_bar[3 * n + j] = by_m;
      h_bar[j] += gates[n + j] * h_next[j];
    }
  }
};

/// The Jacobian's coefficients of the three row blocks of W_hh; its diagonal is z.
struct GruCoefficients {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict h,
                                         T* __restrict d, Index n) {
    for (Index j = 0; j < n; ++j) {
      const GruSlopes<T> s = gru_slopes(gates, h[j], n, j);
      d[j] = s.r, d[n + j] = s.z, d[2 * n + j] = s.m * gates[j];
    }
  }
};

}  // namespace lyap::cells
