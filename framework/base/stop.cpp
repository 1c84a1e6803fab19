// framework/base/stop.cpp - a request to stop, which long computations look at between two steps.
#include "base/stop.hpp"

#include <unistd.h>

#include <csignal>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler must not wait");

// A signal handler has no arguments of ours: the one place that needs a variable of the process.
Stop asked_by_signal;

void handle(int) {
  if (asked_by_signal.asked()) ::_exit(static_cast<int>(Exit::Interrupted));
  asked_by_signal.ask();
}

}  // namespace

const Stop& stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;  // a file being written is written to its end
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return asked_by_signal;
}

}  // namespace lyap::framework
