// framework/model/feedback.cpp - what a network in closed loop takes for its next input.
#include "model/feedback.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace lyap::framework {
namespace {

/// exp(y - max y) / sum exp(y - max y), so that no score is too large.
template <class T>
void softmax(const lyap_matrix& y) {
  for (std::int64_t j = 0; j < y.cols; ++j) {
    T* column = static_cast<T*>(y.data) + j * y.stride;
    const double top = *std::max_element(column, column + y.rows);
    double sum = 0;
    for (std::int64_t i = 0; i < y.rows; ++i) {
      column[i] = static_cast<T>(std::exp(column[i] - top));
      sum += column[i];
    }
    for (std::int64_t i = 0; i < y.rows; ++i) column[i] = static_cast<T>(column[i] / sum);
  }
}

/// v_i = p_i (v_i - p.v).
template <class T>
void softmax_tangents(const lyap_const_matrix& p, const lyap_matrix& tangents) {
  const std::int64_t k = tangents.cols / p.cols;
  for (std::int64_t j = 0; j < tangents.cols; ++j) {
    const T* chance = static_cast<const T*>(p.data) + j / k * p.stride;
    T* v = static_cast<T*>(tangents.data) + j * tangents.stride;
    double mean = 0;
    for (std::int64_t i = 0; i < p.rows; ++i) mean += static_cast<double>(chance[i]) * v[i];
    for (std::int64_t i = 0; i < p.rows; ++i) v[i] = static_cast<T>(chance[i] * (v[i] - mean));
  }
}

}  // namespace

Feedback feedback_of(const lyap_task_shape& task) {
  return task.loss == LYAP_CROSS_ENTROPY ? Feedback::Softmax : Feedback::Output;
}

void feed_back(Feedback feedback, const lyap_matrix& y) {
  if (feedback == Feedback::Output) return;
  if (y.dtype == LYAP_F32)
    softmax<float>(y);
  else
    softmax<double>(y);
}

void feed_back_tangents(Feedback feedback, const lyap_const_matrix& x,
                        const lyap_matrix& tangents) {
  if (feedback == Feedback::Output) return;
  if (tangents.dtype == LYAP_F32)
    softmax_tangents<float>(x, tangents);
  else
    softmax_tangents<double>(x, tangents);
}

}  // namespace lyap::framework
