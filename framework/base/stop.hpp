// framework/base/stop.hpp - a request to stop, which long computations look at between two steps.
#pragma once
#include <atomic>

namespace lyap::framework {

class Stop {
 public:
  bool asked() const noexcept { return asked_.load(std::memory_order_relaxed); }
  void ask() noexcept { asked_.store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> asked_ = false;
};

/// From now on the first Ctrl-C or SIGTERM asks this to stop, and the next one ends the process at
/// once with exit code 130.  For main() alone, which passes the flag on.
const Stop& stop_on_signals();

}  // namespace lyap::framework
