// framework/pipeline/resolve_step.hpp - one step: its plugin found, its options checked.
#pragma once
#include "pipeline/plan.hpp"

namespace lyap::framework {

/// Leaves the plugin null after a mistake.
void resolve_step(const Catalog& catalog, int kind, const Step& asked, PlannedStep& planned,
                  Mistakes& mistakes);

/// The input of an analysis that a connection feeds; null after a mistake.
const lyap_port* input_port(const Plugin& analysis, const Connection& connection,
                            Mistakes& mistakes);

/// Whether an analysis works on the table of all networks: it has no port for a network or its
/// task.
bool is_study(const Plugin& analysis);

}  // namespace lyap::framework
