// framework/sweep/worker.hpp - carries out points of a sweep, one after the other.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sweep/sweep_directory.hpp"

namespace lyap::framework {

/// What is left of a point's checkpoints once it is complete.
enum class Keep { Row, Final, Checkpoints };

/// What a worker has to do, the same for all of them.
struct Assignment {
  const PlannedSweep& sweep;
  const SweepDirectory& directory;
  const Catalog& catalog;
  std::vector<std::int64_t> order;  ///< of the points, as they are to be carried out
  Keep keep = Keep::Final;
  RunCommand command;
  std::optional<std::chrono::steady_clock::time_point> until;  ///< no point is begun afterwards
};

/// What became of a point.
struct PointReport {
  enum class What { Begun, Done, Diverged, Failed, Left };
  What what;
  std::int64_t index;
  std::string sentence;  ///< why, unless Begun or Done
};

/// Takes one point after the other that nobody has taken, until none is left, `enough` says so or
/// a stop is asked. Errors of a point are told and recorded, not thrown. A complete point is told
/// once it is published, by another thread, when the next one has begun already.
void carry_out_points(const Assignment& assignment, const Surroundings& surroundings,
                      const std::function<bool()>& enough,
                      const std::function<void(const PointReport&)>& tell);

}  // namespace lyap::framework
