// framework/pipeline/typed.cpp - numbers, truth values, words and lists out of what was written.
#include "pipeline/typed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

/// Adds that `name` takes `type` but got something else.
std::nullopt_t refuse(const Node& node, const std::string& name, const char* type,
                      Mistakes& mistakes, const std::string& remedy = "") {
  mistakes.add(node.place,
               fmt::format("{} takes {}, got {}{}", quoted(name), type, shown(node), remedy));
  return std::nullopt;
}

/// The text of a scalar without quotes, or null and a mistake.
const std::string* plain(const Node& node, const std::string& name, const char* type,
                         Mistakes& mistakes) {
  if (!node.is(Node::Kind::Scalar)) {
    refuse(node, name, type, mistakes);
    return nullptr;
  }
  if (node.quoted) {
    refuse(node, name, type, mistakes, " in quotes; remove the quotes");
    return nullptr;
  }
  return &node.text;
}

// 1e6 is an integer too: people write large counts that way.
std::optional<std::int64_t> whole_number(const std::string& text) {
  if (const auto integer = parse_integer(text)) return integer;
  const auto real = parse_real(text);
  if (!real || *real != std::floor(*real) || std::abs(*real) > 0x1p53) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

bool in_range(double number, const Node& node, const std::string& name, const Range& range,
              Mistakes& mistakes) {
  if (number >= range.low && number <= range.high) return true;
  const std::string unit = range.unit.empty() ? "" : " " + range.unit;
  std::string allowed;
  // 100000 rather than the shortest spelling, 1e+05.
  if (std::isinf(range.high))
    allowed = fmt::format("at least {}{}", range.low, unit);
  else if (std::isinf(range.low))
    allowed = fmt::format("at most {}{}", range.high, unit);
  else
    allowed = fmt::format("between {} and {}{}", range.low, range.high, unit);
  mistakes.add(node.place, fmt::format("{} must be {}, got {}", quoted(name), allowed, node.text));
  return false;
}

std::optional<double> number(const Node& node, const std::string& name, const char* type,
                             const Range& range, Mistakes& mistakes) {
  const std::string* text = plain(node, name, type, mistakes);
  if (!text) return std::nullopt;
  const std::optional<double> value = parse_real(*text, Infinity::Allowed);
  if (!value) return refuse(node, name, type, mistakes);
  if (!in_range(*value, node, name, range, mistakes)) return std::nullopt;
  return value;
}

/// The list, or null and a mistake that says how to write a list of one.
const std::vector<Node>* list(const Node& node, const std::string& name, const char* type,
                              Mistakes& mistakes) {
  if (node.is(Node::Kind::List)) return &node.children;
  const bool one = node.is(Node::Kind::Scalar);
  refuse(node, name, type, mistakes, one ? fmt::format("; write [{}]", node.text) : "");
  return nullptr;
}

}  // namespace

std::optional<std::int64_t> to_integer(const Node& node, const std::string& name,
                                       const Range& range, Mistakes& mistakes) {
  const char* const type = "an integer";
  const std::string* text = plain(node, name, type, mistakes);
  if (!text) return std::nullopt;
  const std::optional<std::int64_t> value = whole_number(*text);
  if (!value) return refuse(node, name, type, mistakes);
  if (!in_range(static_cast<double>(*value), node, name, range, mistakes)) return std::nullopt;
  return value;
}

std::optional<double> to_real(const Node& node, const std::string& name, const Range& range,
                              Mistakes& mistakes) {
  return number(node, name, "a number", range, mistakes);
}

std::optional<bool> to_boolean(const Node& node, const std::string& name, Mistakes& mistakes) {
  const char* const type = "true or false";
  const std::string* text = plain(node, name, type, mistakes);
  if (!text) return std::nullopt;
  if (*text == "true" || *text == "on" || *text == "yes") return true;
  if (*text == "false" || *text == "off" || *text == "no") return false;
  return refuse(node, name, type, mistakes);
}

std::optional<std::string> to_text(const Node& node, const std::string& name, Mistakes& mistakes) {
  if (!node.is(Node::Kind::Scalar)) return refuse(node, name, "a text", mistakes);
  return node.text;
}

std::optional<std::string> to_choice(const Node& node, const std::string& name,
                                     const std::vector<std::string>& choices, Mistakes& mistakes) {
  const bool word = node.is(Node::Kind::Scalar);
  if (word && std::find(choices.begin(), choices.end(), node.text) != choices.end())
    return node.text;
  const char* const rule = choices.size() == 1 ? "must be" : "is one of";
  mistakes.add(node.place, fmt::format("{} {} {}; got {}{}", quoted(name), rule, join(choices),
                                       shown(node), word ? did_you_mean(node.text, choices) : ""));
  return std::nullopt;
}

std::optional<std::vector<double>> to_reals(const Node& node, const std::string& name,
                                            const Range& range, Mistakes& mistakes) {
  const char* const type = "a list of numbers";
  const std::vector<Node>* items = list(node, name, type, mistakes);
  if (!items) return std::nullopt;
  std::vector<double> numbers;
  for (const Node& item : *items)
    if (const auto value = number(item, name, type, range, mistakes)) numbers.push_back(*value);
  if (numbers.size() != items->size()) return std::nullopt;
  return numbers;
}

std::optional<std::vector<std::string>> to_texts(const Node& node, const std::string& name,
                                                 Mistakes& mistakes) {
  const char* const type = "a list of words";
  const std::vector<Node>* items = list(node, name, type, mistakes);
  if (!items) return std::nullopt;
  std::vector<std::string> words;
  for (const Node& item : *items) {
    if (item.is(Node::Kind::Scalar))
      words.push_back(item.text);
    else
      refuse(item, name, type, mistakes);
  }
  if (words.size() != items->size()) return std::nullopt;
  return words;
}

}  // namespace lyap::framework
