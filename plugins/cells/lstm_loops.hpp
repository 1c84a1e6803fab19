// plugins/cells/lstm_loops.hpp - the elementwise part of an LSTM: values, tangents, adjoints.
#pragma once
#include "recurrent.hpp"

namespace lyap::cells {

/// c' = f c + i g, h' = o tanh(c'), both written twice. a: i, f, g, o before their functions, after
/// it the gates. The loops are several, so that a processor finds neighbours to work on while a
/// function waits for its own sums.
struct LstmValues {
  template <Real T>
  [[gnu::always_inline]] static void run(T* __restrict a, const T* __restrict c,
                                         T* __restrict tanh_c, T* __restrict h_next,
                                         T* __restrict c_next, T* __restrict h_again,
                                         T* __restrict c_again, Index n) {
    for (Index j = 0; j < 2 * n; ++j) a[j] = elementwise::sigmoid(a[j]);
    for (Index j = 2 * n; j < 3 * n; ++j) a[j] = elementwise::tanh(a[j]);
    for (Index j = 3 * n; j < 4 * n; ++j) a[j] = elementwise::sigmoid(a[j]);
    for (Index j = 0; j < n; ++j) {
      const T next = a[n + j] * c[j] + a[j] * a[2 * n + j], seen = elementwise::tanh(next);
      tanh_c[j] = seen, c_next[j] = c_again[j] = next, h_next[j] = h_again[j] = a[3 * n + j] * seen;
    }
  }
};

/// d c' / d a_i, a_f, a_g and d h' / d a_o, d c': the slopes of one sample, n numbers each.
template <Real T>
struct LstmSlopes {
  T i, f, g, o, c;
};
template <Real T>
[[gnu::always_inline]] inline LstmSlopes<T> lstm_slopes(const T* gates, T c, T tanh_c, Index n,
                                                        Index j) {
  const T i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j];
  return {g * i * (1 - i), c * f * (1 - f), i * (1 - g * g), tanh_c * o * (1 - o),
          o * (1 - tanh_c * tanh_c)};
}

/// Tangents: a is that of the gates before their functions, c that of c.
struct LstmTangents {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict c,
                                         const T* __restrict tanh_c, const T* __restrict a_dot,
                                         const T* __restrict c_dot, T* __restrict h_next,
                                         T* __restrict c_next, Index n) {
    for (Index j = 0; j < n; ++j) {
      const LstmSlopes<T> d = lstm_slopes(gates, c[j], tanh_c[j], n, j);
      const T next =
          gates[n + j] * c_dot[j] + d.i * a_dot[j] + d.f * a_dot[n + j] + d.g * a_dot[2 * n + j];
      c_next[j] = next, h_next[j] = d.o * a_dot[3 * n + j] + d.c * next;
    }
  }
};

/// Adjoints: a_bar is set, c_bar added to.
struct LstmAdjoints {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict c,
                                         const T* __restrict tanh_c, const T* __restrict h_next,
                                         const T* __restrict c_next, T* __restrict a_bar,
                                         T* __restrict c_bar, Index n) {
    for (Index j = 0; j < n; ++j) {
      const LstmSlopes<T> d = lstm_slopes(gates, c[j], tanh_c[j], n, j);
      const T next = c_next[j] + d.c * h_next[j];
      a_bar[j] = d.i * next, a_bar[n + j] = d.f * next, a_bar[2 * n + j] = d.g * next;
      a_bar[3 * n + j] = d.o * h_next[j];
      c_bar[j] += gates[n + j] * next;
    }
  }
};

/// The Jacobian's coefficients. by_h: of h' by the four gates, by_c: of c' by the first three;
/// diagonal: d h' / d c and d c' / d c.
struct LstmCoefficients {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* __restrict gates, const T* __restrict c,
                                         const T* __restrict tanh_c, T* __restrict by_h,
                                         T* __restrict by_c, T* __restrict diagonal, Index n) {
    for (Index j = 0; j < n; ++j) {
      const LstmSlopes<T> d = lstm_slopes(gates, c[j], tanh_c[j], n, j);
      by_c[j] = d.i, by_c[n + j] = d.f, by_c[2 * n + j] = d.g;
      by_h[j] = d.c * d.i, by_h[n + j] = d.c * d.f, by_h[2 * n + j] = d.c * d.g;
      by_h[3 * n + j] = d.o;
      diagonal[j] = d.c * gates[n + j], diagonal[n + j] = gates[n + j];
    }
  }
};

}  // namespace lyap::cells
