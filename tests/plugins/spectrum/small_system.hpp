// tests/plugins/spectrum/small_system.hpp - maps and inputs that a test writes down, and what the
// analysis said about them.
#pragma once
#include <functional>
#include <lyap/lyap.hpp>
#include <map>
#include <string>
#include <vector>

namespace small_kernel {

using lyap::Index;
using lyap::Matrix;
using lyap::Vector;

/// s_t = map(t, b, x_t, s_{t-1}) of sequence b with its Jacobian; t counts from 1.
struct System {
  using Map = std::function<Vector(Index t, Index b, const Vector& x, const Vector& s)>;
  using Derivative = std::function<Matrix(Index t, Index b, const Vector& x, const Vector& s)>;
  Index size;
  Map map;
  Derivative J;
  Index inputs = 1;
  Index hidden = size;  ///< the leading block of J
  Index capacity = 7;   ///< of a pass: small, so that every test crosses chunks
  /// x_t = feedback(s_{t-1}) in closed loop; J there is what `J` says of that x.
  std::function<Vector(const Vector& s)> feedback = [](const Vector& s) { return s; };
  /// What the readout says of a state; without it, what is fed back.
  std::function<Vector(const Vector& s)> output = nullptr;
};

/// The same Jacobians for every sequence; the state stays where it is.
inline System prescribed(std::vector<Matrix> jacobians) {
  const Index size = jacobians.front().rows();
  return {size, [](Index, Index, const Vector&, const Vector& s) { return s; },
          [jacobians](Index t, Index, const Vector&, const Vector&) {
            return jacobians[static_cast<std::size_t>(t - 1) % jacobians.size()];
          }};
}

/// What the task looks like; inputs(b, t) with t from 0.
struct Task {
  Index drive_steps = 0;
  Index steps = 0;
  Index validation = 0, test = 0, train = 0;
  Index drive_count = 0;
  std::function<double(Index b, Index t)> input = [](Index, Index) { return 0.0; };
  bool next_step = false;
  Index inputs = 1;  ///< above 1 `input` says which of them is 1, the others are 0
  Index outputs = 1;
  lyap::Loss loss = lyap::Loss::None;
  double step_time = 0;
};

struct Result {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  /// Row-major two-dimensional results as rows x columns.
  Matrix matrix() const {
    return Eigen::Map<const Matrix>(values.data(), shape[1], shape[0]).transpose();
  }
  Vector vector() const {
    return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
  }
};

struct Outcome {
  std::map<std::string, Result> results;
  std::map<std::string, std::string> notes;
  std::vector<std::string> warnings;
  const Result& operator[](const std::string& port) const { return results.at(port); }
  Vector exponents() const { return results.at("spectrum").vector(); }
};

using Options = std::map<std::string, std::string>;

}  // namespace small_kernel
