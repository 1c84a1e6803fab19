// tests/must_not_compile/no_equations.cpp - a recorded cell without equations.
// must say: LYAP_PLUGINS: a recorded cell writes void equations(lyap::Step&) const override
#include <lyap/cell_table.hpp>

struct Silent : lyap::AutoCell {
  Silent(const lyap::Values&, lyap::Index) { layout.state("x", 1); }
};

const lyap_cell_ops* ops = &lyap::border::CellTable<Silent>::ops;
