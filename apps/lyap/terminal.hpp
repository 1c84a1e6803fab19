// apps/lyap/terminal.hpp - what a person sees while work goes on.
#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace lyap::app {

/// Messages and one line of progress on standard error; the line appears only on a terminal, is
/// redrawn at most ten times a second and never mixes with messages. [any thread]
class Terminal {
 public:
  explicit Terminal(bool quiet);
  ~Terminal();

  void say(int level, const std::string& sentence);
  void progress(const std::string& stage, std::int64_t done, std::int64_t total);

 private:
  void clear_line();

  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  bool quiet_, interactive_, line_shown_ = false;
  std::string stage_;
  Clock::time_point stage_begin_, last_drawn_;
};

}  // namespace lyap::app
