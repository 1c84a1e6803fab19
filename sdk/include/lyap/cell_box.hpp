// lyap/cell_box.hpp - what stands behind the border's handles of cells and tapes.
#pragma once
#include <memory>
#include <variant>
#include <vector>

#include "lyap/cell_concepts.hpp"
#include "lyap/cell_operands.hpp"

namespace lyap::border {

/// A cell with its shape, behind the border's lyap_cell.
template <IsCell C>
struct CellBox {
  CellBox(const Values& values, Index inputs) : cell(values, inputs) {
    if constexpr (std::derived_from<C, AutoCell>) cell.rehearse(inputs, CellChecks<C>::output);
    shape = cell.layout.shape(inputs, CellChecks<C>::derivative);
  }
  C cell;
  lyap_cell_shape shape;
};

/// A tape in one precision, with what its calls are checked against.
template <IsCell C>
struct TapeBox {
  TapeBox(const CellBox<C>& owner, int dtype, Index steps, Index batch)
      : box(owner), dtype(dtype), steps(steps), batch(batch) {
    if (steps < 1 || batch < 1) throw BadShape("open: a tape needs a step and a sample");
    with_dtype(dtype, [&](auto zero) {
      using T = decltype(zero);
      tape = std::make_unique<TapeOf<C, T>>(box.cell, steps, batch);
    });
  }
  template <Real T>
  TapeOf<C, T>& get() const {
    return *std::get<std::unique_ptr<TapeOf<C, T>>>(tape);
  }
  void expect_bound(const char* call) const {
    if (!bound) throw BadShape(std::string(call) + " before bind: give the weights first");
  }

  const CellBox<C>& box;
  const int dtype;
  const Index steps, batch;
  bool bound = false;
  std::vector<lyap_const_matrix> weights;  // ours: the caller's list ends with its call
  std::variant<std::unique_ptr<TapeOf<C, float>>, std::unique_ptr<TapeOf<C, double>>> tape;
};

}  // namespace lyap::border
