// apps/lyap/terminal.cpp - what a person sees while work goes on.
#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/text.hpp"
#include "lyap/abi.h"

namespace lyap::app {
namespace {

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

/// A terminal that takes escape sequences.
bool draws() {
  return isatty(STDERR_FILENO) && !variable("TERM").empty() && variable("TERM") != "dumb";
}

/// no-color.org: a variable that is set to anything.
bool shows_colours() {
  return draws() && variable("NO_COLOR").empty();
}

std::string yellow(const std::string& word) {
  return shows_colours() ? "\x1b[33m" + word + "\x1b[0m" : word;
}
std::string red(const std::string& word) {
  return shows_colours() ? "\x1b[31m" + word + "\x1b[0m" : word;
}

/// Asked for each line: the window may have been resized.
int columns() {
  winsize size = {};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const auto told = framework::parse_integer(variable("COLUMNS"));
  return told && *told > 0 && *told < 10000 ? static_cast<int>(*told) : 80;
}

}  // namespace

Terminal::Terminal(bool quiet) : quiet_(quiet), interactive_(!quiet && draws()) {}

Terminal::~Terminal() {
  settle();
}

void Terminal::settle() {
  const std::lock_guard lock(mutex_);
  if (interactive_ && !stop_said_ && stop_ && stop_->asked()) {
    line_shown_ = true;  // the terminal itself has written ^C
    stop_said_ = true;   // what follows says how it ended
  }
  clear_line();
}

bool Terminal::shares_output() const {
  return !quiet_ && isatty(STDERR_FILENO) && isatty(STDOUT_FILENO);
}

void Terminal::clear_line() {
  if (line_shown_) std::fputs("\r\x1b[K", stderr);
  line_shown_ = false;
}

bool Terminal::is_stopping() {
  if (!interactive_ || !stop_ || !stop_->asked()) return false;
  if (!stop_said_) std::fputs("\r\x1b[Kstopping (Ctrl-C again: end at once)\n", stderr);
  stop_said_ = true;
  line_shown_ = false;
  return true;
}

void Terminal::say(int level, const std::string& sentence) {
  if (quiet_ && level < LYAP_WARNING) return;
  const std::lock_guard lock(mutex_);
  if (!is_stopping()) clear_line();
  const std::string kind = level >= LYAP_WARNING ? yellow("warning:") + " " : "";
  std::fprintf(stderr, "%s%s\n", kind.c_str(), sentence.c_str());
}

void Terminal::progress(const std::string& stage, std::int64_t done, std::int64_t total,
                        const std::string& note) {
  draw({stage, done, total, 0, false, note});
}

void Terminal::transfer(const std::string& file, std::int64_t done, std::int64_t total) {
  draw({file, done, total, 0, true, ""});
}

void Terminal::draw(Progress progress) {
  if (!interactive_ || progress.total < 1) return;
  const std::lock_guard lock(mutex_);
  if (is_stopping()) return;
  const Clock::time_point now = Clock::now();
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    stage_begin_ = now;
    last_drawn_ = {};
    first_done_ = progress.done > 1 ? progress.done : 0;
  }
  const bool finished = progress.done >= progress.total;
  if (!finished && now - last_drawn_ < std::chrono::milliseconds(100)) return;
  last_drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - stage_begin_).count();
  if (progress.done > first_done_ && seconds > 0.5)
    progress.rate = static_cast<double>(progress.done - first_done_) / seconds;
  // The last column stays empty: a full line would be continued on the next.
  const std::string line = "\r\x1b[K" + progress_line(progress, columns() - 1, shows_colours());
  std::fputs(line.c_str(), stderr);
  line_shown_ = true;
  if (!finished) return;
  clear_line();
  stage_.clear();  // the next one of this name begins anew
}

void say_error(const std::string& sentence) {
  std::fprintf(stderr, "%s %s\n", red("lyap:").c_str(), sentence.c_str());
}

}  // namespace lyap::app
