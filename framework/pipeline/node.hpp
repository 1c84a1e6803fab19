// framework/pipeline/node.hpp - a value of a YAML file as it was written, with its place.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lyap::framework {

/// Something that was read: a pipeline file, or one argument of the command line.
struct Source {
  std::string name;    ///< how messages call it: the path as the user gave it, "-s seed=x"
  std::string text;    ///< what was read, for quoting lines; empty when the name says it all
  std::string origin;  ///< "preset 'desk'" when a preset put the value where it stands
};

/// Where something was written. Lines and columns count from 1, columns in characters; line 0
/// stands for the source as a whole.
struct Place {
  std::shared_ptr<const Source> source;
  int line = 0, column = 0;
  int length = 1;  ///< characters that belong to it on this line
};

/// A value with its place. Scalars are text: the option that receives one decides what it means,
/// so that `no`, `08` and `1e-4` are never guessed at.
struct Node {
  enum class Kind { Null, Scalar, Map, List };

  Kind kind = Kind::Null;
  std::string text;     ///< of a scalar, without quotes and escapes
  bool quoted = false;  ///< a scalar that is not a plain one: "64" rather than 64
  Place place;
  std::string key;  ///< under which it stands in a map; empty in a list
  Place key_place;
  std::vector<Node> children;  ///< of a map or list, in the order of the file

  bool is(Kind k) const { return kind == k; }
  /// The child called `name`, or null.
  const Node* find(std::string_view name) const;
  Node* find(std::string_view name);
};

/// What a node is, for messages: "'abc'" (its first 60 characters), "a list", "a map", "nothing".
std::string shown(const Node& node);

/// Says of `node` and all below it that they were read from `source`.
void set_source(Node& node, const std::shared_ptr<const Source>& source);

}  // namespace lyap::framework
