// plugins/cells/across.hpp - several vectors side by side: the numbers of one row fill a register.
#pragma once
#include <array>
#include <cstddef>
#include <cstring>
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

/// As many rows at a time as fill a register.
struct Scatter {
  template <Real T>
  [[gnu::always_inline]] static void run(const Across<T>* from, Index rows, Index columns, T* to,
                                         Index stride) {
    scatter(from, rows, columns, to, stride, std::make_index_sequence<Across<T>::count>{});
  }
  template <Real T, std::size_t... row>
  [[gnu::always_inline]] static void scatter(const Across<T>* from, Index rows, Index columns,
                                             T* to, Index stride, std::index_sequence<row...>) {
    Index i = 0;
    for (; i + Across<T>::count <= rows; i += Across<T>::count)
      for (Index b = 0; b < columns; ++b) {
        const typename Across<T>::Numbers column{from[i + Index{row}].numbers[b]...};
        std::memcpy(to + b * stride + i, &column, sizeof column);
      }
    for (; i < rows; ++i)
      for (Index b = 0; b < columns; ++b) to[b * stride + i] = from[i].numbers[b];
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
  run_wide<across::Scatter>(from, m.rows(), m.cols(), m.data(), m.outerStride());
}

}  // namespace lyap::cells
