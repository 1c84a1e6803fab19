// tests/must_not_compile/no_step.cpp - a cell by hand without a step.
// must say: LYAP_PLUGINS: a hand-written cell needs step<T>(Tape<T>&, const lyap::Chunk<T>&) const
#define NAME_OF_STEP stepp
#include "parts.hpp"

const lyap_cell_ops* ops = &lyap::border::CellTable<Doubling>::ops;
