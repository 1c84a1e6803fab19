// framework/pipeline/option_value.cpp - options by their declared types, and as JSON.
#include "pipeline/option_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.hpp"
#include "pipeline/typed.hpp"

namespace lyap::framework {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string absolute(const std::string& path, const Place& place) {
  if (path.empty()) return path;
  const bool in_file = place.line != 0 && place.source;
  const fs::path folder = in_file ? fs::path(place.source->name).parent_path() : fs::path();
  return fs::absolute(folder / path).lexically_normal().string();
}

std::vector<std::string> names_of(std::span<const lyap_option> declared) {
  std::vector<std::string> names;
  for (const lyap_option& option : declared) names.emplace_back(option.name);
  return names;
}

std::vector<std::string> choices_of(const lyap_option& declared) {
  std::vector<std::string> words;
  for (const char* const* word = declared.choices; word && *word; ++word) words.emplace_back(*word);
  return words;
}

/// The words of a list, as they were written.
std::vector<std::string> words_of(const Node& list) {
  std::vector<std::string> words;
  for (const Node& item : list.children) words.push_back(item.text);
  return words;
}

/// The value as the declared type wants it, or nothing and a mistake.
std::optional<OptionWords> checked(const lyap_option& declared, const Node& node,
                                   Mistakes& mistakes) {
  const std::string name = declared.name;
  const Range range{declared.low, declared.high, declared.unit ? declared.unit : ""};
  const auto if_good = [](bool good, OptionWords text) {
    return good ? std::optional(std::move(text)) : std::nullopt;
  };
  switch (declared.type) {
    case LYAP_INTEGER:
      return if_good(to_integer(node, name, range, mistakes).has_value(), node.text);
    case LYAP_REAL:
      return if_good(to_real(node, name, range, mistakes).has_value(), node.text);
    case LYAP_BOOLEAN:
      return if_good(to_boolean(node, name, mistakes).has_value(), node.text);
    case LYAP_CHOICE:
      return if_good(to_choice(node, name, choices_of(declared), mistakes).has_value(), node.text);
    case LYAP_PATH:
      return if_good(to_text(node, name, mistakes).has_value(), absolute(node.text, node.place));
    case LYAP_REALS:
      return if_good(to_reals(node, name, range, mistakes).has_value(), words_of(node));
    case LYAP_TEXTS:
      return if_good(to_texts(node, name, mistakes).has_value(), words_of(node));
    default:
      return if_good(to_text(node, name, mistakes).has_value(), node.text);
  }
}

Json number(double value) {
  if (std::isfinite(value)) return value;
  return shortest(value);
}

Json numbers(const lyap_value& value) {
  Json list = Json::array();
  for (std::int64_t i = 0; i < value.count; ++i) list.push_back(number(value.reals[i]));
  return list;
}

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Says that there is no such option, and which there are.
std::string unknown(const std::string& name, const std::string& title,
                    std::span<const lyap_option> declared) {
  const std::vector<std::string> names = names_of(declared);
  std::string rest = did_you_mean(name, names);
  if (rest.empty()) rest = names.empty() ? "; it takes none" : "; it takes " + join(names);
  return fmt::format("{} has no option {}{}", title, quoted(name), rest);
}

}  // namespace

OptionValues check_options(const Owner& owner, std::span<const lyap_option> declared,
                           const std::vector<Option>& given, Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  const std::string title = fmt::format("{} '{}'", owner.kind, owner.id);
  const std::string hint = fmt::format("lyap describe {} lists its options", owner.id);
  std::map<std::string, OptionWords> words;
  std::vector<std::string> seen;
  for (const Option& option : given) {
    const auto known = std::find_if(declared.begin(), declared.end(),
                                    [&](const lyap_option& o) { return option.name == o.name; });
    if (known == declared.end()) {
      mistakes.add(option.place, unknown(option.name, title, declared), hint);
      continue;
    }
    if (is_one_of(option.name, seen))
      mistakes.add(option.place, fmt::format("option {} is given twice", quoted(option.name)));
    seen.push_back(option.name);
    if (auto value = checked(*known, option.value, mistakes))
      words.insert_or_assign(option.name, std::move(*value));
  }
  for (const lyap_option& option : declared)
    if (!option.fallback && !is_one_of(option.name, seen))
      mistakes.add(
          owner.place,
          fmt::format("{} needs the option '{}' under 'with' ({})", title, option.name, option.doc),
          hint);
  if (mistakes.size() > before) return {};
  return {declared, std::make_shared<const CreateValues>(title, declared, words)};
}

std::span<const lyap_value> OptionValues::values() const {
  return values_ ? values_->values() : std::span<const lyap_value>{};
}

Json OptionValues::json() const {
  Json object = Json::object();
  const std::span<const lyap_value> values = this->values();
  for (std::size_t i = 0; i < values.size(); ++i) {
    Json& entry = object[values[i].name];
    switch (declared_[i].type) {
      case LYAP_INTEGER:
        entry = values[i].integer;
        break;
      case LYAP_REAL:
        entry = number(values[i].real);
        break;
      case LYAP_BOOLEAN:
        entry = values[i].integer != 0;
        break;
      case LYAP_REALS:
        entry = numbers(values[i]);
        break;
      case LYAP_TEXTS:
        entry = std::vector<std::string>(values[i].texts, values[i].texts + values[i].count);
        break;
      default:
        entry = values[i].text;
    }
  }
  return object;
}

}  // namespace lyap::framework
