// apps/lyap/progress_line.cpp - how far a stage is, in one line that fits the terminal.
#include "progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lyap::app {
namespace {

std::string amount(const Progress& p) {
  return p.bytes ? size_text(p.done) + " of " + size_text(p.total)
                 : fmt::format("{}/{}", p.done, p.total);
}

std::string rate(const Progress& p) {
  if (p.rate <= 0) return "";
  if (p.bytes) return "  " + size_text(static_cast<std::int64_t>(p.rate)) + "/s";
  return p.rate < 0.1 ? fmt::format("  {:.3g}/min", p.rate * 60)
                      : fmt::format("  {:.3g}/s", p.rate);
}

std::string time_left(const Progress& p) {
  if (p.rate <= 0 || p.done >= p.total) return "";
  return "  " + duration(static_cast<double>(p.total - p.done) / p.rate) + " left";
}

std::string bar(const Progress& p, std::int64_t width, bool colours) {
  const std::int64_t filled = std::clamp<std::int64_t>(width * p.done / p.total, 0, width);
  return fmt::format(" [{}{:#<{}}{}{:.<{}}] ", colours ? "\x1b[32m" : "", "", filled,
                     colours ? "\x1b[0m" : "", "", width - filled);
}

}  // namespace

std::string progress_line(const Progress& p, int columns, bool colours) {
  constexpr std::int64_t longest = 30, shortest = 8, frame = 4;
  const std::string stage = fmt::format("{:<14}", p.stage);
  const std::string behind = amount(p) + rate(p) + time_left(p) + p.note;
  const auto room = columns - static_cast<std::int64_t>(stage.size() + behind.size()) - frame;
  if (room >= shortest) return stage + bar(p, std::min(longest, room), colours) + behind;
  std::string line = p.stage + "  " + behind;
  const auto width = static_cast<std::size_t>(std::max(columns, 0));
  if (line.size() > width) line = p.stage + "  " + amount(p) + time_left(p) + p.note;
  return line.substr(0, width);
}

std::string duration(double seconds) {
  const auto s = static_cast<std::int64_t>(seconds + 0.5);
  if (s < 120) return fmt::format("{} s", s);
  if (s < 7200) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

std::string size_text(std::int64_t bytes) {
  return bytes < 1000000 ? fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3)
                         : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

}  // namespace lyap::app
