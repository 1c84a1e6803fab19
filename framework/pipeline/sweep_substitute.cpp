// framework/pipeline/sweep_substitute.cpp - a pipeline with the values of one point in it.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/text.hpp"
#include "pipeline/sweep.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

/// Calls `act` on every scalar below with a dollar sign in it.
template <class Tree, class Act>
void each_scalar(Tree& node, const Act& act) {
  if (node.is(Kind::Scalar) && node.text.find('$') != std::string::npos) act(node);
  for (auto& child : node.children) each_scalar(child, act);
}

/// The same of what a variable can change: `seed`, and all of `trials` but how it is swept and what
/// is recorded.
template <class Tree, class Act>
void each_scalar_of_network(Tree& tree, const Act& act) {
  if (auto* seed = tree.find("seed")) each_scalar(*seed, act);
  auto* trials = tree.find("trials");
  if (!trials || !trials->is(Kind::Map)) return;
  for (auto& part : trials->children)
    if (part.key != "sweep" && part.key != "sampling" && part.key != "record")
      each_scalar(part, act);
}

std::string unknown(std::string_view name, const Point& point) {
  std::vector<std::string> names;
  for (const auto& [variable, text] : point.values) names.push_back(variable);
  std::string rest = did_you_mean(name, names);
  if (rest.empty())
    rest = names.empty() ? "; give it values there, or write $$ for a dollar sign"
                         : "; it has " + join(names);
  return fmt::format("'sweep' has no variable {}{}", quoted(name), rest);
}

/// The text with the values in it.
std::string filled(const Node& scalar, const Point& point, Mistakes& mistakes) {
  const std::string_view text = scalar.text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    if (text.substr(at).starts_with("$$")) {
      out += '$';
      at += 2;
      continue;
    }
    const VariableName variable = variable_at(text, at);
    if (variable.length == 0) {
      mistakes.add(scalar.place,
                   fmt::format("{} has a '$' that begins no variable, such as $name or ${{name}}; "
                               "write $$ for a dollar sign",
                               shown(scalar)));
      return scalar.text;
    }
    const std::string* value = point.value(variable.name);
    if (value)
      out += *value;
    else
      mistakes.add(scalar.place, unknown(variable.name, point));
    at += variable.length;
  }
  return out;
}

void collect(std::string_view text, std::set<std::string, std::less<>>& names) {
  for (std::size_t at = text.find('$'); at != text.npos; at = text.find('$', at)) {
    const VariableName variable = variable_at(text, at);
    if (variable.length > 0) names.emplace(variable.name);
    at += std::max<std::size_t>(variable.length, text.substr(at).starts_with("$$") ? 2 : 1);
  }
}

}  // namespace

void substitute(Node& tree, const Point& point, Mistakes& mistakes) {
  each_scalar_of_network(tree,
                         [&](Node& scalar) { scalar.text = filled(scalar, point, mistakes); });
}

void refuse_unused(const Node& tree, const Sweep& sweep, Mistakes& mistakes) {
  std::set<std::string, std::less<>> used, recorded;
  each_scalar_of_network(tree, [&](const Node& scalar) { collect(scalar.text, used); });
  const Node* trials = tree.find("trials");
  if (const Node* record = trials ? trials->find("record") : nullptr)
    each_scalar(*record, [&](const Node& scalar) { collect(scalar.text, recorded); });
  const Node* entries = trials ? trials->find("sweep") : nullptr;
  if (!entries || !entries->is(Kind::Map)) return;
  // An expression that is used uses what it names, also one that could not be read; as often as one
  // can need another.
  for (std::size_t i = 0; i < entries->children.size(); ++i)
    for (const Node& entry : entries->children)
      if (used.contains(entry.key)) collect(entry.text, used);
  for (const Variable& variable : sweep.variables()) {
    const bool column = variable.as<Expression>() && recorded.contains(variable.name);
    if (used.contains(variable.name) || variable.as<Counted>() || column) continue;
    const Node* entry = entries->find(variable.name);
    mistakes.add(entry ? entry->key_place : variable.place,
                 fmt::format("{} changes no network; write ${} under 'trials' where its value "
                             "belongs, or take it out of 'sweep'",
                             quoted(variable.name), variable.name));
  }
}

}  // namespace lyap::framework
