// tests/parity/fixture.hpp - one case: reference tensors, their tolerances, and the pipeline that
// builds the same network from our plugins.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/safetensors.hpp"

namespace lyap::parity {

/// A tensor's numbers with its shape, last index fastest.
struct Reference {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

struct Fixture {
  std::string name, architecture;
  std::filesystem::path file;
  nlohmann::json sidecar;
  framework::TensorFile tensors;

  std::int64_t batch, steps, state, hidden;

  bool has(const std::string& tensor) const { return tensors.tensors.count(tensor) > 0; }
  Reference reference(const std::string& tensor) const;
  /// What belongs to our weight ("cell.weight_ih_l0", "readout.bias") among the parameters begun
  /// with `prefix`: "param.", "grad_seq.param.".
  Reference weight(const std::string& prefix, const std::string& ours) const;
  double tolerance(const std::string& key) const {
    return sidecar.at("suggested_tolerances").at(key).get<double>();
  }
};

/// NAME.safetensors with NAME.json beside it.
Fixture read_fixture(const std::filesystem::path& file);

/// One of our tensors: parameters of the fixture on top of each other.
struct TensorOf {
  std::string name;
  std::vector<std::string> pieces;
  bool spare = false;  ///< a second bias beside one that has the numbers: zero, same gradient
};

/// Our cell for an architecture of the fixtures; empty id when the table has none.
struct CellOf {
  std::string id;
  std::string options;            ///< as they stand in braces; {eps} is a hyperparameter
  std::vector<TensorOf> tensors;  ///< none: the fixture has our names
};
CellOf cell_of(const Fixture& fixture);

/// A pipeline on the fixture's own inputs, targets (every step, or the last alone) and weights;
/// writes the .npy files it needs into `folder`. `measures` is put under `measure`.
std::string pipeline_of(const Fixture& fixture, const std::filesystem::path& folder,
                        bool last_step_only, const std::string& measures);

}  // namespace lyap::parity
