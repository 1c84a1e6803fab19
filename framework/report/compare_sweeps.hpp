// framework/report/compare_sweeps.hpp - the networks of several sweeps beside each other.
#pragma once
#include <string>
#include <vector>

#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// How the figure of training is distributed in each sweep, and the median of every spectral column
/// with its quartiles; folders of runs are left out. `names` are those of the folders.
Section compared_sweeps(const std::vector<Found>& folders, const std::vector<std::string>& names);

}  // namespace lyap::framework
