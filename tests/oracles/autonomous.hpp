// tests/oracles/autonomous.hpp - a network on its own output, and J of its whole map by
// differences.
#pragma once
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>

#include "../framework/temporary_folder.hpp"
#include "chain.hpp"

namespace lyap::oracles {

/// A random next-step network of ours with as many outputs as inputs; three units a layer.
class Autonomous {
 public:
  using MatrixXd = Eigen::MatrixXd;
  using VectorXd = Eigen::VectorXd;
  /// What stands under `task`, once its files are in the folder.
  using Task = std::function<std::string(const std::filesystem::path& folder)>;

  /// inputs x steps drive it before the loop is closed.
  Autonomous(const std::string& cell, int layers, const Task& task, MatrixXd inputs)
      : inputs_(std::move(inputs)),
        network{task(folder_->path()),
                fmt::format("{{use: {}, layers: {}, with: {{units: 3}}, readout: {{init: {{weight: "
                            "normal}}}}}}",
                            cell, layers)},
        plan_(network.plan("loop: closed, steps: 1")),
        trial_(std::make_unique<framework::Trial>(*plan_, surroundings())),
        model_(trial_->model(trial_->first_weights())) {}

  /// As analyses open it: the kernel knows from the task what is fed back.
  std::unique_ptr<framework::Pass> open(bool closed_loop) const {
    lyap_pass_request request{};
    request.size = sizeof request;
    request.dtype = LYAP_F64;
    request.batch = 1;
    request.steps = inputs_.cols();
    request.closed_loop = closed_loop;
    return model_->open(request);
  }
  /// The state after one step of the loop.
  VectorXd next(const VectorXd& state) const {
    const auto step = open(true);
    step->start({state.data(), state.size(), 1, state.size(), LYAP_F64, 0});
    step->run(1, {});
    return state_of(*step, 1);
  }
  /// By central differences; error about h^2 = 1e-10 and eps / h = 1e-11.
  MatrixXd J(const VectorXd& state) const {
    constexpr double h = 1e-5;
    MatrixXd J(state.size(), state.size());
    for (Eigen::Index j = 0; j < state.size(); ++j) {
      const VectorXd e = h * VectorXd::Unit(state.size(), j);
      J.col(j) = (next(state + e) - next(state - e)) / (2 * h);
    }
    return J;
  }
  /// The state after all inputs.
  VectorXd synchronised() const {
    const auto driven = open(false);
    driven->run(inputs_.cols(),
                {inputs_.data(), inputs_.rows(), inputs_.cols(), inputs_.rows(), LYAP_F64, 0});
    return state_of(*driven, inputs_.cols());
  }
  /// Of the kernel's Jacobians at these steps of one run, against differences.
  double largest_error_of_J(std::initializer_list<int> steps) const {
    const VectorXd state = synchronised();
    const Eigen::Index n = state.size();
    const auto loop = open(true);
    loop->start({state.data(), n, 1, n, LYAP_F64, 0});
    loop->run(inputs_.cols(), {});
    double largest = 0;
    for (const int t : steps) {
      MatrixXd found(n, n);
      loop->jacobian(t, 0, LYAP_FULL_STATE, nullptr, nullptr, {found.data(), n, n, n, LYAP_F64, 0});
      largest = std::max(largest, (found - J(state_of(*loop, t - 1))).cwiseAbs().maxCoeff());
    }
    return largest;
  }

 private:
  static VectorXd state_of(const framework::Pass& pass, std::int64_t t) {
    VectorXd state(pass.network().order().rows(LYAP_FULL_STATE));
    pass.state(t, {state.data(), state.size(), 1, state.size(), LYAP_F64, 0});
    return state;
  }

  std::unique_ptr<TemporaryFolder> folder_ = std::make_unique<TemporaryFolder>();
  MatrixXd inputs_;

 public:
  Network network;

 private:
  std::unique_ptr<framework::Plan> plan_;
  std::unique_ptr<framework::Trial> trial_;
  std::unique_ptr<framework::Model> model_;
};

/// Exponents of the block of J that a scope sees, by a QR decomposition at every step.
inline Numbers by_differences(const Autonomous& a, Eigen::Index rows, int steps) {
  Eigen::VectorXd state = a.synchronised();
  Eigen::MatrixXd Q = Eigen::MatrixXd::Identity(rows, rows);
  Eigen::VectorXd growth = Eigen::VectorXd::Zero(rows);
  for (int t = 0; t < steps; ++t) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(a.J(state).topLeftCorner(rows, rows) * Q);
    Q = qr.householderQ();
    growth += qr.matrixQR().diagonal().cwiseAbs().array().log().matrix();
    state = a.next(state);
  }
  growth /= steps;
  return {growth.begin(), growth.end()};
}

}  // namespace lyap::oracles
