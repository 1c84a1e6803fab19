// framework/pipeline/references.hpp - the names by which steps refer to each other.
#pragma once
#include "pipeline/mistakes.hpp"
#include "pipeline/pipeline.hpp"

namespace lyap::framework {

/// Adds a mistake for each name that is given twice, and for each reference in `from` and `record`
/// to a step that does not stand above it, a column that is not recorded, a variable that is not
/// swept. Results of steps ("le.spectra") are not looked at: that takes the plugin.
void check_references(const Pipeline& pipeline, Mistakes& mistakes);

}  // namespace lyap::framework
