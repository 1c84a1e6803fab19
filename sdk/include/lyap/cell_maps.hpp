// lyap/cell_maps.hpp - the border's functions around a cell's optional maps: output, project,
// start.
#pragma once
#include "lyap/cell_box.hpp"

namespace lyap::border {

template <IsCell C>
struct CellMaps {
  static const CellBox<C>& box(const lyap_cell* c) {
    return *reinterpret_cast<const CellBox<C>*>(c);
  }

  static std::int32_t output(const lyap_cell* c, const lyap_const_matrix* weights,
                             lyap_const_matrix state, lyap_matrix out, lyap_error* error) {
    const lyap_cell_shape& s = box(c).shape;
    return guarded(error, [&] {
      expect_weights(weights, s, "output", state.dtype);
      expect(state, "output", "state", s.state, state.cols, state.dtype);
      expect(out, "output", "out", s.outputs, state.cols, state.dtype);
      with_dtype(state.dtype, [&](auto zero) {
        using T = decltype(zero);
        box(c).cell.template output<T>(Weights<T>(weights), view<T>(state), view<T>(out));
      });
    });
  }
  static std::int32_t output_push(const lyap_cell* c, const lyap_const_matrix* weights,
                                  lyap_const_matrix state, lyap_const_matrix tangent,
                                  lyap_matrix out, lyap_error* error) {
    const lyap_cell_shape& s = box(c).shape;
    return guarded(error, [&] {
      expect_weights(weights, s, "output_push", state.dtype);
      expect(state, "output_push", "state", s.state, state.cols, state.dtype);
      per_sample("output_push", "tangent", tangent.cols, state.cols);
      expect(tangent, "output_push", "tangent", s.state, tangent.cols, state.dtype);
      expect(out, "output_push", "out", s.outputs, tangent.cols, state.dtype);
      with_dtype(state.dtype, [&](auto zero) {
        using T = decltype(zero);
        box(c).cell.template output_push<T>(Weights<T>(weights), view<T>(state), view<T>(tangent),
                                            view<T>(out));
      });
    });
  }
  static std::int32_t output_pull(const lyap_cell* c, const lyap_const_matrix* weights,
                                  lyap_const_matrix state, lyap_const_matrix bar,
                                  lyap_matrix state_bar, const lyap_matrix* weight_bars,
                                  lyap_error* error) {
    const lyap_cell_shape& s = box(c).shape;
    return guarded(error, [&] {
      expect_weights(weights, s, "output_pull", state.dtype);
      expect(state, "output_pull", "state", s.state, state.cols, state.dtype);
      per_sample("output_pull", "bar", bar.cols, state.cols);
      expect(bar, "output_pull", "bar", s.outputs, bar.cols, state.dtype);
      expect(state_bar, "output_pull", "state_bar", s.state, bar.cols, state.dtype);
      expect_weights_or_none(weight_bars, s, "output_pull", state.dtype);
      with_dtype(state.dtype, [&](auto zero) {
        using T = decltype(zero);
        box(c).cell.template output_pull<T>(Weights<T>(weights), view<T>(state), view<T>(bar),
                                            view<T>(state_bar), WeightBars<T>(weight_bars));
      });
    });
  }

  static std::int32_t project(const lyap_cell* c, const lyap_projection* p, lyap_error* error) {
    const lyap_cell_shape& s = box(c).shape;
    return guarded(error, [&] {
      const int dtype = s.weight_count > 0 ? p->weights[0].dtype : static_cast<int>(LYAP_F64);
      expect_weights(p->weights, s, "project", dtype);
      expect_weights(p->previous, s, "project", dtype);
      expect_weights_or_none(p->gradients, s, "project", dtype);
      with_dtype(dtype, [&](auto zero) {
        using T = decltype(zero);
        box(c).cell.template project<T>({p->weights, p->previous, p->gradients, p->learning_rate});
      });
    });
  }

  static std::int32_t start(const lyap_cell* c, const lyap_const_matrix* weights,
                            lyap_const_matrix normal, lyap_matrix state, lyap_error* error) {
    const lyap_cell_shape& s = box(c).shape;
    return guarded(error, [&] {
      expect_weights(weights, s, "start", state.dtype);
      expect_or_none(normal, "start", "normal", s.state, state.cols, state.dtype);
      expect(state, "start", "state", s.state, state.cols, state.dtype);
      with_dtype(state.dtype, [&](auto zero) {
        using T = decltype(zero);
        box(c).cell.template start<T>(Weights<T>(weights), view<T>(normal), view<T>(state));
      });
    });
  }
  static std::int32_t start_pull(const lyap_cell* c, const lyap_const_matrix* weights,
                                 lyap_const_matrix state_bar, const lyap_matrix* weight_bars,
                                 lyap_error* error) {
    const lyap_cell_shape& s = box(c).shape;
    return guarded(error, [&] {
      expect_weights(weights, s, "start_pull", state_bar.dtype);
      expect(state_bar, "start_pull", "state_bar", s.state, state_bar.cols, state_bar.dtype);
      expect_weights_or_none(weight_bars, s, "start_pull", state_bar.dtype);
      with_dtype(state_bar.dtype, [&](auto zero) {
        using T = decltype(zero);
        box(c).cell.template start_pull<T>(Weights<T>(weights), view<T>(state_bar),
                                           WeightBars<T>(weight_bars));
      });
    });
  }
};

}  // namespace lyap::border
