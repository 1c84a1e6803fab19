// framework/base/quantity.cpp - what an array means: its name, its axes and its unit.
#include "base/quantity.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_word(std::string_view text) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

Quantity Quantity::parse(std::string_view text) {
  const auto wrong = [&](const char* why) {
    return InputError("a quantity is written 'name[axis, axis] unit', not " +
                      framework::quoted(text) + ": " + why);
  };
  const std::size_t open = text.find('['), close = text.find(']');
  Quantity q;
  if (open == std::string_view::npos) {
    const std::size_t space = std::min(text.find(' '), text.size());
    q.name = text.substr(0, space);
    q.unit = trimmed(text.substr(space));
  } else {
    if (close == std::string_view::npos || close < open) throw wrong("the bracket is not closed");
    q.name = text.substr(0, open);
    q.unit = trimmed(text.substr(close + 1));
    std::string_view axes = text.substr(open + 1, close - open - 1);
    for (;;) {
      const std::size_t comma = axes.find(',');
      q.axes.emplace_back(trimmed(axes.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      axes.remove_prefix(comma + 1);
    }
  }
  if (!is_word(q.name)) throw wrong("the name is one word");
  for (const std::string& axis : q.axes)
    if (!is_word(axis)) throw wrong("an axis is one word");
  return q;
}

std::string Quantity::text() const {
  std::string text = name;
  if (!axes.empty()) text += "[" + join(axes) + "]";
  return unit.empty() ? text : text + " " + unit;
}

}  // namespace lyap::framework
