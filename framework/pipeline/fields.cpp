// framework/pipeline/fields.cpp - reading the keys of a map, and naming those that mean nothing.
#include "pipeline/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace lyap::framework {

Fields::Fields(const Node& map, std::string what, Mistakes& mistakes)
    : map_(map), what_(std::move(what)), mistakes_(mistakes) {
  if (!map.is(Node::Kind::Map))
    mistakes.add(map.place, fmt::format("{} is a map (key: value), got {}", what_, shown(map)));
}

const Node* Fields::take(const std::string& key) {
  known_.push_back(key);
  const Node* node = map_.find(key);
  return node && !node->is(Node::Kind::Null) ? node : nullptr;
}

const Node* Fields::require(const std::string& key, const std::string& remedy) {
  const Node* node = take(key);
  if (!node && map_.is(Node::Kind::Map)) {
    const Node* empty = map_.find(key);
    mistakes_.add(empty              ? empty->key_place
                  : map_.key.empty() ? map_.place
                                     : map_.key_place,
                  fmt::format("{} needs {}; add {}", what_, quoted(key), remedy));
  }
  return node;
}

std::string Fields::text(const std::string& key, const std::string& fallback) {
  const Node* node = take(key);
  return node ? to_text(*node, key, mistakes_).value_or(fallback) : fallback;
}

std::string Fields::choice(const std::string& key, const std::vector<std::string>& choices,
                           const std::string& fallback) {
  const Node* node = take(key);
  return node ? to_choice(*node, key, choices, mistakes_).value_or(fallback) : fallback;
}

std::int64_t Fields::integer(const std::string& key, const Range& range, std::int64_t fallback) {
  const Node* node = take(key);
  return node ? to_integer(*node, key, range, mistakes_).value_or(fallback) : fallback;
}

double Fields::real(const std::string& key, const Range& range, double fallback) {
  const Node* node = take(key);
  return node ? to_real(*node, key, range, mistakes_).value_or(fallback) : fallback;
}

bool Fields::boolean(const std::string& key, bool fallback) {
  const Node* node = take(key);
  return node ? to_boolean(*node, key, mistakes_).value_or(fallback) : fallback;
}

void Fields::finish() {
  if (!map_.is(Node::Kind::Map)) return;
  const auto is_known = [&](const std::string& key) {
    return std::find(known_.begin(), known_.end(), key) != known_.end();
  };
  for (const Node& child : map_.children) {
    if (is_known(child.key)) continue;
    std::string rest = did_you_mean(child.key, known_);
    if (rest.empty()) {
      rest = "; it takes " + join(known_);
      if (is_known("with")) rest += ", and options of the plugin under 'with'";
    }
    mistakes_.add(child.key_place,
                  fmt::format("{} has no key {}{}", what_, quoted(child.key), rest));
  }
}

}  // namespace lyap::framework
