// framework/plugin/rehearsal.hpp - every operation of a cell once, with watched buffers.
#pragma once
#include <string>
#include <vector>

#include "plugin/cell_trial.hpp"
#include "plugin/guarded.hpp"

namespace lyap::framework::checks {

/// What came of a rehearsal.
template <Real T>
struct Rehearsal {
  struct Result {
    std::string name;  ///< "states of step"
    MatrixOf<T> values;
  };
  std::vector<Result> results;
  std::vector<std::string> changed;    ///< operands that were to be read only
  std::vector<std::string> overrun;    ///< operands with something written beside them
  std::vector<std::string> unwritten;  ///< results with entries that were not overwritten
};

enum class Arguments { Kept, SpoiltAfterCalls };

/// bind, step, push, pull, jacobian and backward, as far as the cell has them, with all operands in
/// that layout. Spoilt: of what was lent for a call only, nothing is what it was once it has
/// returned.
template <Real T>
Rehearsal<T> rehearse(const MadeCell& cell, const Setting<T>& setting, Layout layout,
                      Arguments arguments);

}  // namespace lyap::framework::checks
