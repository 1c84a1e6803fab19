// framework/report/said_tables.hpp - the tables that analyses wrote beside their numbers.
#pragma once
#include "report/found.hpp"
#include "report/section.hpp"

namespace lyap::framework {

/// Those of one measure or study, called "NAME, CHECKPOINT"; of more than four checkpoints those of
/// the last one.
std::vector<ReportTable> said_tables(const Found& found, const std::string& name);

}  // namespace lyap::framework
