// gradient/comparison.hpp - one run of the network: its gradient from Q and R beside that of
// back-propagation through time.
#pragma once
#include <algorithm>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "finite_means.hpp"
#include "gradient/forms.hpp"
#include "gradient/frame_history.hpp"
#include "gradient/settings.hpp"

namespace lyap::gradient {

/// Cell weights, by their place in Model::weights: the readout's are no matter of tangent vectors.
inline std::vector<std::size_t> cell_weights(const Model& model) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < model.weights().size(); ++i)
    if (!std::string_view(model.weights()[i].name).starts_with("readout.")) found.push_back(i);
  return found;
}

/// max |a - b| / max |b|; missing when b is zero throughout.
inline double relative_error(In a, In b) {
  const double scale = b.size() ? b.cwiseAbs().maxCoeff() : 0;
  return scale > 0 ? (a - b).cwiseAbs().maxCoeff() / scale : analyses::missing;
}

/// Has room for one run at a time. [one thread per object]
class Comparison {
 public:
  Comparison(const Model& model, const Data& data, const Settings& settings,
             const Sequences& sequences, Index segment, const Host& host)
      : model_(model),
        data_(data),
        settings_(settings),
        split_(sequences.split),
        n_(model.state(settings.frames.scope)),
        steps_(sequences.steps),
        history_(host, settings.frames, n_, steps_, segment),
        coordinates_(n_, steps_ + 1),
        gradient_(model.state(), steps_ + 1) {
    const lyap_task_shape& task = data.shape();
    input_.resize(task.inputs, steps_);
    target_.resize(task.targets, task.last_step_only ? 1 : steps_);
    adjoints_.states.resize(model.state(), steps_ + 1);
    adjoints_.direct.resize(model.state(), steps_);
    for (const lyap_weight& w : model.weights()) adjoints_.weights.emplace_back(w.rows, w.cols);
    assembled_.resize(model.weights().size());
    for (const std::size_t i : cell_weights(model))
      assembled_[i].resize(model.weights()[i].rows, model.weights()[i].cols);
  }

  /// start: state x 1, or without columns for the cell's own; first: Q_0; `stream` is that of the
  /// cell's noise.
  void run(std::int64_t sequence, const Matrix& start, const Matrix& first,
           const std::string& stream) {
    const std::int64_t which[] = {sequence};
    data_.fetch({split_, which}, input_, target_);
    Pass pass = model_.begin(1, steps_, false, stream);
    if (start.cols() > 0)
      pass.start(start);
    else
      pass.start();
    pass.run(input_);
    for (Matrix& w : adjoints_.weights) w.setZero();
    pass.backward(target_, adjoints_, settings_.at);
    gradient_.setZero();  // the rows outside the scope stay so
    if (settings_.form == Form::Forward)
      forward_form(history_, pass, first, adjoints_.direct.topRows(n_), coordinates_,
                   gradient_.topRows(n_));
    else
      evaluate_printed(pass, first);
    compare_states();
    compare_weights(pass);
  }

  const Matrix& adjoint() const { return adjoints_.states; }  ///< state x steps+1
  const Matrix& coordinates() const { return coordinates_; }  ///< n x steps+1
  double state_error() const { return state_error_; }         ///< relative to the largest adjoint
  const Vector& weight_errors() const { return weight_errors_; }  ///< one a cell weight

 private:
  void evaluate_printed(const Pass& pass, const Matrix& first) {
    coordinates_.setConstant(analyses::missing);
    const auto direct = adjoints_.direct.topRows(n_);
    std::vector<Index> losses;
    for (Index t = 1; t <= steps_; ++t)
      if (!direct.col(t - 1).isZero(0)) losses.push_back(t);
    history_.fill(pass, first);
    for (const Index t : settings_.evaluated(steps_)) {
      gradient_.col(t).head(n_) = printed_form(history_, direct, losses, t);
      coordinates_.col(t).noalias() = history_.Q(t).transpose() * gradient_.col(t).head(n_);
    }
  }

  void compare_states() {
    const auto wanted = adjoints_.states.topRows(n_);
    const double scale = wanted.cwiseAbs().maxCoeff();
    state_error_ = scale > 0 ? 0 : analyses::missing;
    if (scale == 0) return;
    for (const Index t : settings_.evaluated(steps_))
      state_error_ = std::max(
          state_error_, (gradient_.col(t).head(n_) - wanted.col(t)).cwiseAbs().maxCoeff() / scale);
  }

  /// dL/dW = sum_t (ds_t/dW)^T Q_t v_t, t = 0 for a start that the cell learns.
  void compare_weights(const Pass& pass) {
    const std::vector<std::size_t> weights = cell_weights(model_);
    weight_errors_ = Vector::Constant(static_cast<Index>(weights.size()), analyses::missing);
    if (static_cast<Index>(settings_.evaluated(steps_).size()) <= steps_) return;
    for (const std::size_t i : weights) assembled_[i].setZero();
    for (Index t = 0; t <= steps_; ++t) pass.pull_weights(t, gradient_.col(t), assembled_);
    for (std::size_t i = 0; i < weights.size(); ++i)
      weight_errors_[static_cast<Index>(i)] =
          relative_error(assembled_[weights[i]], adjoints_.weights[weights[i]]);
  }

  const Model& model_;
  const Data& data_;
  const Settings& settings_;
  Split split_;
  Index n_, steps_;
  FrameHistory history_;
  Matrix input_, target_, coordinates_, gradient_;
  Pass::Adjoints adjoints_;
  std::vector<Matrix> assembled_;
  double state_error_ = 0;
  Vector weight_errors_;
};

}  // namespace lyap::gradient
