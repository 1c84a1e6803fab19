// framework/plugin/check_child.cpp - runs something that may crash or hang, in a child process.
#include "plugin/check_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "base/error.hpp"

namespace lyap::framework {
namespace {

using Clock = std::chrono::steady_clock;

// The last byte of an answer: what comes from a child that died half-way does not end with it.
constexpr char end_of_answer = '\x04';

// Whatever the parent does about signals is not the child's business: it is to die of them, and to
// leave no core file behind.
void die_of_signals() {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM, SIGINT})
    ::signal(signal, SIG_DFL);
}

[[noreturn]] void be_the_child(int pipe, const std::function<std::string()>& work) {
  die_of_signals();
  const std::string text = work() + end_of_answer;
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t taken = ::write(pipe, text.data() + done, text.size() - done);
    if (taken < 0 && errno != EINTR) break;
    if (taken > 0) done += static_cast<std::size_t>(taken);
  }
  // Not exit: what the parent registered to be done once would be done twice.
  ::_exit(0);
}

// Reads until the child closes its end; false when the time is up before.
bool read_all(int pipe, Clock::time_point deadline, std::string& text) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{pipe, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(left.count()) + 1) <= 0) continue;
    char bytes[4096];
    const ssize_t got = ::read(pipe, bytes, sizeof bytes);
    if (got == 0) return true;
    if (got > 0) text.append(bytes, static_cast<std::size_t>(got));
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string death_of(int status) {
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return fmt::format("ended by SIG{}", name ? name : std::to_string(WTERMSIG(status)));
  }
  return fmt::format("ended the process with exit code {}", WEXITSTATUS(status));
}

}  // namespace

ChildAnswer in_child(const std::function<std::string()>& work, double time_limit) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error("no pipe for a child process: " + std::generic_category().message(errno));
  std::fflush(nullptr);  // or what is buffered is printed by both
  const pid_t child = ::fork();
  if (child < 0) {
    const int code = errno;
    ::close(ends[0]), ::close(ends[1]);
    throw Error("no child process: " + std::generic_category().message(code));
  }
  if (child == 0) {
    ::close(ends[0]);
    be_the_child(ends[1], work);
  }
  ::close(ends[1]);
  const auto limit =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(time_limit));
  ChildAnswer answer;
  const bool in_time = read_all(ends[0], Clock::now() + limit, answer.text);
  ::close(ends[0]);
  if (!in_time) ::kill(child, SIGKILL);
  const int status = wait_for(child);
  answer.answered = in_time && answer.text.ends_with(end_of_answer);
  if (answer.answered)
    answer.text.pop_back();
  else
    answer.death = in_time ? death_of(status) : fmt::format("took longer than {} s", time_limit);
  return answer;
}

}  // namespace lyap::framework
