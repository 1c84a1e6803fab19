// tests/oracles/chain.hpp - a network whose exponents are known, through the whole chain: pipeline
// text, task, cell and spectrum plugins.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/safetensors.hpp"
#include "run/run.hpp"

namespace lyap::oracles {

using Numbers = std::vector<double>;

/// The same spectrum is computed by both: every answer must hold for both.
inline const std::string methods[] = {"lu", "householder"};
/// Products of J and of its transpose.
inline const std::string orientations[] = {"forward", "transposed"};

/// A task at rest: zero input of this size.
std::string silence(int inputs = 1);
/// N(0, variance) input.
std::string noise(int inputs, double variance);

/// A network under test; what stands under `task` and `cell` of a pipeline.
struct Network {
  std::string task, cell;

  std::unique_ptr<framework::Plan> plan(const std::string& spectrum_options) const;
  /// One run of the spectrum; `options` is what stands in the braces of `with`.
  framework::Measurement spectrum(const std::string& options) const;
  /// The mean exponents alone.
  Numbers exponents(const std::string& options) const;
};

/// What every network here is opened with: two workers, seed 1, no log.
const framework::Surroundings& surroundings();

/// Tensors of known/NAME.safetensors.
class KnownTensors {
 public:
  explicit KnownTensors(const std::string& name);
  const std::filesystem::path& file() const { return file_; }
  Numbers operator[](const std::string& tensor) const;

 private:
  std::filesystem::path file_;
  framework::TensorFile tensors_;
};

/// A number of known/known_answers.json by its keys, outermost first.
double known_number(const std::vector<std::string>& keys);
/// An array of it.
Numbers known_numbers(const std::vector<std::string>& keys);

/// `weights: {file: ...}` with a file of these tensors, written into the folder.
struct NamedValues {
  std::string name;
  std::vector<std::int64_t> shape;
  Numbers values;  ///< last index fastest
};
std::string weights(const std::filesystem::path& folder, const std::vector<NamedValues>& tensors);

/// A task that feeds these numbers [steps, inputs], or [sequences, steps, inputs].
std::string array_task(const std::filesystem::path& folder, const std::vector<std::int64_t>& shape,
                       const Numbers& values);
/// Options of the spectrum that begin there: [runs, state].
std::string start_at(const std::filesystem::path& folder, const std::vector<std::int64_t>& shape,
                     const Numbers& values);

/// max |a - b|, where two minus infinities agree; infinite for NaN and for different lengths.
double largest_difference(const Numbers& a, const Numbers& b);
double sum(const Numbers& values, std::size_t from = 0, std::size_t count = SIZE_MAX);

}  // namespace lyap::oracles
