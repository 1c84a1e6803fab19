// framework/run/record.hpp - a run in a few numbers: one line of a measurement, one row of a table.
#pragma once
#include <string>
#include <vector>

#include "run/results.hpp"

namespace lyap::framework {

struct Plan;
struct RunOutcome;

/// "spectrum largest -0.12 mean -1.31 smallest -4.9 nats/step; kaplan_yorke 0; ..." - every result
/// along one index, every single number.
std::string headline(const Measurement& measurement);

/// What the analysis says in lines of its own, under the key "table", below the headline.
std::vector<std::string> tables(const Measurement& measurement);

/// The measurement with every rate in nats (and its notes as they are) in bits, x / ln 2: for
/// display alone, files keep nats.
Measurement in_bits(Measurement measurement);

/// The columns that the pipeline's `record` names, as JSON: single numbers and arrays, "FILE:ARRAY"
/// for what came in pieces; null where there is nothing or nothing finite.
std::string record_json(const Plan& plan, const RunOutcome& outcome);

}  // namespace lyap::framework
