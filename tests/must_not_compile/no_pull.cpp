// tests/must_not_compile/no_pull.cpp - a cell by hand that goes forwards only.
// must say: LYAP_PLUGINS: a hand-written cell has both push<T> and pull<T> or neither
#define NAME_OF_PULL pool
#include "parts.hpp"

const lyap_cell_ops* ops = &lyap::border::CellTable<Doubling>::ops;
