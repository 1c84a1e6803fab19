// framework/plugin/option_words.cpp - the options of a plugin: words in, checked values out.
#include "plugin/option_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool takes_list(const lyap_option& option) {
  return option.type == LYAP_REALS || option.type == LYAP_TEXTS;
}

// 1e6 is an integer too: people write large counts that way.
std::optional<std::int64_t> integer_in(std::string_view word) {
  if (const auto integer = parse_integer(word)) return integer;
  const auto real = parse_real(word);
  if (!real || *real != std::floor(*real) || std::abs(*real) > 0x1p53) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<bool> truth_in(std::string_view word) {
  for (const char* yes : {"true", "yes", "on"})
    if (word == yes) return true;
  for (const char* no : {"false", "no", "off"})
    if (word == no) return false;
  return std::nullopt;
}

std::vector<std::string> choices_of(const lyap_option& option) {
  std::vector<std::string> words;
  for (const char* const* word = option.choices; word && *word; ++word) words.emplace_back(*word);
  return words;
}

// 1e6 and not 1e+06.
std::string brief(double number) {
  std::string text = shortest(number);
  const std::size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text;
  std::size_t digits = exponent + 2;  // after the sign, which to_chars always writes
  while (text[digits] == '0') text.erase(digits, 1);
  if (text[exponent + 1] == '+') text.erase(exponent + 1, 1);
  return text;
}

// The rest of "option 'units' ..." for one word; empty when the word is fine.
std::string mistake_in_word(const lyap_option& option, const std::string& word) {
  const auto out_of_range = [&](double number) {
    const bool inside = number >= option.low && number <= option.high;
    return inside ? std::string()
                  : fmt::format("is {}, and its range is {}", word, range_text(option));
  };
  switch (option.type) {
    case LYAP_INTEGER: {
      const auto integer = integer_in(word);
      return integer ? out_of_range(static_cast<double>(*integer))
                     : fmt::format("is {}, and it must be an integer", quoted(word));
    }
    case LYAP_REAL:
    case LYAP_REALS: {
      const auto real = parse_real(word, Infinity::Allowed);
      return real ? out_of_range(*real)
                  : fmt::format("is {}, and it must be a number", quoted(word));
    }
    case LYAP_BOOLEAN:
      return truth_in(word) ? "" : fmt::format("is {}, and it must be true or false", quoted(word));
    case LYAP_CHOICE: {
      const std::vector<std::string> choices = choices_of(option);
      for (const std::string& choice : choices)
        if (choice == word) return "";
      return fmt::format("is {}, and it must be one of {}{}", quoted(word), join(choices),
                         did_you_mean(word, choices));
    }
    default:
      return "";
  }
}

}  // namespace

OptionWords option_words(const lyap_option& option, std::string_view text) {
  if (!takes_list(option)) return std::string(text);
  text = trimmed(text);
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::vector<std::string> words;
  while (!trimmed(text).empty()) {
    const std::size_t comma = text.find(',');
    words.emplace_back(trimmed(text.substr(0, comma)));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return words;
}

std::string mistake_in(const lyap_option& option, const OptionWords& text) {
  const auto sentence = [&](const std::string& rest) {
    return fmt::format("option '{}' {}", option.name, rest);
  };
  if (!takes_list(option) && (text.is_list || text.words.size() != 1))
    return sentence(fmt::format("takes one value, and a list of {} is given", text.words.size()));
  for (const std::string& word : text.words) {
    const std::string mistake = mistake_in_word(option, word);
    if (!mistake.empty()) return sentence(mistake);
  }
  return "";
}

bool is_number(const lyap_option& option) {
  return option.type == LYAP_INTEGER || option.type == LYAP_REAL || option.type == LYAP_REALS;
}

std::string_view type_name(const lyap_option& option) {
  constexpr std::string_view names[] = {"integer", "real", "boolean", "text",
                                        "choice",  "path", "reals",   "texts"};
  return names[option.type];
}

std::string range_text(const lyap_option& option) {
  if (!is_number(option)) return "";
  const bool below = std::isfinite(option.low), above = std::isfinite(option.high);
  if (below && above) return brief(option.low) + ".." + brief(option.high);
  if (below) return "at least " + brief(option.low);
  if (above) return "at most " + brief(option.high);
  return "";
}

CreateValues::CreateValues(std::string_view owner, std::span<const lyap_option> options,
                           const std::map<std::string, OptionWords>& given) {
  std::vector<std::string> names;
  for (const lyap_option& option : options) names.emplace_back(option.name);
  for (const auto& [name, text] : given)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw InputError(
          fmt::format("{} has no option '{}'{}", owner, name, did_you_mean(name, names)));
  for (const lyap_option& option : options) {
    const auto found = given.find(option.name);
    if (found == given.end() && !option.fallback)
      throw InputError(fmt::format("{} needs option '{}' ({})", owner, option.name, option.doc));
    add(option, found == given.end() ? option_words(option, option.fallback) : found->second);
  }
}

void CreateValues::add(const lyap_option& option, const OptionWords& text) {
  const std::string mistake = mistake_in(option, text);
  if (!mistake.empty()) throw InputError(mistake);
  lyap_value value{};
  value.name = option.name;
  std::string word = takes_list(option) ? join(text.words) : text.words.front();
  switch (option.type) {
    case LYAP_INTEGER:
      value.integer = *integer_in(word);
      value.real = static_cast<double>(value.integer);
      break;
    case LYAP_REAL:
      value.real = *parse_real(word, Infinity::Allowed);
      break;
    case LYAP_BOOLEAN:
      value.integer = *truth_in(word);
      value.real = static_cast<double>(value.integer);
      break;
    case LYAP_PATH:
      if (!word.empty()) word = std::filesystem::absolute(word).lexically_normal().string();
      break;
    case LYAP_REALS: {
      std::vector<double>& list = reals_.emplace_back();
      for (const std::string& each : text.words)
        list.push_back(*parse_real(each, Infinity::Allowed));
      value.reals = list.data();
      value.count = static_cast<std::int64_t>(list.size());
      break;
    }
    case LYAP_TEXTS: {
      std::vector<const char*>& list = texts_.emplace_back();
      for (const std::string& each : text.words) list.push_back(words_.emplace_back(each).c_str());
      value.texts = list.data();
      value.count = static_cast<std::int64_t>(list.size());
      break;
    }
    default:
      break;
  }
  value.text = words_.emplace_back(std::move(word)).c_str();
  values_.push_back(value);
}

}  // namespace lyap::framework
