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

void Terminal::progress(const std::string& stage, std::int64_t done, std::int64_t total,
                        const std::string& note) {
  if (!interactive_ || total < 1) return;
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (stage != stage_)
    stage_ = stage, stage_begin_ = now, last_drawn_ = {}, first_done_ = done > 1 ? done : 0;
  if (done < total && now - last_drawn_ < std::chrono::milliseconds(100)) return;
  last_drawn_ = now;

  constexpr int width = 30;
  const int filled = static_cast<int>(width * done / total);
  const double seconds = std::chrono::duration<double>(now - stage_begin_).count();
  std::string line = fmt::format("\r\x1b[K{:<14} [{:#<{}}{:.<{}}] {}/{}", stage, "", filled, "",
                                 width - filled, done, total);
  if (done > first_done_ && seconds > 0.5) {
    const double rate = static_cast<double>(done - first_done_) / seconds;
    line += rate < 0.1 ? fmt::format("  {:.3g}/min", rate * 60) : fmt::format("  {:.3g}/s", rate);
    if (done < total) line += "  " + duration(static_cast<double>(total - done) / rate) + " left";
  }
  line += note;
  std::fputs(line.c_str(), stderr);
  line_shown_ = true;
  if (done == total) clear_line();
}

std::string duration(double seconds) {
  const auto s = static_cast<std::int64_t>(seconds + 0.5);
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

}  // namespace lyap::app
