// framework/pipeline/resolve_study.hpp - the studies of a pipeline: what they are fed with.
#pragma once
#include "pipeline/plan.hpp"

namespace lyap::framework {

/// Fills in `plan.studies` from what is asked. Ports and sources agree when their axes do, but for
/// `seed` and `checkpoint`, which a source may lack; a port without a unit takes every unit.
void resolve_studies(Plan& plan, const Catalog& catalog, Mistakes& mistakes);

}  // namespace lyap::framework
