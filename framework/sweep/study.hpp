// framework/sweep/study.hpp - what is done once, on the table of all networks.
#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "run/host.hpp"
#include "sweep/table.hpp"

namespace lyap::framework {

/// Runs the studies of a plan one after the other, each fed with columns of the table and results
/// above it; `studies` gets each when it is done. Throws what a measurement throws.
void run_studies(const Plan& plan, const Table& table, const Surroundings& surroundings,
                 std::vector<Measurement>& studies,
                 const std::function<void(const Measurement&)>& tell);

/// study.h5 with all results, study.txt with the tables for people, STEP.safetensors (or
/// STEP-NAME.safetensors) with what a step keeps, `pipeline` being put into its metadata so that it
/// can be applied to networks measured in the same way.
void write_findings(const std::filesystem::path& folder, const std::vector<Measurement>& studies,
                    const std::string& pipeline, const Attributes& of_sweep);

}  // namespace lyap::framework
