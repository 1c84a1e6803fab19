// framework/sweep/configuration.hpp - what a sweep's networks depend on, to be compared with what
// is asked now.
#pragma once
#include <map>
#include <string>

#include "pipeline/node.hpp"

namespace lyap::framework {

/// "trials.cell.with.units": "64" for every value of the tree that a network depends on: studies,
/// report, name and about may change without a point having to be carried out again.
std::map<std::string, std::string> configuration_of(const Node& tree);

/// One line a difference: "trials.cell.with.units: 64 there, 128 here".
std::string differences(const std::map<std::string, std::string>& there,
                        const std::map<std::string, std::string>& here);

}  // namespace lyap::framework
