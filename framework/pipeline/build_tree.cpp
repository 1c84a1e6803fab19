// framework/pipeline/build_tree.cpp - from parser events to a tree, refusing what we do not read.
#include "pipeline/build_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

// Our deepest construct has about 8 levels; the parser's own recursion ends the program at some
// thousands.
constexpr std::size_t deepest = 64;

}  // namespace

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ == 1) return;
  const bool announced = lines_.rest(mark.line, mark.column).starts_with("---");
  mistakes_.add(place(mark, announced ? "---" : ""),
                announced ? "a second document begins here; a file holds one"
                          : "this does not belong to what stands above it; check the indentation");
  // At once: of a text that begins with a comma the parser makes empty documents without end.
  mistakes_.throw_if_any();
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t) {
  Node node;
  node.place = place(mark);
  // The parser notices a missing value at the next token, which may be lines below.
  if (!open_.empty() && open_.back().has_key) node.place = open_.back().key_place;
  add(std::move(node));
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t) {
  mistakes_.add(place(mark), "aliases (*name) are not used here; write the value out");
  Node node;
  node.kind = Node::Kind::Scalar;
  node.place = place(mark);
  add(std::move(node));
}

void TreeBuilder::OnAnchor(const YAML::Mark& mark, const std::string&) {
  mistakes_.add(place(mark), "anchors (&name) are not used here; remove it");
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                           const std::string& text) {
  check_tag(mark, tag);
  if (!lines_.closes(mark.line, mark.column))
    mistakes_.add(place(mark), "these quotes are never closed");
  Node node;
  node.kind = Node::Kind::Scalar;
  node.text = text;
  node.quoted = tag == "!";
  node.place = place(mark, text);
  add(std::move(node));
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                                  YAML::EmitterStyle::value) {
  open(Node::Kind::List, mark, tag);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                             YAML::EmitterStyle::value) {
  open(Node::Kind::Map, mark, tag);
}

Place TreeBuilder::place(const YAML::Mark& mark, std::string_view text) const {
  return lines_.place(mark.line, mark.column, text);
}

void TreeBuilder::check_tag(const YAML::Mark& mark, const std::string& tag) {
  // The parser says "!" of a text in quotes and "?" of everything else that has no tag.
  const bool written = lines_.rest(mark.line, mark.column).starts_with('!');
  if (written || (!tag.empty() && tag != "?" && tag != "!"))
    mistakes_.add(place(mark), "tags (!name) are not used here; remove it");
}

void TreeBuilder::open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag) {
  check_tag(mark, tag);
  if (open_.size() == deepest) {
    mistakes_.add(place(mark), fmt::format("this is nested more than {} levels deep", deepest));
    mistakes_.throw_if_any();
  }
  Open opened;
  opened.node.kind = kind;
  opened.node.place = place(mark);
  open_.push_back(std::move(opened));
}

void TreeBuilder::close() {
  Node node = std::move(open_.back().node);
  open_.pop_back();
  add(std::move(node));
}

void TreeBuilder::add(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.is(Node::Kind::Map) && !parent.has_key) {
    add_key(parent, node);
    return;
  }
  node.key = std::move(parent.key);
  node.key_place = parent.key_place;
  parent.has_key = false;
  parent.node.children.push_back(std::move(node));
}

void TreeBuilder::add_key(Open& map, const Node& node) {
  map.has_key = true;
  map.key = node.text;
  map.key_place = node.place;
  if (!node.is(Node::Kind::Scalar)) {
    mistakes_.add(node.place, fmt::format("a key must be a word, got {}", shown(node)));
    return;
  }
  if (node.text == "<<" && !node.quoted)
    mistakes_.add(node.place, "merge keys (<<) are not used here; write the entries out");
  const auto [first, is_new] = map.keys.emplace(node.text, node.place);
  if (!is_new)
    mistakes_.add(node.place,
                  fmt::format("key {} is given twice (first at {}:{})", quoted(node.text),
                              first->second.line, first->second.column));
}

}  // namespace lyap::framework
