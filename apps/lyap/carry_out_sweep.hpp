// apps/lyap/carry_out_sweep.hpp - all points of a sweep, then its table and its studies, told to a
// person.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>

#include "open_sweep.hpp"
#include "sweep/pool.hpp"

namespace lyap::app {

struct SweepRequest {
  std::int64_t jobs = 0;                              ///< 0: one per core
  std::pair<std::int64_t, std::int64_t> shard{1, 1};  ///< the i-th of n
  std::optional<double> seconds;                      ///< no point is begun afterwards
  std::int64_t failures = 0;                          ///< 0: any number
  double point_seconds = 0;                           ///< a longer point has failed; 0: none has
  framework::Keep keep = framework::Keep::Final;
  bool extend = false;
  bool report = true;  ///< write report.html at the end
};

/// Returns the exit code.
int carry_out_sweep(OpenSweep& open, const SweepRequest& request);

/// Table and studies of what is complete; prints what they found, and writes the report.
int merge_sweep(OpenSweep& open, const framework::SweepDirectory& directory, bool arrays,
                bool report);

}  // namespace lyap::app
