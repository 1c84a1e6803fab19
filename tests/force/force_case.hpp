// tests/force/force_case.hpp - a FORCE network of an independent program, and the same network made
// of our plugins.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "data/safetensors.hpp"
#include "lyap/views.hpp"
#include "run/trial.hpp"

namespace lyap::testing {

/// A file force_*.safetensors: the first weights and state of a network of the reference program,
/// what it did while it learned 15 epochs of 1200 steps, and what the frozen network did then.
class ForceCase {
 public:
  explicit ForceCase(const std::filesystem::path& file);

  std::string name() const { return file_.stem().string(); }
  std::vector<double> numbers(const std::string& tensor) const;
  double number(const std::string& tensor) const { return numbers(tensor).at(0); }

  /// The network before and after learning, as a file of weights with what it carries.
  void write_begin(const std::filesystem::path& path) const;
  void write_end(const std::filesystem::path& path) const;
  /// A plan on this network's signal that begins with such a file; `train` and `measure` as they
  /// stand under these words of a pipeline, `with` beside the cell's sizes.
  framework::Plan plan(const framework::Catalog& catalog, const std::filesystem::path& weights,
                       const std::string& train, const std::string& measure = "[]",
                       const std::string& with = "derivative: exact") const;

 private:
  void write(const std::filesystem::path& path, const std::vector<double>& readout,
             const std::vector<double>& state, const std::vector<double>& feedback) const;

  std::filesystem::path file_;
  framework::TensorFile tensors_;
};

framework::Plan plan_of(const std::string& pipeline, const framework::Catalog& catalog);

/// What recursive least squares makes of the trial's network in the first steps of its signal.
struct Learned {
  Matrix outputs;  ///< 1 x steps: z before each update
  Matrix errors;   ///< 1 x steps: z - f
  Matrix P, w, state;
};
Learned learn(const framework::Trial& trial, Index steps, Index every, double alpha);

}  // namespace lyap::testing
