// framework/model/task.hpp - a task as the training step and the loss see it.
#pragma once
#include <cstdint>
#include <string>

#include "lyap/abi.h"
#include "model/figures.hpp"

namespace lyap::framework {

/// A task that somebody else keeps alive; errors of the plugin come as exceptions.
class TaskView {
 public:
  TaskView(std::string id, const lyap_task_ops& ops, const lyap_task* task);

  /// "task 'smnist'", to begin sentences with.
  const std::string& who() const { return who_; }
  const lyap_task_shape& shape() const { return *ops_->shape(task_); }
  /// Operands as lyap_task_ops::fetch and drive.  [any thread]
  void fetch(std::int32_t split, const std::int64_t* which, std::int64_t count, lyap_matrix input,
             lyap_matrix target) const;
  void drive(std::int32_t split, const std::int64_t* which, std::int64_t count, std::int64_t from,
             std::int64_t steps, lyap_matrix input) const;
  /// Mean loss of LYAP_OWN_LOSS; the gradient may have no data.
  double own_loss(lyap_const_matrix prediction, lyap_const_matrix target,
                  lyap_matrix gradient) const;
  /// True when it has figures of its own beside the loss.
  bool has_metrics() const { return ops_->metrics != nullptr; }
  /// Its figures of whole sequences, means over them; needs has_metrics().
  Figures metrics(lyap_const_matrix prediction, lyap_const_matrix target) const;

 private:
  std::string who_;
  const lyap_task_ops* ops_;
  const lyap_task* task_;
};

}  // namespace lyap::framework
