// framework/model/model.hpp - a network with its weights, its task and who computes its
// derivatives: what trainers and analyses are lent.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "lyap/abi.h"
#include "model/jacobian.hpp"
#include "model/network.hpp"
#include "model/pass.hpp"
#include "model/task.hpp"
#include "model/weights.hpp"

namespace lyap::framework {

/// Where a network was left: its full state and the input that comes next.  Empty: left nowhere.
struct Carried {
  std::vector<double> state, input;
};

class Model {
 public:
  /// The network must outlive the model.
  Model(const Network& network, Weights weights, std::unique_ptr<JacobianProvider> derivatives,
        std::uint64_t seed);

  const Network& network() const { return network_; }
  const JacobianProvider& derivatives() const { return *derivatives_; }
  /// The network's shape with the derivative in use.
  const lyap_model_shape& shape() const { return shape_; }

  /// The weights themselves, in the dtype they were given in.
  Weights& weights() { return weights_; }
  const Weights& weights() const { return weights_; }
  /// In this dtype: the weights themselves or a copy that stays until changed().  [any thread]
  const Weights& weights(std::int32_t dtype) const;
  /// The weights have other values now.  Passes see them from their next start on.
  void changed();

  /// The task whose loss backward passes take and by whose loss closed loops know what to feed
  /// back; must outlive the model.
  void set_task(const TaskView* task) { task_ = task; }
  /// InputError when there is none.
  const TaskView& task() const;

  /// Where a trainer, or the file of the weights, left the network.
  const Carried& carried() const { return carried_; }
  void set_carried(Carried carried) { carried_ = std::move(carried); }

  /// Bytes for the chunk of a pass that leaves its length open.
  void set_memory_budget(std::int64_t bytes) { memory_budget_ = bytes; }

  /// InputError as Pass.  In closed loop the output is fed back, or its softmax when the task's
  /// loss is that of classes.
  std::unique_ptr<Pass> open(const lyap_pass_request& request) const;

 private:
  const Network& network_;
  Weights weights_;
  std::unique_ptr<JacobianProvider> derivatives_;
  std::uint64_t seed_;
  lyap_model_shape shape_;
  const TaskView* task_ = nullptr;
  Carried carried_;
  std::int64_t memory_budget_ = PassRequest{}.memory_budget;
  mutable std::mutex mutex_;  // guards converted_
  mutable std::unique_ptr<Weights> converted_;
  mutable bool stale_ = true;
};

}  // namespace lyap::framework
