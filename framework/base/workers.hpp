// framework/base/workers.hpp - a fixed set of threads that share the items of a loop.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lyap::framework {

/// `count` workers: the calling thread and count-1 threads of its own that sleep between loops, but
/// for the first moments after one: the next may follow at once, as in training.
class Workers {
 public:
  /// What is done with one item; `worker` in 0 .. count()-1 is never in two items at a time.
  using Work = std::function<void(std::int64_t item, int worker)>;

  /// Error: the system will not start that many threads.
  explicit Workers(int count);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  int count() const { return static_cast<int>(threads_.size()) + 1; }

  /// Returns when all items 0 .. items-1 are done, begun in that order.  After an exception no new
  /// item is begun, and the exception of the lowest item is thrown here, however many workers there
  /// are.  A call from inside an item runs in that worker alone; calls from other threads take
  /// turns.
  void parallel_for(std::int64_t items, const Work& work);

 private:
  struct Loop;

  void sleep_and_serve(int worker);
  void stop_threads();

  std::vector<std::thread> threads_;
  std::mutex one_loop_at_a_time_;
  std::mutex mutex_;  // guards what follows; atomic is what may be looked at without it
  std::condition_variable loop_begun_;
  std::condition_variable loop_left_;
  Loop* loop_ = nullptr;
  std::atomic<std::uint64_t> loops_begun_ = 0;
  std::atomic<int> workers_inside_ = 0;
  std::atomic<bool> quitting_ = false;
};

}  // namespace lyap::framework
