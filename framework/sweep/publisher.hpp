// framework/sweep/publisher.hpp - complete points on their way to the disk, beside the work on the
// next ones.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sweep/claims.hpp"
#include "sweep/sweep_directory.hpp"
#include "sweep/worker.hpp"

namespace lyap::framework {

/// A thread that publishes points and then tells of them. Those that have become complete while it
/// waited for the disk go there together. [Networks of 4 ms: their worker slept a quarter of its
/// time, waiting for the disk itself]
class Publisher {
 public:
  Publisher(const SweepDirectory& directory, Claims& claims,
            const std::function<void(const PointReport&)>& tell)
      : directory_(directory), claims_(claims), tell_(tell) {}
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  /// Publishes what it was given.
  ~Publisher();

  /// `id` is claimed until it is published; `done`: what is told then. Waits when the disk cannot
  /// keep up.
  void add(const std::string& id, PointReport done);

 private:
  struct Complete {
    std::string id;
    PointReport done;
  };
  void run();
  void publish(std::vector<Complete>& points);
  void publish_alone(Complete& point);

  static constexpr std::size_t most_waiting = 32;

  const SweepDirectory& directory_;
  Claims& claims_;
  const std::function<void(const PointReport&)>& tell_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Complete> waiting_;
  bool closed_ = false;
  std::thread thread_{[this] { run(); }};  // last: it begins with all the others made
};

}  // namespace lyap::framework
