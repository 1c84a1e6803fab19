// framework/pipeline/read_trials.hpp - the section `trials` of a pipeline file.
#pragma once
#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"
#include "pipeline/pipeline.hpp"

namespace lyap::framework {

/// What is asked for each network: sweep, task, cell, train, measure, record.
Trials read_trials(const Node& node, Mistakes& mistakes);

/// A list of named steps, `measure` or `study`; only measures may say `at`.
std::vector<Step> read_steps(const Node* list, const std::string& name, Mistakes& mistakes);

}  // namespace lyap::framework
