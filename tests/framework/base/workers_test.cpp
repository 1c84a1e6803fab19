// tests/framework/base/workers_test.cpp - every item once, failures in order, nesting.
#include "base/workers.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <ctime>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>

using namespace lyap::framework;

TEST_CASE("every item is done exactly once, whatever the number of workers") {
  for (const int count : {1, 2, 3, 8}) {
    Workers workers(count);
    CHECK(workers.count() == count);
    for (const std::int64_t items : {0, 1, 2, 7, 1000}) {
      std::vector<int> times(items);
      workers.parallel_for(items, [&](std::int64_t item, int) { ++times[item]; });
      CHECK(times == std::vector<int>(items, 1));
    }
  }
}

TEST_CASE("a worker is never in two items at a time") {
  Workers workers(4);
  std::vector<int> inside(4), most(4);  // unguarded on purpose: a race here is a failure under TSan
  workers.parallel_for(2000, [&](std::int64_t, int worker) {
    most[worker] = std::max(most[worker], ++inside[worker]);
    --inside[worker];
  });
  for (const int seen : most) CHECK(seen <= 1);
}

TEST_CASE("all workers are at work at the same time") {
  Workers workers(4);
  std::atomic<int> arrived = 0;
  std::vector<int> worker_of(4, -1);
  workers.parallel_for(4, [&](std::int64_t item, int worker) {
    worker_of[item] = worker;
    ++arrived;
    while (arrived < 4) std::this_thread::yield();  // ends only if every worker gets one item
  });
  CHECK(std::set<int>(worker_of.begin(), worker_of.end()) == std::set<int>{0, 1, 2, 3});
}

TEST_CASE("what the items wrote is there when the loop returns") {
  Workers workers(3);
  std::vector<std::int64_t> squares(500);
  for (int repeat = 0; repeat < 200; ++repeat) {
    workers.parallel_for(500, [&](std::int64_t item, int) { squares[item] = item * item; });
    CHECK(std::accumulate(squares.begin(), squares.end(), std::int64_t{0}) == 41541750);
    squares.assign(500, 0);
  }
}

TEST_CASE("one worker is the calling thread alone") {
  Workers workers(1);
  std::vector<std::int64_t> order;
  workers.parallel_for(5, [&, caller = std::this_thread::get_id()](std::int64_t item, int worker) {
    CHECK(std::this_thread::get_id() == caller);
    CHECK(worker == 0);
    order.push_back(item);
  });
  CHECK(order == std::vector<std::int64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("the exception of the lowest failing item is thrown, and the workers live on") {
  for (const int count : {1, 2, 5}) {
    Workers workers(count);
    for (int repeat = 0; repeat < 100; ++repeat) {
      std::string caught;
      try {
        workers.parallel_for(100, [&](std::int64_t item, int) {
          if (item == 37) std::this_thread::yield();  // let a later one fail first
          if (item >= 37 && item % 2 == 1) throw std::runtime_error("item " + std::to_string(item));
        });
      } catch (const std::runtime_error& failure) {
        caught = failure.what();
      }
      CHECK(caught == "item 37");
    }
    std::atomic<int> done = 0;
    workers.parallel_for(10, [&](std::int64_t, int) { ++done; });
    CHECK(done == 10);
  }
}

TEST_CASE("a loop inside an item runs in that worker, in order") {
  Workers workers(3);
  std::vector<std::vector<std::int64_t>> inner(6);
  workers.parallel_for(6, [&](std::int64_t outer_item, int outer_worker) {
    workers.parallel_for(4, [&](std::int64_t item, int worker) {
      CHECK(worker == outer_worker);
      inner[outer_item].push_back(item);
    });
  });
  for (const auto& items : inner) CHECK(items == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("a loop inside a loop of other workers inside an item still runs inline") {
  Workers outer(2), between(1);
  std::atomic<int> done = 0;
  outer.parallel_for(3, [&](std::int64_t, int) {
    between.parallel_for(
        1, [&](std::int64_t, int) { outer.parallel_for(2, [&](std::int64_t, int) { ++done; }); });
  });
  CHECK(done == 6);
}

TEST_CASE("loops begun by several threads take turns") {
  Workers workers(2);
  std::atomic<int> done = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller)
    callers.emplace_back([&] {
      for (int repeat = 0; repeat < 50; ++repeat)
        workers.parallel_for(10, [&](std::int64_t, int) { ++done; });
    });
  for (std::thread& caller : callers) caller.join();
  CHECK(done == 4 * 50 * 10);
}

TEST_CASE("workers without work use no processor time") {
  Workers workers(4);
  workers.parallel_for(100, [](std::int64_t, int) {});
  const std::clock_t before = std::clock();  // of all threads of the process
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < 0.05);
}
