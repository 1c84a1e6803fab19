// framework/run/measure.hpp - runs one analysis on one network and gathers its results.
#pragma once
#include <string>

#include "data/task.hpp"
#include "lyap/abi.h"
#include "plugin/plugin.hpp"
#include "run/gathering.hpp"
#include "run/host.hpp"
#include "run/results.hpp"

namespace lyap::framework {

/// An analysis with its options, ready to run.
class Analysis {
 public:
  Analysis(const Plugin& plugin, std::span<const lyap_value> values);

  const Plugin& plugin() const { return *plugin_; }

  /// Runs on a network and its task (either may be null when the analysis has no such port); the
  /// arrays that `request` points to must outlive the call. Throws InputError, NumericError,
  /// Interrupted or Error, starting with "analysis 'spectrum': ".
  Measurement run(const lyap_model_ops& model_ops, const lyap_model* model, const Task* task,
                  const Surroundings& surroundings, const MeasurementRequest& request) const;

  /// What a run would cost; empty text when the analysis does not say.
  lyap_estimate estimate(const lyap_model_shape* model, const lyap_task_shape* task) const;

 private:
  [[noreturn]] void fail(const lyap_error& error) const;

  const Plugin* plugin_;
  const lyap_analysis_ops* ops_;
  std::unique_ptr<lyap_analysis, void (*)(lyap_analysis*)> analysis_;
};

}  // namespace lyap::framework
