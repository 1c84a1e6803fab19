// apps/lyap/terminal.hpp - what a person sees while work goes on.
#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/stop.hpp"
#include "progress_line.hpp"

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
  /// The same for a download, in bytes.
  void transfer(const std::string& file, std::int64_t done, std::int64_t total);
  /// Takes the line away before something else is written, and what Ctrl-C has left on it.
  void settle();
  /// From now on no line is drawn once a stop was asked for; that it was heard is said.
  void heed(const framework::Stop& stop) { stop_ = &stop; }

  bool interactive() const { return interactive_; }
  /// Whoever reads standard output has read what was said here, on the same terminal.
  bool shares_output() const;

 private:
  void draw(Progress progress);
  void clear_line();
  bool is_stopping();

  using Clock = std::chrono::steady_clock;
  std::mutex mutex_;
  bool quiet_, interactive_, line_shown_ = false, stop_said_ = false;
  const framework::Stop* stop_ = nullptr;
  std::string stage_;
  std::int64_t first_done_ = 0;
  Clock::time_point stage_begin_, last_drawn_;
};

/// "lyap: SENTENCE" on standard error, for what ends a command.
void say_error(const std::string& sentence);

}  // namespace lyap::app
