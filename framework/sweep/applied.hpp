// framework/sweep/applied.hpp - a study that was kept in a file, applied to other networks.
#pragma once
#include <filesystem>
#include <string>

#include "run/recognise.hpp"
#include "sweep/points.hpp"
#include "sweep/study.hpp"

namespace lyap::framework {

/// What STEP.safetensors of a sweep says: which analysis made it, in which pipeline, and so how a
/// network has to be measured before it can be judged, and what else lies between the measurement
/// and the analysis.
class AppliedStudy {
 public:
  /// InputError: not a file that a study kept, or one whose analysis cannot be given a file again.
  AppliedStudy(const std::filesystem::path& file, const Catalog& catalog);

  const std::string& step() const { return step_; }
  /// The column of the table that the studies begin with: "spectrum".
  const Column& column() const { return asked_.trials.record.front(); }

  /// The pipeline that measures a network in this way; `inputs`: of sequences of the user's own
  /// (.npy) instead of those of the task, or empty.
  Plan plan_for(const Recognised& network, const std::filesystem::path& weights,
                const std::filesystem::path& inputs) const;
  /// Whether a run was measured in this way: its resolved.json.
  bool measured_alike(const std::filesystem::path& resolved) const;

  /// The last study's results on these networks.
  Measurement apply(const Table& table, const Surroundings& surroundings) const;

 private:
  void keep_what_leads_to(const std::string& step, const std::string& length);

  std::filesystem::path file_;
  const Catalog& catalog_;
  std::string step_;
  Pipeline asked_;  // of the sweep it comes from, without all that does not lead to the step
  Plan plan_;       // its studies
};

}  // namespace lyap::framework
