// framework/report/found.hpp - what the folder of a run or of a sweep holds, read back.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/node.hpp"
#include "report/axes.hpp"
#include "report/chart.hpp"
#include "run/provenance.hpp"
#include "sweep/table.hpp"

namespace lyap::framework {

struct Found {
  std::filesystem::path folder;
  bool many = false;        ///< a sweep
  std::string name, about;  ///< of the pipeline
  Node pipeline;            ///< with presets and replacements applied
  Json run;                 ///< run.json, or sweep.json
  Json resolved;            ///< of a run: every setting; of a sweep: those of its first network
  std::vector<Measurement> said;    ///< notes, headlines and tables of every measurement
  std::vector<ResultGroup> groups;  ///< measures of a run, studies of a sweep
  std::vector<Json> metrics;        ///< of a run: one object an epoch
  Table table;                      ///< of a run: one row
  std::vector<std::pair<std::string, std::string>> problems;  ///< files that could not be read

  const ResultGroup* group(const std::string& name) const;
};

/// InputError: neither the folder of a run nor that of a sweep. What is missing in it, because a
/// run was stopped, is left out.
Found read_found(const std::filesystem::path& folder);

}  // namespace lyap::framework
