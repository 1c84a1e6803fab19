// lyap/cell_table.hpp - the border's table of functions around a C++ cell.
#pragma once
#include <vector>

#include "lyap/cell_maps.hpp"

namespace lyap::border {

template <IsCell C>
struct CellTable : private CellChecks<C> {
  using Has = CellChecks<C>;

  using Box = CellBox<C>;
  using Opened = TapeBox<C>;
  static const Box& box(const lyap_cell* c) { return *reinterpret_cast<const Box*>(c); }
  static Opened& opened(lyap_tape* t) { return *reinterpret_cast<Opened*>(t); }
  static const Opened& opened(const lyap_tape* t) { return *reinterpret_cast<const Opened*>(t); }

  static lyap_cell* create(const lyap_value* values, std::uint32_t count, std::int64_t inputs,
                           lyap_error* error) {
    Box* made = nullptr;
    guarded(error, [&] { made = new Box(Values(values, count), inputs); });
    return reinterpret_cast<lyap_cell*>(made);
  }
  static void destroy(lyap_cell* c) { delete reinterpret_cast<Box*>(c); }
  static const lyap_cell_shape* shape(const lyap_cell* c) { return &box(c).shape; }

  static lyap_tape* open(const lyap_cell* c, std::int32_t dtype, std::int64_t steps,
                         std::int64_t batch, lyap_error* error) {
    Opened* made = nullptr;
    guarded(error, [&] { made = new Opened(box(c), dtype, steps, batch); });
    return reinterpret_cast<lyap_tape*>(made);
  }
  static void close(lyap_tape* t) { delete reinterpret_cast<Opened*>(t); }

  static std::int32_t bind(lyap_tape* t, const lyap_const_matrix* weights, lyap_error* error) {
    Opened& o = opened(t);
    return guarded(error, [&] {
      expect_weights(weights, o.box.shape, "bind", o.dtype);
      o.weights.assign(weights, weights + o.box.shape.weight_count);
      with_dtype(o.dtype, [&](auto zero) {
        using T = decltype(zero);
        o.box.cell.template bind<T>(o.template get<T>(), Weights<T>(o.weights.data()));
      });
      o.bound = true;
    });
  }

  static std::int32_t step(lyap_tape* t, const lyap_chunk* chunk, lyap_error* error) {
    Opened& o = opened(t);
    return guarded(error, [&] {
      const lyap_cell_shape& s = o.box.shape;
      o.expect_bound("step");
      expect_range("step", "steps", chunk->at, chunk->count, o.steps);
      const Index cols = chunk->count * o.batch;
      expect(chunk->state, "step", "state", s.state, o.batch, o.dtype);
      if (s.inputs > 0) expect(chunk->input, "step", "input", s.inputs, cols, o.dtype);
      expect_or_none(chunk->normal, "step", "normal", s.normal, cols, o.dtype);
      expect_or_none(chunk->uniform, "step", "uniform", s.uniform, cols, o.dtype);
      expect(chunk->states, "step", "states", s.state, cols, o.dtype);
      with_dtype(o.dtype, [&](auto zero) {
        using T = decltype(zero);
        o.box.cell.template step<T>(
            o.template get<T>(),
            {chunk->at, chunk->count, o.batch, view<T>(chunk->state), view<T>(chunk->input),
             view<T>(chunk->normal), view<T>(chunk->uniform), view<T>(chunk->states)});
      });
    });
  }

  static std::int32_t push(const lyap_tape* t, lyap_point at, lyap_const_matrix state,
                           lyap_const_matrix input, lyap_matrix out, lyap_error* error) {
    const Opened& o = opened(t);
    return guarded(error, [&] {
      expect_point("push", o, at);
      per_sample("push", "out", out.cols, at.samples);
      expect_or_none(state, "push", "in_state", o.box.shape.state, out.cols, o.dtype);
      expect_or_none(input, "push", "in_input", o.box.shape.inputs, out.cols, o.dtype);
      expect(out, "push", "out", o.box.shape.state, out.cols, o.dtype);
      with_dtype(o.dtype, [&](auto zero) {
        using T = decltype(zero);
        o.box.cell.template push<T>(o.template get<T>(), {at.t, at.first, at.samples},
                                    view<T>(state), view<T>(input), view<T>(out));
      });
    });
  }

  static std::int32_t pull(const lyap_tape* t, lyap_point at, lyap_const_matrix bar,
                           lyap_matrix out_state, lyap_matrix out_input,
                           const lyap_matrix* weight_bars, lyap_error* error) {
    const Opened& o = opened(t);
    return guarded(error, [&] {
      expect_point("pull", o, at);
      per_sample("pull", "bar", bar.cols, at.samples);
      expect(bar, "pull", "bar", o.box.shape.state, bar.cols, o.dtype);
      expect_or_none(out_state, "pull", "out_state", o.box.shape.state, bar.cols, o.dtype);
      expect_or_none(out_input, "pull", "out_input", o.box.shape.inputs, bar.cols, o.dtype);
      expect_weights_or_none(weight_bars, o.box.shape, "pull", o.dtype);
      with_dtype(o.dtype, [&](auto zero) {
        using T = decltype(zero);
        o.box.cell.template pull<T>(o.template get<T>(), {at.t, at.first, at.samples}, view<T>(bar),
                                    view<T>(out_state), view<T>(out_input),
                                    WeightBars<T>(weight_bars));
      });
    });
  }

  static std::int32_t jacobian(const lyap_tape* t, const lyap_block_request* request,
                               lyap_matrix out, lyap_error* error) {
    const Opened& o = opened(t);
    return guarded(error, [&] {
      expect_point("jacobian", o, {request->t, request->sample, 1});
      expect(out, "jacobian", "out", out.rows, out.cols, o.dtype);
      thread_local std::vector<Index> rows, columns;
      choose(o.box.shape, request->row_blocks, request->row_order, out.rows, "rows", rows);
      choose(o.box.shape, request->column_blocks, request->column_order, out.cols, "columns",
             columns);
      bool in_order = true;
      for (std::size_t i = 1; i < rows.size(); ++i) in_order &= rows[i] == rows[i - 1] + 1;
      with_dtype(o.dtype, [&](auto zero) {
        using T = decltype(zero);
        o.box.cell.template jacobian<T>(o.template get<T>(),
                                        {request->t, request->sample, rows, columns, in_order},
                                        view<T>(out));
      });
    });
  }

  static std::int32_t backward(lyap_tape* t, std::int64_t at, std::int64_t count, lyap_matrix bars,
                               lyap_matrix state_bar, lyap_matrix input_bars,
                               const lyap_matrix* weight_bars, lyap_error* error) {
    Opened& o = opened(t);
    return guarded(error, [&] {
      const lyap_cell_shape& s = o.box.shape;
      o.expect_bound("backward");
      expect_range("backward", "steps", at, count, o.steps);
      expect(bars, "backward", "bars", s.state, count * o.batch, o.dtype);
      expect_or_none(state_bar, "backward", "state_bar", s.state, o.batch, o.dtype);
      expect_or_none(input_bars, "backward", "input_bars", s.inputs, count * o.batch, o.dtype);
      expect_weights_or_none(weight_bars, s, "backward", o.dtype);
      with_dtype(o.dtype, [&](auto zero) {
        using T = decltype(zero);
        o.box.cell.template backward<T>(o.template get<T>(), at, count, view<T>(bars),
                                        view<T>(state_bar), view<T>(input_bars),
                                        WeightBars<T>(weight_bars));
      });
    });
  }

  static void expect_point(const char* call, const Opened& o, lyap_point at) {
    o.expect_bound(call);
    expect_range(call, "steps", at.t, 1, o.steps);
    expect_range(call, "samples", at.first, at.samples, o.batch);
  }

  /// What the cell has; null for the rest.
  static constexpr lyap_cell_ops table() {
    lyap_cell_ops t{};
    t.size = sizeof t;
    t.create = create, t.destroy = destroy, t.shape = shape;
    t.open = open, t.close = close, t.bind = bind, t.step = step;
    if constexpr (Has::push) t.push = push, t.pull = pull;
    if constexpr (Has::jacobian) t.jacobian = jacobian;
    if constexpr (Has::backward) t.backward = backward;
    using Maps = CellMaps<C>;
    if constexpr (Has::output) {
      t.output = Maps::output, t.output_push = Maps::output_push;
      t.output_pull = Maps::output_pull;
    }
    if constexpr (Has::project) t.project = Maps::project;
    if constexpr (Has::start) t.start = Maps::start;
    if constexpr (Has::start_pull) t.start_pull = Maps::start_pull;
    return t;
  }
  static constexpr lyap_cell_ops ops = table();
};

}  // namespace lyap::border
