// framework/pipeline/mistakes.cpp - mistakes as a compiler would print them.
#include "pipeline/mistakes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace lyap::framework {
namespace {

constexpr std::size_t most_printed = 20;
constexpr int widest_line = 100;

/// Byte offsets at which the characters of a line of UTF-8 begin, and the line's length.
std::vector<std::size_t> characters(std::string_view line) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < line.size(); ++i)
    if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80) starts.push_back(i);
  starts.push_back(line.size());
  return starts;
}

std::string_view line_of(std::string_view text, int number) {
  for (; number > 1; --number) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// The line of the file with ^^^^ under the place; of a long line the part around it.
std::string excerpt(const Place& place) {
  if (place.line == 0 || place.source->text.empty()) return "";
  const std::string_view line = line_of(place.source->text, place.line);
  const std::vector<std::size_t> starts = characters(line);
  const int width = static_cast<int>(starts.size()) - 1;
  const int at = std::clamp(place.column - 1, 0, width);
  const int from = at < widest_line - 20 ? 0 : at - widest_line / 2;
  const int to = std::min(width, from + widest_line);
  std::string shown(line.substr(starts[from], starts[to] - starts[from]));
  // A tab is as wide as a space here, so that the mark below stands where it should.
  std::replace(shown.begin(), shown.end(), '\t', ' ');
  const int marks = std::clamp(place.length, 1, std::max(1, to - at));
  return fmt::format("\n{:>5} | {}\n      | {}{}", place.line, shown, std::string(at - from, ' '),
                     std::string(marks, '^'));
}

auto order(const Mistake& m) {
  // What has no line comes from the command line, which is read after the file.
  return std::tuple(m.place.line == 0, m.place.source ? m.place.source->name : "", m.place.line,
                    m.place.column);
}

std::string hints(const std::vector<Mistake>& sorted) {
  std::vector<std::string> different;
  for (const Mistake& m : sorted)
    if (!m.hint.empty() && std::find(different.begin(), different.end(), m.hint) == different.end())
      different.push_back(m.hint);
  std::string out;
  for (const std::string& hint : different) out += (out.empty() ? "        " : "; ") + hint;
  return out;
}

}  // namespace

std::string to_string(const Place& place) {
  const std::string name = place.source ? place.source->name : "";
  return place.line == 0 ? name : fmt::format("{}:{}:{}", name, place.line, place.column);
}

void Mistakes::add(Place place, std::string sentence, std::string hint) {
  list_.push_back({std::move(place), std::move(sentence), std::move(hint)});
}

std::string Mistakes::text() const {
  std::vector<Mistake> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Mistake& a, const Mistake& b) { return order(a) < order(b); });
  std::string out;
  for (std::size_t i = 0; i < std::min(sorted.size(), most_printed); ++i) {
    const Mistake& m = sorted[i];
    const bool by_preset = m.place.source && !m.place.source->origin.empty();
    out += fmt::format("{}: error: {}{}{}\n", to_string(m.place), m.sentence,
                       by_preset ? " (" + m.place.source->origin + ")" : "", excerpt(m.place));
  }
  if (sorted.size() > most_printed)
    out += fmt::format("... and {} more\n", sorted.size() - most_printed);
  return out + fmt::format("{} mistake{}; nothing was run.{}", sorted.size(),
                           sorted.size() == 1 ? "" : "s", hints(sorted));
}

void Mistakes::throw_if_any() const {
  if (!empty()) throw MistakesError(*this);
}

}  // namespace lyap::framework
