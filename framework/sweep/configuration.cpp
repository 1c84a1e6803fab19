// framework/sweep/configuration.cpp - what a sweep's networks depend on.
#include "sweep/configuration.hpp"

#include <fmt/format.h>

#include <set>

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

/// Elements of lists by their `as` or `use`, as overrides name them, else by number.
std::string name_of(const Node& element, std::size_t number) {
  for (const char* key : {"as", "use"})
    if (const Node* name = element.find(key)) return name->text;
  return std::to_string(number);
}

void flatten(const Node& node, const std::string& path, std::map<std::string, std::string>& out) {
  if (node.is(Kind::Scalar) || node.is(Kind::Null)) {
    out[path] = node.is(Kind::Null) ? "nothing" : node.text;
    return;
  }
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = node.children[i];
    const std::string name = node.is(Kind::List) ? name_of(child, i) : child.key;
    flatten(child, path.empty() ? name : fmt::format("{}.{}", path, name), out);
  }
}

}  // namespace

std::map<std::string, std::string> configuration_of(const Node& tree) {
  static const std::set<std::string> shared = {"name", "about", "study", "report", "presets"};
  std::map<std::string, std::string> configuration;
  for (const Node& child : tree.children)
    if (!shared.count(child.key)) flatten(child, child.key, configuration);
  return configuration;
}

std::string differences(const std::map<std::string, std::string>& there,
                        const std::map<std::string, std::string>& here) {
  std::set<std::string> paths;
  for (const auto* side : {&there, &here})
    for (const auto& [path, value] : *side) paths.insert(path);
  const auto value = [](const std::map<std::string, std::string>& side, const std::string& path) {
    const auto found = side.find(path);
    return found == side.end() ? std::string("not given") : found->second;
  };
  std::string text;
  for (const std::string& path : paths)
    if (const std::string old = value(there, path), now = value(here, path); old != now)
      text += fmt::format("\n  {}: {} there, {} here", path, old, now);
  return text;
}

}  // namespace lyap::framework
