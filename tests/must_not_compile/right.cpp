// tests/must_not_compile/right.cpp - the cell that the others spoil.
// must compile
#include "parts.hpp"

const lyap_cell_ops* ops = &lyap::border::CellTable<Doubling>::ops;
