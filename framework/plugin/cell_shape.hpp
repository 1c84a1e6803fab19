// framework/plugin/cell_shape.hpp - does what a cell says about its extents fit together?
#pragma once
#include <lyap/abi.h>

#include <string>

namespace lyap::framework::checks {

/// The first contradiction in a shape, as a sentence; empty when there is none.
std::string shape_mistake(const lyap_cell_ops& ops, const lyap_cell_shape* shape);

}  // namespace lyap::framework::checks
