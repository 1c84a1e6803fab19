// tests/framework/base/stop_test.cpp - the first signal asks, the second one ends the process.
#include "base/stop.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

using namespace lyap::framework;

namespace {

// The exit code of a child process that installs the handlers and runs `body`.
template <class Body>
int exit_code_of(Body body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body(stop_on_signals()));
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a stop that is asked for in one thread is seen in another") {
  Stop stop;
  CHECK_FALSE(stop.asked());
  std::thread([&] { stop.ask(); }).join();
  CHECK(stop.asked());
}

TEST_CASE("the first signal asks to stop and nothing else") {
  for (const int signal : {SIGINT, SIGTERM})
    CHECK(exit_code_of([signal](const Stop& stop) {
            if (stop.asked()) return 1;
            ::raise(signal);
            return stop.asked() ? 0 : 2;
          }) == 0);
}

TEST_CASE("the second signal ends the process at once with exit code 130") {
  for (const int second : {SIGINT, SIGTERM})
    CHECK(exit_code_of([second](const Stop&) {
            ::raise(SIGINT);
            ::raise(second);
            return 1;
          }) == 130);
}
