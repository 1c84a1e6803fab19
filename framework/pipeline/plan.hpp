// framework/pipeline/plan.hpp - what will be done: every name of a pipeline resolved to a plugin
// with checked options.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "pipeline/option_value.hpp"
#include "pipeline/pipeline.hpp"
#include "plugin/catalog.hpp"

namespace lyap::framework {

/// A step with its plugin and all its options.
struct PlannedStep {
  const Plugin* plugin = nullptr;
  std::string as;
  OptionValues values;
  Place place;  ///< where the pipeline asks for it

  std::span<const lyap_value> with() const { return values.values(); }
};

/// A port that is fed with a result of a measure above.
struct PlannedInput {
  std::string port, measure, result;
};

struct PlannedMeasure : PlannedStep {
  Epochs at;  ///< last: the network as training left it
  std::vector<PlannedInput> inputs;
};

/// A computation on the table of all networks. Its inputs are columns (`measure` is "trials",
/// `result` the column, "COLUMN.epoch" its epochs, or nothing: the networks' numbers) and results
/// of studies above.
struct PlannedStudy : PlannedStep {
  std::vector<PlannedInput> inputs;
};

/// One network and what is done with it. Options, initialisers, readout and weights that are not
/// options of a plugin stay in `asked`.
struct Plan {
  Pipeline asked;
  PlannedStep task, cell;
  PlannedStep train;  ///< `none` when the pipeline does not train
  Epochs checkpoints;
  std::vector<PlannedMeasure> measures;
  std::vector<PlannedStudy> studies;

  bool trains() const;
  /// Whether the weights after this epoch are wanted by a checkpoint or a measure.
  bool keeps(std::int64_t epoch) const;
};

/// What a column of the table holds: the axes `network`, `checkpoint` when it has several epochs,
/// and those of the result.
Quantity quantity_of(const Column& column, const Plan& plan);

/// Resolves every name. Throws MistakesError with all that is wrong: unknown plugins, options that
/// do not fit, connections between ports that do not agree, epochs without training; `mistakes` are
/// those found while the file was read.
Plan resolve(const Pipeline& pipeline, const Catalog& catalog, Mistakes mistakes = {});

/// The plan in full, every default written out: what resolved.json holds. Schema "lyap-run-1".
nlohmann::ordered_json resolved(const Plan& plan);

}  // namespace lyap::framework
