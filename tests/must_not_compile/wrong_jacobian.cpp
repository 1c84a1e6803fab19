// tests/must_not_compile/wrong_jacobian.cpp - a Jacobian that takes the wrong argument.
// must say: LYAP_PLUGINS: jacobian<T> of a hand-written cell is called as jacobian<T>(const
// Tape<T>&, const lyap::JacobianBlock&, lyap::ViewOf<T> out) const
#define JACOBIAN_ARGUMENT lyap::Point
#include "parts.hpp"

const lyap_cell_ops* ops = &lyap::border::CellTable<Doubling>::ops;
