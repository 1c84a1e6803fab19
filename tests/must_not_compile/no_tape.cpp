// tests/must_not_compile/no_tape.cpp - a cell by hand without a tape.
// must say: LYAP_PLUGINS: a hand-written cell needs template <lyap::Real T> struct Tape
#define NAME_OF_TAPE Notes
#include "parts.hpp"

const lyap_cell_ops* ops = &lyap::border::CellTable<Doubling>::ops;
