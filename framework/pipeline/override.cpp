// framework/pipeline/override.cpp - walking down a dotted path and replacing what is there.
#include "pipeline/override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "pipeline/read_yaml.hpp"
#include "pipeline/step.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = path.find('.');
    parts.emplace_back(path.substr(0, dot));
    if (dot == path.npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

std::vector<std::string> keys(const Node& map) {
  std::vector<std::string> names;
  for (const Node& child : map.children) names.push_back(child.key);
  return names;
}

/// What an element of a list is called: its `as`, else its `use`, else the bare word it is.
std::string name_of(const Node& element) {
  for (const char* key : {"as", "use"})
    if (const Node* name = element.find(key)) return name->text;
  return element.text;
}

Place whole(const std::shared_ptr<const Source>& source) {
  return {source, 0, 0, 1};
}

/// One walk along a path.
class Walk {
 public:
  Walk(const Override& override, Mistakes& mistakes)
      : override_(override), mistakes_(mistakes), parts_(split(override.path)) {}

  void replace(Node& root) {
    Node* at = &root;
    for (depth_ = 0; at && depth_ < parts_.size(); ++depth_) at = down(*at);
    if (!at) return;
    Node value = override_.value;
    value.key = at->key;
    value.key_place = at->key_place;
    *at = std::move(value);
  }

 private:
  bool last() const { return depth_ + 1 == parts_.size(); }
  const std::string& part() const { return parts_[depth_]; }

  /// The path walked so far: what `at` is called in sentences.
  std::string here() const {
    if (depth_ == 0) return "the pipeline";
    return quoted(join({parts_.begin(), parts_.begin() + static_cast<long>(depth_)}, "."));
  }

  Node* refuse(const std::string& sentence) {
    mistakes_.add(override_.place, sentence);
    return nullptr;
  }

  Node* down(Node& at) {
    if (part().empty()) return refuse(fmt::format("{} is no path", quoted(override_.path)));
    if (at.is(Kind::List)) return element(at);
    if (at.is(Kind::Scalar) && stands_for_step()) at = spell_out(at);
    if (at.is(Kind::Scalar))
      return refuse(
          fmt::format("{} is {}, there is no {} in it", here(), shown(at), quoted(part())));
    return key(at);
  }

  Node* key(Node& at) {
    if (Node* child = at.find(part())) return child;
    if (!last()) {
      const std::string near = did_you_mean(part(), keys(at));
      if (!near.empty()) return refuse(fmt::format("{} has no {}{}", here(), quoted(part()), near));
    }
    if (at.is(Kind::Null)) at.place = override_.place;
    at.kind = Kind::Map;
    Node child;
    child.place = override_.place;
    child.key = part();
    child.key_place = override_.place;
    at.children.push_back(std::move(child));
    return &at.children.back();
  }

  Node* element(Node& list) {
    std::vector<Node>& items = list.children;
    if (const auto index = parse_integer(part())) {
      if (*index >= 0 && *index < static_cast<std::int64_t>(items.size())) return &items[*index];
      return refuse(fmt::format("{} has {} elements, numbered from 0; there is no {}", here(),
                                items.size(), part()));
    }
    std::vector<std::string> names;
    for (const Node& item : items) names.push_back(name_of(item));
    const auto matches = std::count(names.begin(), names.end(), part());
    if (matches == 1) return &items[std::find(names.begin(), names.end(), part()) - names.begin()];
    if (matches > 1)
      return refuse(fmt::format("{} has {} elements called {}; say which by its number, from 0",
                                here(), matches, quoted(part())));
    const std::string near = did_you_mean(part(), names);
    return refuse(fmt::format("{} has no {}{}", here(), quoted(part()),
                              near.empty() ? "; it has " + join(names) : near));
  }

  /// Whether a bare word here is short for a step: `cell: lstm` is `cell: {use: lstm}`.
  bool stands_for_step() const {
    if (depth_ == 2 && parts_[0] == "trials")
      return parts_[1] == "task" || parts_[1] == "cell" || parts_[1] == "train";
    return (depth_ == 3 && parts_[0] == "trials" && parts_[1] == "measure") ||
           (depth_ == 2 && parts_[0] == "study");
  }

  const Override& override_;
  Mistakes& mistakes_;
  std::vector<std::string> parts_;
  std::size_t depth_ = 0;
};

/// Everything below stands, for messages, in the argument as a whole.
void set_place(Node& node, const Place& place) {
  node.place = place;
  node.key_place = place;
  for (Node& child : node.children) set_place(child, place);
}

Node parse_value(const std::string& text, const Place& place, Mistakes& mistakes) {
  Node value;
  if (text.find_first_of("[{\"'") == 0) {
    try {
      value = parse_yaml(std::make_shared<const Source>(Source{place.source->name, text, ""}));
    } catch (const MistakesError& error) {
      for (const Mistake& m : error.mistakes().list()) mistakes.add(place, m.sentence);
    }
  } else if (!text.empty() && text != "~") {
    value.kind = Kind::Scalar;
    value.text = text;
  }
  set_place(value, place);
  return value;
}

}  // namespace

Override parse_override(std::string_view argument, Mistakes& mistakes) {
  const std::size_t equals = argument.find('=');
  if (equals == argument.npos || equals == 0)
    throw UsageError(fmt::format(
        "-s takes path=value, such as -s trials.cell.with.units=128; got {}", quoted(argument)));
  const Place place =
      whole(std::make_shared<const Source>(Source{fmt::format("-s {}", argument), "", ""}));
  Override override;
  override.path = argument.substr(0, equals);
  override.place = place;
  override.value = parse_value(std::string(argument.substr(equals + 1)), place, mistakes);
  return override;
}

void apply(const Override& override, Node& root, Mistakes& mistakes) {
  Walk(override, mistakes).replace(root);
}

void apply_preset(const std::string& name, Node& root, Mistakes& mistakes) {
  const Place place =
      whole(std::make_shared<const Source>(Source{fmt::format("--preset {}", name), "", ""}));
  const Node* presets = root.find("presets");
  if (!presets || !presets->is(Kind::Map)) {
    mistakes.add(place, "the file has no presets");
    return;
  }
  const Node* preset = presets->find(name);
  if (!preset) {
    mistakes.add(place, fmt::format("the file has no preset {}; it has {}", quoted(name),
                                    join(keys(*presets))));
    return;
  }
  // Copied: the walk changes the tree that it stands in.
  Node values = *preset;
  Source source = values.place.source ? *values.place.source : Source{};
  source.origin = fmt::format("preset {}", quoted(name));
  set_source(values, std::make_shared<const Source>(std::move(source)));
  for (Node& value : values.children) apply({value.key, value.key_place, value}, root, mistakes);
}

}  // namespace lyap::framework
