// framework/run/gathering.hpp - the kernel's side of one measurement: what an analysis is given,
// and what it gives.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/task.hpp"
#include "lyap/abi.h"
#include "plugin/plugin.hpp"
#include "run/field_file.hpp"
#include "run/host.hpp"
#include "run/results.hpp"

namespace lyap::framework {

/// What a measurement is given beside the network and its task.
struct MeasurementRequest {
  std::string name;              ///< `as` of the pipeline
  std::filesystem::path fields;  ///< where results in pieces go; empty: memory
  std::map<std::string, const MeasuredArray*> inputs;  ///< results of other measures, by port
};

/// Behind lyap_context_ops while an analysis runs.
class Gathering {
 public:
  /// Error: a result that an input asks for needs more memory than the budget.
  Gathering(const Plugin& plugin, const lyap_model* model, const Task* task,
            const Surroundings& surroundings, const MeasurementRequest& request);

  static lyap_context_ops ops(const lyap_model_ops& model_ops);
  lyap_context* lent() { return reinterpret_cast<lyap_context*>(this); }
  /// The measurement, once the analysis has returned.
  Measurement finish();

  const lyap_model* model() const { return model_; }
  const lyap_data* data() const { return task_ ? task_->lent() : nullptr; }
  /// False when nothing is connected to the port.
  bool input(const char* port, lyap_array& out) const;
  void result(const char* port, const std::int64_t* shape, std::int64_t dimensions,
              const double* values);
  /// A second announcement of a result in memory replaces the first.
  void announce(const char* port, const std::int64_t* shape, std::int64_t dimensions);
  void piece(const char* port, const std::int64_t* from, const std::int64_t* extent,
             const double* values);
  void note(const char* port, const char* key, const char* value);
  /// The word of a code, valid as long as this; null when the port carries plain numbers.
  const char* label(const char* port, std::int64_t code);
  void tensor(const char* file, const char* name, const lyap_const_matrix& values);
  std::int64_t memory_budget() const { return surroundings_.memory_budget; }

 private:
  MeasuredArray empty_array(const char* port, const std::int64_t* shape,
                            std::int64_t dimensions) const;
  /// The array with room for its numbers, in memory.
  MeasuredArray& keep(MeasuredArray array);
  void load_inputs(const MeasurementRequest& request);

  const Plugin& plugin_;
  const lyap_model* model_;
  const Task* task_;
  const Surroundings& surroundings_;
  std::filesystem::path fields_;
  std::optional<FieldFile> file_;  // made by the first announcement
  std::map<std::string, const MeasuredArray*> inputs_;
  std::map<std::string, std::vector<std::string>> words_;  // of ports that were asked for
  std::map<std::string, std::vector<double>> loaded_;      // of inputs that lay in a file
  Measurement measurement_;
};

}  // namespace lyap::framework
