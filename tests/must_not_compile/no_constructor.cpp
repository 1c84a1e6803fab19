// tests/must_not_compile/no_constructor.cpp - a cell that cannot be made from options.
// must say: LYAP_PLUGINS: a cell is constructed from (const lyap::Values&, lyap::Index inputs)
#define NO_CONSTRUCTOR
#include "parts.hpp"

const lyap_cell_ops* ops = &lyap::border::CellTable<Doubling>::ops;
