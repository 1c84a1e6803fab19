// framework/run/headline.hpp - a measurement in one line, and the tables it has to show.
#pragma once
#include <string>
#include <vector>

#include "run/results.hpp"

namespace lyap::framework {

/// "spectrum largest -0.12 mean -1.31 smallest -4.9 nats/step; kaplan_yorke 0; ..." - every result
/// along one index, every single number.
std::string headline(const Measurement& measurement);

/// What the analysis says in lines of its own, under the key "table", below the headline.
std::vector<std::string> tables(const Measurement& measurement);

/// The measurement with every rate in nats (and its notes as they are) in bits, x / ln 2: for
/// display alone, files keep nats.
Measurement in_bits(Measurement measurement);

}  // namespace lyap::framework
