// framework/model/feedback.hpp - what a network in closed loop takes for its next input.
#pragma once
#include "lyap/abi.h"

namespace lyap::framework {

enum class Feedback {
  Output,  ///< x_{t+1} = y_t
  /// x_{t+1} = softmax(y_t): of scores of classes the expected one-hot input.  Drawing a class, or
  /// taking the likeliest, would leave a loop that is random or has no derivative.
  Softmax
};

/// What the outputs of a network are that was trained on this task.
Feedback feedback_of(const lyap_task_shape& task);

/// The outputs y become the inputs that follow them; one column a sample.
void feed_back(Feedback feedback, const lyap_matrix& y);

/// tangents = (dx/dy) tangents, k a sample; x: what feed_back made, one column a sample.  Both
/// derivatives, 1 and diag(x) - x x^T, are symmetric: adjoints go the same way.
void feed_back_tangents(Feedback feedback, const lyap_const_matrix& x, const lyap_matrix& tangents);

}  // namespace lyap::framework
