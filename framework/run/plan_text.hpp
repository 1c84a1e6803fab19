// framework/run/plan_text.hpp - what a plan would do, told to a person; computes nothing.
#pragma once
#include <string>

#include "run/trial.hpp"

namespace lyap::framework {

/// `trials`: how many networks there are. Task, shapes through the network, every weight with its
/// initialiser, who provides the Jacobian, training, and for each measure its cost. Ends with a
/// line break.
std::string plan_text(const Trial& trial, const std::string& trials);

}  // namespace lyap::framework
