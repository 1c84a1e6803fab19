// framework/pipeline/build_tree.hpp - hears the events of the YAML parser and builds the tree.
#pragma once
#include <yaml-cpp/eventhandler.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"
#include "pipeline/source_lines.hpp"

namespace lyap::framework {

/// Builds the tree of one document and adds a mistake for every construct that we refuse. Throws
/// MistakesError at once when the nesting is too deep to be meant or a second document begins.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceLines& lines, Mistakes& mistakes) : lines_(lines), mistakes_(mistakes) {}

  /// The finished tree.
  Node take() { return std::move(root_); }
  /// Where the map or list begins that is being read.
  Place innermost() const { return open_.empty() ? Place{} : open_.back().node.place; }

  void OnDocumentStart(const YAML::Mark&) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override;
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override;
  void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t,
                const std::string& text) override;
  void OnSequenceStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override;
  void OnMapEnd() override { close(); }
  void OnAnchor(const YAML::Mark&, const std::string& name) override;

 private:
  struct Open {  // a map or list that is being read
    Node node;
    bool has_key = false;
    std::string key;
    Place key_place;
    std::unordered_map<std::string, Place> keys;
  };

  Place place(const YAML::Mark& mark, std::string_view text = "") const;
  void check_tag(const YAML::Mark& mark, const std::string& tag);
  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag);
  void close();
  void add(Node node);
  void add_key(Open& map, const Node& node);

  const SourceLines& lines_;
  Mistakes& mistakes_;
  std::vector<Open> open_;
  Node root_;
  int documents_ = 0;
};

}  // namespace lyap::framework
