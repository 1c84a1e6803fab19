// tests/plugins/measured.hpp - analyses of small networks, from the text of a pipeline to results.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <lyap/lyap.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "data/npy.hpp"
#include "data/safetensors.hpp"
#include "pipeline/read_yaml.hpp"
#include "run/measure.hpp"
#include "run/run.hpp"

namespace measured {

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;
using lyap::framework::MeasuredArray;
using lyap::framework::Measurement;

/// Two workers, seed 1; keeps the warnings.
struct Place {
  explicit Place(std::int64_t memory_budget = std::int64_t{1} << 30) {
    static lyap::framework::Workers workers(2);
    static const lyap::framework::DataFolders folders({});
    surroundings.workers = &workers;
    surroundings.folders = &folders;
    surroundings.memory_budget = memory_budget;
    surroundings.log = [this](int level, const std::string& sentence) {
      if (level == LYAP_WARNING) warnings.push_back(sentence);
    };
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  lyap::framework::Surroundings surroundings;
  std::vector<std::string> warnings;
};

/// A trial of a network with its measures; all three are what stands behind `task:`, `cell:` and in
/// the list of `measure:`.
struct Case {
  Case(const std::string& task, const std::string& cell, const std::string& measures,
       std::int64_t memory_budget = std::int64_t{1} << 30)
      : place(memory_budget),
        plan(plan_of(task, cell, measures)),
        trial(plan, place.surroundings) {}

  static lyap::framework::Plan plan_of(const std::string& task, const std::string& cell,
                                       const std::string& measures) {
    using namespace lyap::framework;
    static const Catalog catalog({LYAP_PLUGIN_DIR});
    const std::string text = fmt::format(
        "lyap: 1\nname: small\nprecision: {{train: float64, analysis: float64}}\n"
        "trials:\n  task: {}\n  cell: {}\n  measure: [{}]\n",
        task, cell, measures);
    const auto source = std::make_shared<Source>(Source{"small", text, ""});
    return resolve(parse(parse_yaml(source), "small"), catalog);
  }
  std::vector<Measurement> measure() const { return measure_weights(trial, trial.first_weights()); }

  /// What `lyap plan` asks of the first measure.
  lyap_estimate estimate() const {
    const lyap::framework::Analysis analysis(*plan.measures[0].plugin, plan.measures[0].with());
    return analysis.estimate(&trial.network().shape(), &trial.task().shape());
  }

  Place place;
  lyap::framework::Plan plan;
  lyap::framework::Trial trial;
};

/// The numbers of a result; with sequence first, and time second, as matrices of the last axes.
class Field {
 public:
  Field(const Measurement& m, const std::string& port) : array_(m.find(port)) {
    REQUIRE_MESSAGE(array_ != nullptr, ("no result " + port));
  }
  const std::vector<std::int64_t>& shape() const { return array_->shape; }
  const std::vector<double>& values() const { return array_->values; }
  Vector vector() const { return part(0, size()); }
  /// Of [sequence, time, rows] or [sequence, rows, time]: last axis x the one before.
  Matrix sequence(Index b) const {
    const Index rows = shape().back(), cols = shape()[shape().size() - 2];
    return part(b * rows * cols, rows * cols).reshaped(rows, cols);
  }
  /// Of [sequence, time, rows, cols]: rows x cols.
  Matrix at(Index b, Index t) const {
    const Index rows = shape()[2], cols = shape()[3];
    return part((b * shape()[1] + t) * rows * cols, rows * cols).reshaped(cols, rows).transpose();
  }
  std::string note(const std::string& key) const {
    for (const auto& [name, text] : array_->notes)
      if (name == key) return text;
    return "";
  }

 private:
  Index size() const { return static_cast<Index>(values().size()); }
  Vector part(Index from, Index count) const {
    REQUIRE(from + count <= size());
    return Eigen::Map<const Vector>(values().data() + from, count);
  }
  const MeasuredArray* array_;
};

inline std::string note(const Measurement& m, const std::string& key) {
  for (const auto& [name, text] : m.notes)
    if (name == key) return text;
  return "";
}

inline double gap(const Matrix& a, const Matrix& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  return a.size() ? (a - b).cwiseAbs().maxCoeff() : 0;
}

/// The sentence with which it is refused; "" when it is not.
template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

/// `{use: ID, with: {..}}`.
inline std::string use(const std::string& id, const std::string& with) {
  return "{use: " + id + ", with: {" + with + "}}";
}
inline std::string cell(const std::string& id, const std::string& with, int layers = 1,
                        const std::string& weights = "") {
  return fmt::format("{{use: {}, with: {{{}}}, layers: {}{}}}", id, with, layers,
                     weights.empty() ? "" : ", weights: {file: '" + weights + "'}");
}

/// A file with these weights, matrices row by row; its path.
inline std::string weights_file(const std::filesystem::path& folder,
                                const std::vector<std::pair<std::string, Matrix>>& weights) {
  lyap::framework::TensorFile file;
  for (const auto& [name, W] : weights) {
    const Matrix by_rows = W.transpose();
    std::vector<std::int64_t> shape{W.rows(), W.cols()};
    if (name.find("bias") != std::string::npos) shape = {W.size()};
    file.tensors[name] = lyap::framework::Tensor::of(
        shape, std::span<const double>(by_rows.data(), static_cast<std::size_t>(by_rows.size())));
  }
  write_safetensors(folder / "weights.safetensors", file);
  return (folder / "weights.safetensors").string();
}

/// Every cell there is, with a few units; `state: hidden` leaves something out of those that name
/// a second part of their state.
struct AnyCell {
  const char *id, *with;
  const char* second_part = "";
};
inline constexpr AnyCell every_cell[] = {
    {"rnn", "units: 5"},
    {"rnn", "units: 5, activation: relu"},
    {"lstm", "units: 4", "c"},
    {"gru", "units: 5"},
    {"asrnn", "units: 5, epsilon: 0.3"},
    {"asrnn", "units: 5, epsilon: 0.3, variant: gated"},
    {"cornn", "units: 4, dt: 0.4", "z"},
    {"lipschitz", "units: 5, epsilon: 0.3"},
    {"lipschitz", "units: 5, epsilon: 0.3, solver: midpoint"},
    {"noisy", "units: 5, epsilon: 0.3"},
    {"noisy", "units: 5, epsilon: 0.3, analysis_noise: true"},
    {"lem", "units: 4", "z"},
    {"rank1", "units: 6, feedback: inside, dt: 0.4"},
    {"ornn", "units: 5"},
    {"ornn", "units: 5, param: factorized, margin: 0.2, activation: tanh"},
    {"nnrnn", "units: 6"},
};

}  // namespace measured
