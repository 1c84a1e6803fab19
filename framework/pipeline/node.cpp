// framework/pipeline/node.cpp - finding and naming values of a YAML file.
#include "pipeline/node.hpp"

#include "base/text.hpp"

namespace lyap::framework {
namespace {

/// The first `count` characters of UTF-8 text, with "..." when there are more.
std::string beginning(const std::string& text, std::size_t count) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_one = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (starts_one && ++characters > count) return text.substr(0, i) + "...";
  }
  return text;
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  if (kind != Kind::Map) return nullptr;
  for (const Node& child : children)
    if (child.key == name) return &child;
  return nullptr;
}

Node* Node::find(std::string_view name) {
  return const_cast<Node*>(static_cast<const Node&>(*this).find(name));
}

std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::Null:
      return "nothing";
    case Node::Kind::Map:
      return "a map";
    case Node::Kind::List:
      return "a list";
    case Node::Kind::Scalar:
      break;
  }
  return quoted(beginning(node.text, 60));
}

void set_source(Node& node, const std::shared_ptr<const Source>& source) {
  node.place.source = source;
  node.key_place.source = source;
  for (Node& child : node.children) set_source(child, source);
}

}  // namespace lyap::framework
