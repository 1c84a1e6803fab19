// framework/sweep/pool.hpp - worker processes that share the points of a sweep.
#pragma once
#include <functional>
#include <string>

#include "run/host.hpp"
#include "sweep/worker.hpp"

namespace lyap::framework {

struct PoolSettings {
  int jobs = 1;               ///< processes
  int threads = 1;            ///< of each
  std::int64_t failures = 0;  ///< after so many failed points none is begun; 0 = go on
  double point_seconds = 0;   ///< a point that takes longer has failed; 0 = however long
};

/// What the workers of this pool did.
struct PoolOutcome {
  std::int64_t done = 0, diverged = 0, failed = 0, left = 0;
  bool stopped = false;  ///< by Ctrl-C
};

/// Forks the workers, which therefore share what has been read before, tells what they report, and
/// returns when all have ended. A worker that is ended by its plugin's mistake (SIGSEGV, exit() and
/// the like), or that takes too long over its point, fails it and is replaced; one that is killed
/// from outside (SIGKILL) is replaced, and its point is tried again up to five times. The workers
/// die with this process. The surroundings' `workers` are not used: every process makes its own.
PoolOutcome run_pool(const Assignment& assignment, const Surroundings& surroundings,
                     const PoolSettings& settings,
                     const std::function<void(const PointReport&)>& tell,
                     const std::function<void()>& every_second);

}  // namespace lyap::framework
