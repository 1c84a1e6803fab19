// framework/model/loss.hpp - how wrong predictions are, and which way is better.
#pragma once
#include <cstdint>

#include "lyap/abi.h"
#include "model/task.hpp"

namespace lyap::framework {

/// Sums over columns, made in float64 whatever the dtype of the operands.
struct LossSum {
  double loss = 0;  ///< of the columns' losses: nats for cross entropy, else means over the rows
  std::int64_t columns = 0;
  std::int64_t correct = 0;  ///< columns whose largest output is the target's class
  bool classes = false;      ///< targets are classes, so that `correct` means something

  double mean() const { return loss / static_cast<double>(columns); }
  /// NaN unless the targets are classes.
  double accuracy() const;
  LossSum& operator+=(const LossSum& other);
};

/// The loss of the task over the columns of prediction (outputs x n) and target (targets x n).
/// gradient (outputs x n, or no data) = scale times the derivative of the sum by the prediction.
/// InputError: the task has no loss, the shapes do not fit, or a class is not one of the outputs.
LossSum evaluate_loss(const TaskView& task, lyap_const_matrix prediction, lyap_const_matrix target,
                      double scale, lyap_matrix gradient);

}  // namespace lyap::framework
