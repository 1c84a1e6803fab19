// framework/pipeline/step.cpp - reading one step of a pipeline file.
#include "pipeline/step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "pipeline/fields.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

// Names that `record` and `from` use for the steps that have no name of their own.
const std::vector<std::string> reserved = {"trials", "task", "cell", "train"};

bool is_id(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '.' || c == '-';
  });
}

bool is_name(const std::string& text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

void check_name(const Step& step, bool given, Mistakes& mistakes) {
  if (!is_name(step.as))
    mistakes.add(
        step.as_place,
        given
            ? fmt::format("a step's name has letters, digits and _ only, got {}", quoted(step.as))
            : fmt::format("{} is no name for results; add a short one with 'as'", quoted(step.as)));
  else if (std::find(reserved.begin(), reserved.end(), step.as) != reserved.end())
    mistakes.add(step.as_place, fmt::format("{} already names something else; give this step "
                                            "another name with 'as'",
                                            quoted(step.as)));
}

std::vector<Connection> read_connections(const Node* map, Mistakes& mistakes) {
  std::vector<Connection> connections;
  for (const Option& entry : read_options(map, "from", mistakes)) {
    if (const auto source = to_text(entry.value, entry.name, mistakes))
      connections.push_back({entry.name, *source, entry.place, entry.value.place});
  }
  return connections;
}

}  // namespace

Node spell_out(const Node& step) {
  if (!step.is(Kind::Scalar)) return step;
  Node use = step;
  use.key = "use";
  use.key_place = step.place;
  Node map;
  map.kind = Kind::Map;
  map.place = step.place;
  map.key = step.key;
  map.key_place = step.key_place;
  map.children.push_back(std::move(use));
  return map;
}

void read_use(const Node& node, Fields& fields, Step& step, Mistakes& mistakes) {
  step.place = node.key.empty() ? node.place : node.key_place;
  if (const Node* use = fields.require("use", "the id of a plugin; 'lyap plugins' lists them")) {
    step.place = use->place;
    if (!use->is(Kind::Scalar) || !is_id(use->text))
      mistakes.add(use->place, fmt::format("'use' takes the id of a plugin, got {}", shown(*use)));
    else
      step.use = use->text;
  }
  step.with = read_options(fields.take("with"), "with", mistakes);
}

void read_name_and_sources(Fields& fields, Step& step, Mistakes& mistakes) {
  const Node* as = fields.take("as");
  step.as = as ? to_text(*as, "as", mistakes).value_or("") : step.use;
  step.as_place = as ? as->place : step.place;
  if (!step.as.empty() || (as && as->is(Kind::Scalar))) check_name(step, as, mistakes);
  step.from = read_connections(fields.take("from"), mistakes);
}

std::vector<Option> read_options(const Node* map, const std::string& name, Mistakes& mistakes) {
  std::vector<Option> options;
  if (!map) return options;
  if (!map->is(Kind::Map)) {
    mistakes.add(map->place,
                 fmt::format("{} is a map (key: value), got {}", quoted(name), shown(*map)));
    return options;
  }
  for (const Node& child : map->children) options.push_back({child.key, child, child.key_place});
  return options;
}

std::optional<Epochs> read_epochs(const Node& node, const std::string& name, Mistakes& mistakes) {
  using Which = Epochs::Which;
  static const std::pair<const char*, Which> words[] = {
      {"every", Which::Every}, {"last", Which::Last}, {"best", Which::Best}};
  Epochs epochs;
  epochs.place = node.place;
  if (node.is(Kind::List) && !node.children.empty()) {
    epochs.which = Which::Listed;
    for (const Node& item : node.children)
      if (const auto epoch = to_integer(item, name, {0, 1e9, ""}, mistakes))
        epochs.listed.push_back(*epoch);
    return epochs;
  }
  for (const auto& [word, which] : words) {
    if (!node.is(Kind::Scalar) || node.text != word) continue;
    epochs.which = which;
    return epochs;
  }
  const std::string near =
      node.is(Kind::Scalar) ? did_you_mean(node.text, {"every", "last", "best"}) : "";
  mistakes.add(
      node.place,
      fmt::format("{} takes every, last, best or a list of epochs such as [0, 5]; got {}{}",
                  quoted(name), shown(node), near));
  return std::nullopt;
}

}  // namespace lyap::framework
