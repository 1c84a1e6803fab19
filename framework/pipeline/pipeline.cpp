// framework/pipeline/pipeline.cpp - from a pipeline file to what it asks for.
#include "pipeline/pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "pipeline/fields.hpp"
#include "pipeline/mistakes.hpp"
#include "pipeline/override.hpp"
#include "pipeline/read_trials.hpp"
#include "pipeline/read_yaml.hpp"
#include "pipeline/references.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

constexpr std::int64_t version = 1;
constexpr std::size_t longest_name = 64;

void check_version(Fields& fields, Mistakes& mistakes) {
  const Node* node = fields.require("lyap", "'lyap: 1', the version of the file's format");
  if (!node) return;
  const auto number = to_integer(*node, "lyap", {}, mistakes);
  if (number && *number != version)
    mistakes.add(node->place, fmt::format("this is a file of version {}, this lyap reads version "
                                          "{}",
                                          *number, version));
}

std::string read_name(Fields& fields, const std::filesystem::path& file, Mistakes& mistakes) {
  const Node* node = fields.take("name");
  if (!node) return file.stem().string();
  std::string name = to_text(*node, "name", mistakes).value_or("x");
  const bool good = !name.empty() && name.size() <= longest_name && name[0] != '.' &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return std::isalnum(c) || c == '-' || c == '_' || c == '.';
                    });
  if (!good)
    mistakes.add(node->place,
                 fmt::format("'name' names a folder: at most {} letters, digits, - _ and ., got {}",
                             longest_name, shown(*node)));
  return name;
}

void read_precision(const Node* node, Pipeline& pipeline, Mistakes& mistakes) {
  if (!node) return;
  Fields fields(*node, "'precision'", mistakes);
  const bool wide = fields.choice("train", {"float32", "float64"}, "float32") == "float64";
  pipeline.training = wide ? LYAP_F64 : LYAP_F32;
  fields.choice("analysis", {"float64"}, "float64");
  fields.finish();
}

std::vector<std::string> read_folders(const Node* node, Mistakes& mistakes) {
  if (!node) return {};
  return to_texts(*node, "plugins", mistakes).value_or(std::vector<std::string>{});
}

/// Presets are applied by name; here only their shape is looked at.
void check_presets(const Node* presets, Mistakes& mistakes) {
  for (const Option& preset : read_options(presets, "presets", mistakes))
    read_options(&preset.value, preset.name, mistakes);
}

void override_tree(Node& tree, const std::vector<std::string>& presets,
                   const std::vector<std::string>& overrides, Mistakes& mistakes) {
  for (const std::string& preset : presets) apply_preset(preset, tree, mistakes);
  for (const std::string& argument : overrides)
    apply(parse_override(argument, mistakes), tree, mistakes);
}

Node read_report(const Node* node, Mistakes& mistakes) {
  if (!node) return {};
  if (!node->is(Kind::List))
    mistakes.add(node->place, fmt::format("'report' is a list of charts, got {}", shown(*node)));
  return *node;
}

}  // namespace

Pipeline read_pipeline(const Node& tree, const std::filesystem::path& file, Mistakes& mistakes) {
  Pipeline pipeline;
  pipeline.file = file;
  Fields fields(tree, "the pipeline", mistakes);
  check_version(fields, mistakes);
  pipeline.name = read_name(fields, file, mistakes);
  pipeline.about = fields.text("about", "");
  while (pipeline.about.ends_with('\n')) pipeline.about.pop_back();
  pipeline.seed = static_cast<std::uint64_t>(
      fields.integer("seed", {0, std::numeric_limits<double>::infinity(), ""}, 1));
  read_precision(fields.take("precision"), pipeline, mistakes);
  pipeline.jacobian = fields.choice("jacobian", {"auto", "analytic", "automatic", "differences"},
                                    pipeline.jacobian);
  pipeline.plugins = read_folders(fields.take("plugins"), mistakes);
  if (const Node* trials = fields.require("trials", "what is done for each network"))
    pipeline.trials = read_trials(*trials, mistakes);
  pipeline.study = read_steps(fields.take("study"), "study", mistakes);
  pipeline.report = read_report(fields.take("report"), mistakes);
  check_presets(fields.take("presets"), mistakes);
  fields.finish();
  check_references(pipeline, mistakes);
  return pipeline;
}

Node read_tree(const std::filesystem::path& file, const std::vector<std::string>& presets,
               const std::vector<std::string>& overrides, Mistakes& mistakes) {
  Node tree = read_yaml(file);
  override_tree(tree, presets, overrides, mistakes);
  return tree;
}

Pipeline parse(const std::filesystem::path& file, const std::vector<std::string>& presets,
               const std::vector<std::string>& overrides) {
  return parse(read_yaml(file), file, presets, overrides);
}

Pipeline parse(const std::filesystem::path& file, const std::vector<std::string>& presets,
               const std::vector<std::string>& overrides, Mistakes& mistakes) {
  return read_pipeline(read_tree(file, presets, overrides, mistakes), file, mistakes);
}

Pipeline parse(Node tree, const std::filesystem::path& file,
               const std::vector<std::string>& presets, const std::vector<std::string>& overrides) {
  Mistakes mistakes;
  override_tree(tree, presets, overrides, mistakes);
  Pipeline pipeline = read_pipeline(tree, file, mistakes);
  mistakes.throw_if_any();
  return pipeline;
}

}  // namespace lyap::framework
