// framework/pipeline/write_yaml.cpp - a tree as YAML text that reads back as the same tree.
#include "pipeline/write_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

/// What YAML reads as nothing (YAML 1.2, 10.3.2).
bool is_nothing(const std::string& text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Words, numbers and expressions of $variables; no character that could begin anything else (YAML
/// 1.2, 7.3.3), and a leading dash only before a digit, else it would begin a list.
bool is_plain(const std::string& text) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("_.-+/$(){}*^, ").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (is_nothing(text) || !std::all_of(text.begin(), text.end(), allowed)) return false;
  if (std::string_view("{}*, ").find(text.front()) != std::string_view::npos || text.back() == ' ')
    return false;
  return text[0] != '-' || (text.size() > 1 && std::isdigit(static_cast<unsigned char>(text[1])));
}

/// A double-quoted scalar (YAML 1.2, 7.3.1).
std::string in_quotes(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      result += std::string("\\") + c;
    else if (c == '\n')
      result += "\\n";
    else if (c == '\t')
      result += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + "\"";
}

std::string scalar(const Node& node) {
  if (node.is(Kind::Null)) return "~";
  return !node.quoted && is_plain(node.text) ? node.text : in_quotes(node.text);
}

void write(const Node& node, int indent, std::string& out) {
  const std::string blanks(static_cast<std::size_t>(indent), ' ');
  for (const Node& child : node.children) {
    const std::string key =
        node.is(Kind::List) ? "-" : (is_plain(child.key) ? child.key : in_quotes(child.key)) + ":";
    out += blanks + key;
    if (child.is(Kind::Scalar) || child.is(Kind::Null)) {
      out += " " + scalar(child) + "\n";
    } else if (child.children.empty()) {
      out += child.is(Kind::List) ? " []\n" : " {}\n";
    } else {
      out += "\n";
      write(child, indent + 2, out);
    }
  }
}

}  // namespace

std::string write_yaml(const Node& tree) {
  std::string out;
  write(tree, 0, out);
  return out;
}

}  // namespace lyap::framework
