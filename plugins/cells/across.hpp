// plugins/cells/across.hpp - several vectors side by side: the numbers of one row fill a register.
#pragma once
#include <array>
#include <cstddef>
#include <lyap/lyap.hpp>
#include <utility>

namespace lyap::cells {

/// The numbers of one row, of as many vectors as `count`.
template <Real T>
struct alignas(64) Across {
  using Numbers [[gnu::vector_size(64)]] = T;
  static constexpr Index count = 64 / sizeof(T);
  Numbers numbers;
};

namespace across {

/// Where each vector is.
template <class Number>
using Places = std::array<Number*, 64 / sizeof(Number)>;

struct Gather {
  template <Real T>
  [[gnu::always_inline]] static void run(const Places<const T>* from, T factor, Index rows,
                                         Across<T>* to) {
    gather(*from, factor, rows, to, std::make_index_sequence<Across<T>::count>{});
  }
  template <Real T, std::size_t... b>
  [[gnu::always_inline]] static void gather(const Places<const T> from, T factor, Index rows,
                                            Across<T>* to, std::index_sequence<b...>) {
    for (Index i = 0; i < rows; ++i)
      to[i].numbers = typename Across<T>::Numbers{from[b][i]...} * factor;
  }
};

}  // namespace across

/// Row i of `to`: factor times row i of m, which has at most Across::count columns; what stands
/// beside them is of no account.
template <Real T>
void gather(const ConstViewOf<T>& m, T factor, Across<T>* to) {
  across::Places<const T> from;
  for (Index b = 0; b < Across<T>::count; ++b)
    from[static_cast<std::size_t>(b)] = m.data() + (b < m.cols() ? b : 0) * m.outerStride();
  run_wide<across::Gather>(static_cast<const across::Places<const T>*>(&from), factor, m.rows(),
                           to);
}
/// The columns of m, from the rows of `from`.
template <Real T>
void scatter(const Across<T>* from, ViewOf<T> m) {
  for (Index b = 0; b < m.cols(); ++b) {
    T* const column = m.data() + b * m.outerStride();
    for (Index i = 0; i < m.rows(); ++i) column[i] = from[i].numbers[b];
  }
}

}  // namespace lyap::cells
