// tests/must_not_compile/parts.hpp - a cell by hand that is right, to be spoilt one part at a time.
#pragma once
#include <lyap/cell_table.hpp>

#ifndef NAME_OF_STEP
#define NAME_OF_STEP step
#endif
#ifndef NAME_OF_TAPE
#define NAME_OF_TAPE Tape
#endif
#ifndef NAME_OF_PULL
#define NAME_OF_PULL pull
#endif
#ifndef JACOBIAN_ARGUMENT
#define JACOBIAN_ARGUMENT lyap::JacobianBlock
#endif

struct Doubling : lyap::ByHand {
#ifndef NO_CONSTRUCTOR
  Doubling(const lyap::Values&, lyap::Index) {
    layout.state("x", 1);
  }
#endif
  template <lyap::Real T>
  struct NAME_OF_TAPE {
    NAME_OF_TAPE(const Doubling&, lyap::Index, lyap::Index) {}
  };
  template <lyap::Real T>
  void bind(NAME_OF_TAPE<T>&, const lyap::Weights<T>&) const {}
  template <lyap::Real T>
  void NAME_OF_STEP(NAME_OF_TAPE<T>&, const lyap::Chunk<T>& chunk) const {
    for (lyap::Index t = 0; t < chunk.count; ++t) chunk.after(t) = 2 * chunk.before(t);
  }
  template <lyap::Real T>
  void push(const NAME_OF_TAPE<T>&, lyap::Point, const lyap::ConstViewOf<T>& state,
            const lyap::ConstViewOf<T>&, lyap::ViewOf<T> out) const {
    if (state.data()) out = 2 * state;
  }
  template <lyap::Real T>
  void NAME_OF_PULL(const NAME_OF_TAPE<T>&, lyap::Point, const lyap::ConstViewOf<T>& bar,
                    lyap::ViewOf<T> state, lyap::ViewOf<T>, const lyap::WeightBars<T>&) const {
    if (state.data()) state = 2 * bar;
  }
  template <lyap::Real T>
  void jacobian(const NAME_OF_TAPE<T>&, const JACOBIAN_ARGUMENT&, lyap::ViewOf<T> out) const {
    out.setConstant(2);
  }
};
