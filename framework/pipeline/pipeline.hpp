// framework/pipeline/pipeline.hpp - what a pipeline file asks for, with the places where it does.
//
// Knows no plugin: whether ids, options and results exist is found when it is resolved.
#pragma once
#include <lyap/abi.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/node.hpp"
#include "pipeline/recorded.hpp"
#include "pipeline/step.hpp"

namespace lyap::framework {

/// `weights:` of a cell: a safetensors file, what is made of its tensors, and what their names
/// are called here.
struct WeightFile {
  std::string file;
  Place place;
  std::vector<std::pair<std::string, std::string>> tensors;  ///< made: name, expression
  std::vector<std::pair<std::string, std::string>> rename;   ///< in the order of the file
};

/// `readout:` of a cell: the linear map from the state to the prediction.
struct ReadoutRequest {
  bool bias = true;
  double dropout = 0;  ///< of its input, while training
  std::vector<Option> init;
};

struct CellRequest : Step {
  std::int64_t layers = 1;
  std::vector<Option> init;  ///< weight: initialiser
  std::optional<WeightFile> weights;
  ReadoutRequest readout;
};

struct TrainRequest : Step {
  std::optional<Epochs> checkpoints;  ///< epochs kept; nothing said: whatever is measured
};

/// `column: expression` under `record`.
struct Column {
  std::string name, expression;
  Place name_place, place;
  Recorded recorded;  ///< what the expression says
};

/// What is done for each network.
struct Trials {
  Node sweep;     ///< a map of variables; Null: a sweep of one
  Node sampling;  ///< how they are drawn, ordered and seeded; Null: as Sweep does it by itself
  Step task;
  CellRequest cell;
  std::optional<TrainRequest> train;
  std::vector<Step> measure;
  std::vector<Column> record;
};

struct Pipeline {
  std::filesystem::path file;
  std::string name;  ///< the file's own when it says none; names the run directory
  std::string about;
  std::uint64_t seed = 1;
  lyap_dtype training = LYAP_F32;
  lyap_dtype analysis = LYAP_F64;
  std::string jacobian = "auto";     ///< auto, analytic, automatic, differences
  std::vector<std::string> plugins;  ///< further folders to search
  Trials trials;
  /// The values of the sweep's variables for this network, as written; none outside a sweep.
  std::vector<std::pair<std::string, std::string>> variables;
  std::vector<Step> study;  ///< what is done once, on the table of all networks
  Node report;              ///< a list, or Null
};

/// What `file` asks for after the presets and then the overrides ("path=value") have been applied.
/// Throws MistakesError with everything that is wrong; InputError for a file that cannot be read.
Pipeline parse(const std::filesystem::path& file, const std::vector<std::string>& presets = {},
               const std::vector<std::string>& overrides = {});

/// The same, leaving its mistakes to be told together with those found later; what a mistake hides
/// stays empty.
Pipeline parse(const std::filesystem::path& file, const std::vector<std::string>& presets,
               const std::vector<std::string>& overrides, Mistakes& mistakes);

/// The tree of a file with presets and overrides applied: what parse() reads.
Node read_tree(const std::filesystem::path& file, const std::vector<std::string>& presets,
               const std::vector<std::string>& overrides, Mistakes& mistakes);

/// What a tree asks for, nothing applied any more.
Pipeline read_pipeline(const Node& tree, const std::filesystem::path& file, Mistakes& mistakes);

/// The same of a tree at hand; `file` names it.
Pipeline parse(Node tree, const std::filesystem::path& file,
               const std::vector<std::string>& presets = {},
               const std::vector<std::string>& overrides = {});

}  // namespace lyap::framework
