// tests/plugins/perturbation/small_run.hpp - perturbations of small networks through the whole
// chain, and the same network written out by hand.
#pragma once
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "../../framework/temporary_folder.hpp"
#include "data/npy.hpp"
#include "data/safetensors.hpp"
#include "lyap/views.hpp"
#include "pipeline/read_yaml.hpp"
#include "run/run.hpp"

namespace small_run {

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;
namespace framework = lyap::framework;

/// A pipeline's measures on its first weights.
class Run {
 public:
  /// `measure` is a list of measures, `rest` further lines below `trials`.
  Run(const std::string& task, const std::string& cell, const std::string& measure, int workers = 2)
      : workers_(workers), folders_({}) {
    static const framework::Catalog catalog({LYAP_PLUGIN_DIR});
    const std::string text = "lyap: 1\nname: perturbed\ntrials:\n  task: " + task +
                             "\n  cell: " + cell + "\n  measure: " + measure + "\n";
    const auto source =
        std::make_shared<framework::Source>(framework::Source{"perturbed", text, ""});
    plan_ =
        framework::resolve(framework::parse(framework::parse_yaml(source), "perturbed"), catalog);
    surroundings_.workers = &workers_;
    surroundings_.folders = &folders_;
    surroundings_.log = [this](int level, const std::string& sentence) {
      if (level == LYAP_WARNING) warnings.push_back(sentence);
    };
    trial_ = std::make_unique<framework::Trial>(plan_, surroundings_);
    measured_ = framework::measure_weights(*trial_, trial_->first_weights());
  }

  const framework::Trial& trial() const { return *trial_; }
  const framework::Measurement& measurement(std::size_t i = 0) const { return measured_.at(i); }
  const framework::MeasuredArray& operator[](const std::string& port) const {
    const framework::MeasuredArray* array = measurement().find(port);
    REQUIRE_MESSAGE(array, port);
    return *array;
  }
  /// The number at a place of a result.
  double at(const std::string& port, const std::vector<Index>& place) const {
    const framework::MeasuredArray& array = (*this)[port];
    REQUIRE(place.size() == array.shape.size());
    Index index = 0;
    for (std::size_t axis = 0; axis < place.size(); ++axis)
      index = index * array.shape[axis] + place[axis];
    return array.values.at(static_cast<std::size_t>(index));
  }
  std::string note(const std::string& key) const { return found(measurement().notes, key); }
  std::string note(const std::string& port, const std::string& key) const {
    return found((*this)[port].notes, key);
  }

  std::vector<std::string> warnings;

 private:
  static std::string found(const std::vector<std::pair<std::string, std::string>>& notes,
                           const std::string& key) {
    for (const auto& [name, text] : notes)
      if (name == key) return text;
    return "no note " + key;
  }

  framework::Workers workers_;
  framework::DataFolders folders_;
  framework::Surroundings surroundings_;
  framework::Plan plan_;
  std::unique_ptr<framework::Trial> trial_;
  std::vector<framework::Measurement> measured_;
};

inline std::string perturbation(const std::string& options) {
  return "[{use: perturbation, with: {" + options + "}}]";
}

/// The sentence with which something fails.
template <class F>
std::string said(F&& f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing";
}

/// h' = tanh(W x + V h), y = C h after the last step, classes; and its sequences in files.
struct Network {
  Matrix W, V, C;
  std::vector<Matrix> x;     ///< one a sequence, inputs x steps
  std::vector<Index> label;  ///< one a sequence

  Index steps() const { return x.front().cols(); }

  Vector logits(const Matrix& sequence) const {
    Vector h = Vector::Zero(V.rows());
    for (Index t = 0; t < sequence.cols(); ++t)
      h = (W * sequence.col(t) + V * h).array().tanh().matrix();
    return C * h;
  }
  double loss(const Matrix& sequence, Index k) const {
    const Vector y = logits(sequence);
    return std::log((y.array() - y.maxCoeff()).exp().sum()) - (y[k] - y.maxCoeff());
  }
  double loss(std::size_t s) const { return loss(x[s], label[s]); }

  /// steps: |J_t q_{t-1}| from the first unit vector, with J_t or its transpose.
  Vector r(std::size_t s, bool transposed = false) const {
    Vector h = Vector::Zero(V.rows()), q = Vector::Unit(V.rows(), 0), r(steps());
    for (Index t = 0; t < steps(); ++t) {
      h = (W * x[s].col(t) + V * h).array().tanh().matrix();
      const Matrix J = (1 - h.array().square()).matrix().asDiagonal() * V;
      q = transposed ? Vector(J.transpose() * q) : Vector(J * q);
      r[t] = q.norm();
      q /= r[t];
    }
    return r;
  }

  /// Central differences of the loss: norms by step.
  Vector input_gradient(std::size_t s) const {
    Vector norms(steps());
    const double h = 1e-5;
    for (Index t = 0; t < steps(); ++t) {
      Vector g(W.cols());
      for (Index i = 0; i < W.cols(); ++i) {
        Matrix up = x[s], down = x[s];
        up(i, t) += h, down(i, t) -= h;
        g[i] = (loss(up, label[s]) - loss(down, label[s])) / (2 * h);
      }
      norms[t] = g.norm();
    }
    return norms;
  }

  /// `task` and `cell` of a pipeline that reads this network's files; all sequences are training's.
  std::string task(const TemporaryFolder& folder) const {
    std::vector<double> values, labels;
    for (std::size_t s = 0; s < x.size(); ++s) {
      values.insert(values.end(), x[s].data(), x[s].data() + x[s].size());
      labels.push_back(static_cast<double>(label[s]));
    }
    const auto S = static_cast<std::int64_t>(x.size());
    framework::write_npy(folder / "inputs.npy", {S, steps(), W.cols()},
                         std::span<const double>(values));
    framework::write_npy(folder / "labels.npy", {S}, std::span<const double>(labels));
    return "{use: arrays, with: {inputs: '" + (folder / "inputs.npy").string() + "', targets: '" +
           (folder / "labels.npy").string() + "', classes: " + std::to_string(C.rows()) +
           ", fractions: [1, 0]}}";
  }
  std::string cell(const TemporaryFolder& folder) const {
    framework::TensorFile file;
    const auto put = [&](const std::string& name, const Matrix& m) {
      const Matrix rows = m.transpose();  // files are row-major
      file.tensors[name] = framework::Tensor::of(
          {m.rows(), m.cols()},
          std::span<const double>(rows.data(), static_cast<std::size_t>(rows.size())));
    };
    put("cell.weight_ih_l0", W), put("cell.weight_hh_l0", V), put("readout.weight", C);
    framework::write_safetensors(folder / "weights.safetensors", file);
    return "{use: rnn, with: {units: " + std::to_string(V.rows()) +
           ", bias: none}, readout: {bias: off}, weights: {file: '" +
           (folder / "weights.safetensors").string() + "'}}";
  }
};

/// Numbers in [-1, 1) that look random and are the same everywhere.
inline Matrix numbers(Index rows, Index cols, double seed) {
  Matrix m(rows, cols);
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) {
      const double v = std::sin(12.9898 * (i + 1) + 78.233 * (j + 1) + 37.719 * seed) * 43758.5453;
      m(i, j) = 2 * (v - std::floor(v)) - 1;
    }
  return m;
}

/// Five sequences of eight steps; inputs below 0.2 are 0, so that flips go both ways.
inline Network small_network(Index inputs = 1) {
  Network n{2 * numbers(4, inputs, 1), 1.2 * numbers(4, 4, 2), 3 * numbers(3, 4, 3), {}, {}};
  for (int s = 0; s < 5; ++s) {
    Matrix x = numbers(inputs, 8, 10 + s).cwiseAbs();
    x = (x.array() < 0.2).select(0.0, x);
    n.x.push_back(x);
    n.label.push_back(s % 3);
  }
  return n;
}

}  // namespace small_run
