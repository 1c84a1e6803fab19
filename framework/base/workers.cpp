// framework/base/workers.cpp - a fixed set of threads that share the items of a loop.
#include "base/workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

// The loops this thread is in an item of, innermost first: how a call from inside an item is known.
struct Inside {
  const Workers* workers;
  int worker;
  const Inside* outer;
};
thread_local const Inside* innermost = nullptr;

class Entered {
 public:
  Entered(const Workers* workers, int worker) : inside_{workers, worker, innermost} {
    innermost = &inside_;
  }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  ~Entered() { innermost = inside_.outer; }

 private:
  Inside inside_;
};

/// Waits a moment for something before the thread sleeps for it: being woken takes tens of
/// microseconds, of which a batch of training has a thousand.
template <class Condition>
void look_for(const Condition& met) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + std::chrono::microseconds(100);
  while (!met() && Clock::now() < end) std::this_thread::yield();
}

}  // namespace

struct Workers::Loop {
  std::int64_t items;
  const Work& work;
  std::atomic<std::int64_t> next = 0;
  std::atomic<bool> failed = false;
  std::mutex mutex = {};  // guards what follows
  std::int64_t failed_item = 0;
  std::exception_ptr failure = nullptr;

  void work_through(const Workers* workers, int worker) {
    const Entered entered(workers, worker);
    // Items are begun in order, so when one fails every lower one has been begun and will be
    // finished: the lowest failure is always found.
    while (!failed) {
      const std::int64_t item = next++;
      if (item >= items) return;
      try {
        work(item, worker);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure || item < failed_item) {
          failed_item = item;
          failure = std::current_exception();
        }
        failed = true;
      }
    }
  }
};

Workers::Workers(int count) {
  threads_.reserve(static_cast<std::size_t>(std::max(count - 1, 0)));
  try {
    for (int worker = 1; worker < count; ++worker)
      threads_.emplace_back([this, worker] { sleep_and_serve(worker); });
  } catch (const std::system_error& failure) {
    stop_threads();
    throw Error(fmt::format("the system will not start {} threads ({}); ask for fewer", count,
                            failure.code().message()));
  }
}

Workers::~Workers() {
  stop_threads();
}

void Workers::stop_threads() {
  {
    const std::lock_guard lock(mutex_);
    quitting_ = true;
  }
  loop_begun_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::parallel_for(std::int64_t items, const Work& work) {
  for (const Inside* here = innermost; here; here = here->outer)
    if (here->workers == this) {
      for (std::int64_t item = 0; item < items; ++item) work(item, here->worker);
      return;
    }

  const std::lock_guard turn(one_loop_at_a_time_);
  Loop loop{items, work};
  const bool alone = threads_.empty() || items <= 1;
  if (!alone) {
    {
      const std::lock_guard lock(mutex_);
      loop_ = &loop;
      ++loops_begun_;
    }
    loop_begun_.notify_all();
  }
  loop.work_through(this, 0);
  if (!alone) {
    std::unique_lock lock(mutex_);
    loop_ = nullptr;  // who has not woken yet need not
    lock.unlock();
    const auto all_have_left = [this] { return workers_inside_ == 0; };
    look_for(all_have_left);
    lock.lock();
    loop_left_.wait(lock, all_have_left);
  }
  if (loop.failure) std::rethrow_exception(loop.failure);
}

void Workers::sleep_and_serve(int worker) {
  std::uint64_t loops_seen = 0;
  for (;;) {
    look_for([&] { return quitting_ || loops_begun_ != loops_seen; });
    std::unique_lock lock(mutex_);
    loop_begun_.wait(lock, [&] { return quitting_ || (loop_ && loops_begun_ != loops_seen); });
    if (quitting_) return;
    loops_seen = loops_begun_;
    Loop& loop = *loop_;
    ++workers_inside_;
    lock.unlock();
    loop.work_through(this, worker);
    lock.lock();
    if (--workers_inside_ == 0) loop_left_.notify_one();
  }
}

}  // namespace lyap::framework
