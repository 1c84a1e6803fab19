// framework/sweep/merge.hpp - from the points of a sweep to its table and its studies.
#pragma once
#include <functional>
#include <vector>

#include "sweep/study.hpp"
#include "sweep/sweep_directory.hpp"

namespace lyap::framework {

struct SweepCounts {
  std::int64_t done = 0, diverged = 0, failed = 0, running = 0, pending = 0;
  std::int64_t total() const { return done + diverged + failed + running + pending; }
  bool complete() const { return running == 0 && pending == 0; }
};

/// By what lies on the disk and which claims are held.
SweepCounts counts_of(const SweepDirectory& directory, const std::vector<PlannedPoint>& points);

/// The table of the points that are complete, in the order of the sweep; written as trials.h5 and
/// trials.csv.
Table merge(const SweepDirectory& directory, const std::vector<PlannedPoint>& points, bool arrays);

}  // namespace lyap::framework
