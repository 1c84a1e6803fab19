// framework/run/stacked.hpp - arrays of one kind behind each other along a new first axis.
#pragma once
#include <string>
#include <vector>

#include "run/results.hpp"

namespace lyap::framework {

/// One array of all of them, its first axis called `axis`; null is missing, and so is one with
/// fewer axes than others have (of a network that ended before anything was measured); shorter ones
/// are padded with NaN. Name, quantity, doc and notes are those of the first that is there; when
/// none is, a column of NaN.
MeasuredArray stacked(const std::string& axis, const std::vector<const MeasuredArray*>& arrays);

}  // namespace lyap::framework
