// plugins/cells/each_sample.hpp - an elementwise loop over the columns of several matrices.
#pragma once
#include <lyap/lyap.hpp>
#include <lyap/tiles.hpp>

namespace lyap::cells {

/// A column of a matrix, and how far it is to the next.
template <class Number>
struct Walk {
  Number* column;
  Index stride;
};
/// From row `row` of every column.
template <Real T>
Walk<T> walk(const ViewOf<T>& m, Index row = 0) {
  return {entry(m, row, 0), m.outerStride()};
}
template <Real T>
Walk<const T> walk(const ConstViewOf<T>& m, Index row = 0) {
  return {entry(m, row, 0), m.outerStride()};
}

/// Loop::run(columns..., n) for sample after sample.
template <class Loop>
struct EachSample {
  template <class... Number>
  [[gnu::always_inline]] static void run(Index samples, Index n, Walk<Number>... walks) {
    for (Index s = 0; s < samples; ++s) Loop::run((walks.column + s * walks.stride)..., n);
  }
};

/// That, with one choice of code for all samples, which the 64 numbers of a small cell's column
/// would feel.
template <class Loop, class... Number>
void run_each_sample(Index samples, Index n, Walk<Number>... walks) {
  run_beside_products<EachSample<Loop>>(samples, n, walks...);
}

}  // namespace lyap::cells
