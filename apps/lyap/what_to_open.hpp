// apps/lyap/what_to_open.hpp - the end of a run or sweep: which of its files to look into, and how.
#pragma once
#include <filesystem>

#include "terminal.hpp"

namespace lyap::app {

/// Names those that are there of the report, the results, the tables, and the weights.
void tell_what_to_open(const std::filesystem::path& folder, Terminal& terminal);

}  // namespace lyap::app
