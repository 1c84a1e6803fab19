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
  /// Rate and time left are those of what was done since the stage was first shown; `note` ends the
  /// line.
  void progress(const std::string& stage, std::int64_t done, std::int64_t total,
                const std::string& note = "");
  bool interactive() const { return interactive_; }

 private:
  void clear_line();

  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  bool quiet_, interactive_, line_shown_ = false;
  std::string stage_;
  std::int64_t first_done_ = 0;
  Clock::time_point stage_begin_, last_drawn_;
};

/// "12 s", "4 min 10 s", "3 h 20 min".
std::string duration(double seconds);

}  // namespace lyap::app
