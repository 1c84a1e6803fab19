// apps/lyap/terminal.cpp - what a person sees while work goes on.
#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "lyap/abi.h"

namespace lyap::app {

Terminal::Terminal(bool quiet) : quiet_(quiet) {
  const char* term = std::getenv("TERM");
  interactive_ = !quiet && isatty(STDERR_FILENO) && term && std::string(term) != "dumb";
}

Terminal::~Terminal() {
  clear_line();
}

void Terminal::clear_line() {
  if (line_shown_) std::fputs("\r\x1b[K", stderr);
  line_shown_ = false;
}

void Terminal::say(int level, const std::string& sentence) {
  if (quiet_ && level < LYAP_WARNING) return;
  const std::lock_guard lock(mutex_);
  clear_line();
  std::fprintf(stderr, "%s%s\n", level >= LYAP_WARNING ? "warning: " : "", sentence.c_str());
}

void Terminal::progress(const std::string& stage, std::int64_t done, std::int64_t total) {
  if (!interactive_ || total < 1) return;
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (stage != stage_) stage_ = stage, stage_begin_ = now, last_drawn_ = {};
  if (done < total && now - last_drawn_ < std::chrono::milliseconds(100)) return;
  last_drawn_ = now;

  constexpr int width = 30;
  const int filled = static_cast<int>(width * done / total);
  const double seconds = std::chrono::duration<double>(now - stage_begin_).count();
  std::string line = fmt::format("\r\x1b[K{:<14} [{:#<{}}{:.<{}}] {}/{}", stage, "", filled, "",
                                 width - filled, done, total);
  if (done > 0 && seconds > 0.5) {
    const double rate = static_cast<double>(done) / seconds;
    line += fmt::format("  {:.3g}/s", rate);
    if (done < total)
      line += fmt::format("  {:.0f} s left", static_cast<double>(total - done) / rate);
  }
  std::fputs(line.c_str(), stderr);
  line_shown_ = true;
  if (done == total) clear_line();
}

}  // namespace lyap::app
