// tests/broken/faulty_table.hpp - the operations of faulty_cell.hpp as the border's table.
#pragma once
#include <lyap/identity.hpp>

#include <chrono>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <thread>

#include "faulty_cell.hpp"

namespace faulty {

using lyap::lend;
using lyap::view;
using lyap::with_dtype;

inline const FaultyCell& of(const lyap_cell* cell) {
  return *reinterpret_cast<const FaultyCell*>(cell);
}
template <Real T>
FaultyTape<T>& of(const lyap_tape* tape) {
  auto* base = reinterpret_cast<FaultyTapeBase*>(const_cast<lyap_tape*>(tape));
  return *static_cast<FaultyTape<T>*>(base);
}
// Calls f(tape) with the tape in its own precision.
template <class F>
std::int32_t with_tape(const lyap_tape* tape, F f) {
  with_dtype(reinterpret_cast<const FaultyTapeBase*>(tape)->dtype,
             [&](auto zero) { f(of<decltype(zero)>(tape)); });
  return LYAP_OK;
}

template <Fault fault>
lyap_cell* create(const lyap_value* values, std::uint32_t, std::int64_t inputs, lyap_error* error) {
  if (fault == Fault::ThrowsStandard) throw std::runtime_error("no units today");
  if (fault == Fault::ThrowsOther) throw 42;
  if (fault == Fault::SilentNull) return nullptr;
  if (fault == Fault::RefusesDefaults) {
    lyap::border::fail(error, LYAP_BAD_OPTION, "4 units are not enough; give 5");
    return nullptr;
  }
  return reinterpret_cast<lyap_cell*>(new FaultyCell(fault, values[0].integer, inputs));
}
inline void destroy(lyap_cell* cell) {
  delete reinterpret_cast<FaultyCell*>(cell);
}
inline const lyap_cell_shape* shape(const lyap_cell* cell) {
  return &of(cell).shape;
}
inline lyap_tape* open(const lyap_cell* cell, std::int32_t dtype, std::int64_t steps,
                       std::int64_t batch, lyap_error*) {
  FaultyTapeBase* tape = nullptr;
  with_dtype(dtype,
             [&](auto zero) { tape = new FaultyTape<decltype(zero)>(of(cell), steps, batch); });
  return reinterpret_cast<lyap_tape*>(tape);
}
inline void close(lyap_tape* tape) {
  delete reinterpret_cast<FaultyTapeBase*>(tape);
}
inline std::int32_t bind(lyap_tape* tape, const lyap_const_matrix* weights, lyap_error*) {
  return with_tape(tape, [&](auto& t) { t.bind(weights); });
}
inline std::int32_t step(lyap_tape* tape, const lyap_chunk* chunk, lyap_error*) {
  return with_tape(tape, [&](auto& t) {
    if (t.cell->fault == Fault::Crashes) std::abort();
    if (t.cell->fault == Fault::EndsProcess) std::_Exit(3);
    while (t.cell->fault == Fault::Hangs) std::this_thread::sleep_for(std::chrono::seconds(1));
    t.step(*chunk);
  });
}

template <Real T>
VectorOf<T> column(const lyap_const_matrix& m, Index j) {
  return m.data ? VectorOf<T>(view<T>(m).col(j)) : VectorOf<T>();
}

inline std::int32_t push(const lyap_tape* tape, lyap_point point, lyap_const_matrix ds,
                         lyap_const_matrix dx, lyap_matrix out, lyap_error*) {
  return with_tape(tape, [&]<class T>(const FaultyTape<T>& t) {
    const Index k = out.cols / point.samples;
    for (Index j = 0; j < out.cols; ++j) {
      VectorOf<T> v = column<T>(ds, j);
      if (v.size() == 0) v = VectorOf<T>::Zero(2 * t.cell->units);
      view<T>(out).col(j) = t.push(point.t * t.batch + point.first + j / k, v, column<T>(dx, j));
    }
  });
}
inline std::int32_t pull(const lyap_tape* tape, lyap_point point, lyap_const_matrix bar,
                         lyap_matrix out_state, lyap_matrix out_input,
                         const lyap_matrix* weight_bars, lyap_error*) {
  return with_tape(tape, [&]<class T>(const FaultyTape<T>& t) {
    const Index k = bar.cols / point.samples;
    for (Index j = 0; j < bar.cols; ++j) {
      const Index at = point.t * t.batch + point.first + j / k;
      const VectorOf<T> all = t.pull(at, column<T>(bar, j), weight_bars);
      if (out_state.data) view<T>(out_state).col(j) = all.head(2 * t.cell->units);
      if (out_input.data) view<T>(out_input).col(j) = all.tail(t.cell->inputs);
    }
  });
}
inline std::int32_t jacobian(const lyap_tape* tape, const lyap_block_request* request,
                             lyap_matrix out, lyap_error*) {
  return with_tape(tape, [&]<class T>(const FaultyTape<T>& t) {
    const Index n = t.cell->units;
    const auto rows_of = [n](std::uint64_t blocks) {
      std::vector<Index> rows;
      for (Index i = 0; i < 2 * n; ++i)
        if (blocks >> (i / n) & 1) rows.push_back(i);
      return rows;
    };
    const auto rows = rows_of(request->row_blocks), cols = rows_of(request->column_blocks);
    const bool ordered = request->column_order && t.cell->fault != Fault::IgnoresColumnOrder;
    for (Index j = 0; j < out.cols; ++j) {
      const Index c = cols[ordered ? request->column_order[j] : j];
      const VectorOf<T> image = t.push(request->t * t.batch + request->sample,
                                       VectorOf<T>::Unit(2 * n, c), VectorOf<T>());
      for (Index i = 0; i < out.rows; ++i)
        view<T>(out)(i, j) = image(rows[request->row_order ? request->row_order[i] : i]);
    }
  });
}
inline std::int32_t backward(lyap_tape* tape, std::int64_t at, std::int64_t count, lyap_matrix bars,
                             lyap_matrix state_bar, lyap_matrix input_bars,
                             const lyap_matrix* weight_bars, lyap_error*) {
  return with_tape(tape, [&]<class T>(const FaultyTape<T>& t) {
    MatrixOf<T> carried = MatrixOf<T>::Zero(2 * t.cell->units, t.batch);
    for (Index step = count - 1; step >= 0; --step)
      for (Index b = 0; b < t.batch; ++b) {
        auto bar = view<T>(bars).col(step * t.batch + b);
        bar += carried.col(b);
        const VectorOf<T> all = t.pull((at + step) * t.batch + b, bar, weight_bars);
        carried.col(b) = all.head(2 * t.cell->units);
        if (input_bars.data) view<T>(input_bars).col(step * t.batch + b) = all.tail(t.cell->inputs);
      }
    if (t.cell->fault == Fault::BackwardDropsState) carried *= T(0.5);
    if (state_bar.data) view<T>(state_bar) = carried;
  });
}

inline std::int32_t output(const lyap_cell* cell, const lyap_const_matrix* weights,
                           lyap_const_matrix state, lyap_matrix out, lyap_error*) {
  with_dtype(out.dtype, [&](auto zero) {
    using T = decltype(zero);
    const T gain = view<T>(weights[3])(0, 0);
    view<T>(out) = gain * view<T>(state).topRows(of(cell).units).array().sin().matrix();
  });
  return LYAP_OK;
}
inline std::int32_t output_push(const lyap_cell* cell, const lyap_const_matrix* weights,
                                lyap_const_matrix state, lyap_const_matrix tangent, lyap_matrix out,
                                lyap_error*) {
  with_dtype(out.dtype, [&](auto zero) {
    using T = decltype(zero);
    const Index n = of(cell).units, k = tangent.cols / state.cols;
    const T gain = of(cell).fault == Fault::WrongOutputPush ? T(1) : view<T>(weights[3])(0, 0);
    for (Index j = 0; j < tangent.cols; ++j)
      view<T>(out).col(j) = gain * view<T>(state).col(j / k).head(n).array().cos() *
                            view<T>(tangent).col(j).head(n).array();
  });
  return LYAP_OK;
}
inline std::int32_t output_pull(const lyap_cell* cell, const lyap_const_matrix* weights,
                                lyap_const_matrix state, lyap_const_matrix bar,
                                lyap_matrix state_bar, const lyap_matrix* weight_bars,
                                lyap_error*) {
  with_dtype(bar.dtype, [&](auto zero) {
    using T = decltype(zero);
    const Index n = of(cell).units;
    const auto h = view<T>(state).topRows(n).array();
    const auto u = view<T>(bar).array();
    view<T>(state_bar).topRows(n).array() += view<T>(weights[3])(0, 0) * h.cos() * u;
    if (weight_bars) view<T>(weight_bars[3])(0, 0) += (h.sin() * u).sum();
  });
  return LYAP_OK;
}
inline std::int32_t project(const lyap_cell* cell, const lyap_projection* p, lyap_error*) {
  with_dtype(p->weights[1].dtype, [&](auto zero) {
    using T = decltype(zero);
    view<T>(p->weights[1]).normalize();
    if (of(cell).fault == Fault::ProjectsToNan)
      view<T>(p->weights[1])(0, 0) = std::numeric_limits<T>::quiet_NaN();
  });
  return LYAP_OK;
}
inline std::int32_t start(const lyap_cell* cell, const lyap_const_matrix* weights,
                          lyap_const_matrix normal, lyap_matrix state, lyap_error*) {
  static int calls = 0;
  with_dtype(state.dtype, [&](auto zero) {
    using T = decltype(zero);
    const Index n = of(cell).units;
    view<T>(state) = T(0.1) * view<T>(normal);
    view<T>(state).topRows(n).colwise() += VectorOf<T>(view<T>(weights[4]).array().tanh());
    if (of(cell).fault == Fault::StartsAnew) view<T>(state)(0, 0) += T(++calls);
  });
  return LYAP_OK;
}
inline std::int32_t start_pull(const lyap_cell* cell, const lyap_const_matrix* weights,
                               lyap_const_matrix bar, const lyap_matrix* weight_bars, lyap_error*) {
  with_dtype(bar.dtype, [&](auto zero) {
    using T = decltype(zero);
    const Index n = of(cell).units;
    view<T>(weight_bars[4]).array() += view<T>(bar).topRows(n).rowwise().sum().array() *
                                       (T(1) - view<T>(weights[4]).array().tanh().square());
  });
  return LYAP_OK;
}

template <Fault fault>
constexpr lyap_cell_ops table = [] {
  lyap_cell_ops ops{};
  ops.size = sizeof ops;
  ops.create = create<fault>, ops.destroy = destroy, ops.shape = shape;
  ops.open = open, ops.close = close, ops.bind = bind, ops.step = step;
  if (fault == Fault::WithoutDerivatives) return ops;
  ops.push = push, ops.pull = pull, ops.jacobian = jacobian, ops.backward = backward;
  ops.output = output, ops.output_push = output_push, ops.output_pull = output_pull;
  ops.project = project, ops.start = start, ops.start_pull = start_pull;
  return ops;
}();

inline constexpr lyap_option units{"units", "hidden units", "", "4", nullptr, 1,
                                   64,      LYAP_INTEGER,   0};

template <Fault fault>
constexpr lyap_plugin plugin(const char* id) {
  return {sizeof(lyap_plugin), LYAP_CELL, id,      "1.0.0", "A small cell",
          "tests/broken",      &units,    nullptr, 1,       0,
          &table<fault>};
}

}  // namespace faulty

// The end of a library whose plugins stand in the array `plugins`.
#define FAULTY_LIBRARY                                                                             \
  extern "C" {                                                                                     \
  __attribute__((used, section(LYAP_LIBRARY_SECTION))) static constexpr lyap_identity in_section = \
      lyap::border::identity();                                                                    \
  __attribute__((visibility("default"))) extern const lyap_library lyap_library_v1;                \
  const lyap_library lyap_library_v1{lyap::border::identity(), std::size(plugins), 0,              \
                                     [](std::uint32_t i) -> const lyap_plugin* {                   \
                                       return i < std::size(plugins) ? &plugins[i] : nullptr;      \
                                     }};                                                           \
  }
