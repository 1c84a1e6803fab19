// framework/model/loss.cpp - how wrong predictions are, and which way is better.
#include "model/loss.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "linalg/matrix.hpp"
#include "lyap/elementwise.hpp"

namespace lyap::framework {
namespace {

/// One column of each operand; gradient may be null.
template <class T>
struct Column {
  const T* prediction;
  const T* target;
  T* gradient;
  std::int64_t rows;
};

std::int64_t class_of(double value, std::int64_t rows, std::int64_t column, const TaskView& task) {
  if (value >= 0 && value < static_cast<double>(rows) && value == std::floor(value))
    return static_cast<std::int64_t>(value);
  throw InputError(task.who() + ": target " + shortest(value) + " in column " +
                   std::to_string(column) + " is not a class 0 .. " + std::to_string(rows - 1) +
                   " of the readout");
}

/// e[i] = exp(y[i] - top), for run_wide: std::exp is called number by number.
struct Exponentials {
  template <class T>
  [[gnu::always_inline]] static void run(const T* y, double top, double* e, std::int64_t rows) {
    for (std::int64_t i = 0; i < rows; ++i)
      e[i] = elementwise::decay(top - static_cast<double>(y[i])).value();
  }
};
/// gradient = scale e / sum.
struct Softmax {
  template <class T>
  [[gnu::always_inline]] static void run(const double* e, double factor, T* out,
                                         std::int64_t rows) {
    for (std::int64_t i = 0; i < rows; ++i) out[i] = static_cast<T>(e[i] * factor);
  }
};

/// -ln softmax(y)_k = ln sum exp(y - max y) - (y_k - max y); gradient softmax(y) - e_k. `largest`
/// is the row of max y; `e` has room for a number a row.
template <class T>
double cross_entropy(const Column<T>& c, std::int64_t k, std::int64_t largest, double scale,
                     double* e) {
  const double top = c.prediction[largest];
  run_wide<Exponentials>(c.prediction, top, e, c.rows);
  const double sum = std::accumulate(e, e + c.rows, 0.0);
  if (c.gradient) {
    run_wide<Softmax>(static_cast<const double*>(e), scale / sum, c.gradient, c.rows);
    c.gradient[k] = static_cast<T>(scale * (e[k] / sum - 1));
  }
  return std::log(sum) - (c.prediction[k] - top);
}

template <class T>
double mean_squared(const Column<T>& c, double scale) {
  double sum = 0;
  for (std::int64_t i = 0; i < c.rows; ++i) {
    const double error = static_cast<double>(c.prediction[i]) - c.target[i];
    sum += error * error;
    if (c.gradient) c.gradient[i] = static_cast<T>(scale * 2 * error / static_cast<double>(c.rows));
  }
  return sum / static_cast<double>(c.rows);
}

template <class T>
double mean_absolute(const Column<T>& c, double scale) {
  double sum = 0;
  for (std::int64_t i = 0; i < c.rows; ++i) {
    const double error = static_cast<double>(c.prediction[i]) - c.target[i];
    sum += std::abs(error);
    const double sign = error > 0 ? 1 : error < 0 ? -1 : 0;
    if (c.gradient) c.gradient[i] = static_cast<T>(scale * sign / static_cast<double>(c.rows));
  }
  return sum / static_cast<double>(c.rows);
}

template <class T>
LossSum sum_columns(const TaskView& task, const lyap_const_matrix& prediction,
                    const lyap_const_matrix& target, double scale, const lyap_matrix& gradient) {
  const std::int32_t kind = task.shape().loss;
  LossSum sum{0, prediction.cols, 0, kind == LYAP_CROSS_ENTROPY};
  std::vector<double> e(static_cast<std::size_t>(sum.classes ? prediction.rows : 0));
  for (std::int64_t j = 0; j < prediction.cols; ++j) {
    const Column<T> column{
        static_cast<const T*>(prediction.data) + j * prediction.stride,
        static_cast<const T*>(target.data) + j * target.stride,
        gradient.data ? static_cast<T*>(gradient.data) + j * gradient.stride : nullptr,
        prediction.rows};
    if (kind == LYAP_CROSS_ENTROPY) {
      const std::int64_t k = class_of(column.target[0], column.rows, j, task);
      const std::int64_t largest =
          std::max_element(column.prediction, column.prediction + column.rows) - column.prediction;
      sum.loss += cross_entropy(column, k, largest, scale, e.data());
      sum.correct += largest == k;
    } else {
      sum.loss +=
          kind == LYAP_MEAN_SQUARED ? mean_squared(column, scale) : mean_absolute(column, scale);
    }
  }
  return sum;
}

/// The task gives the mean over the columns it was shown and the gradient of that mean.
template <class T>
LossSum own(const TaskView& task, const lyap_const_matrix& prediction,
            const lyap_const_matrix& target, double scale, const lyap_matrix& gradient) {
  const auto columns = static_cast<double>(prediction.cols);
  const double mean = task.own_loss(prediction, target, gradient);
  for (std::int64_t j = 0; gradient.data && j < gradient.cols; ++j) {
    T* column = static_cast<T*>(gradient.data) + j * gradient.stride;
    for (std::int64_t i = 0; i < gradient.rows; ++i)
      column[i] = static_cast<T>(column[i] * scale * columns);
  }
  return {mean * columns, prediction.cols, 0, false};
}

void check_operands(const TaskView& task, const lyap_const_matrix& prediction,
                    const lyap_const_matrix& target) {
  const std::int32_t kind = task.shape().loss;
  if (kind == LYAP_NO_LOSS)
    throw InputError(task.who() + " only gives inputs; it has no targets and no loss");
  if (kind == LYAP_OWN_LOSS) return;
  const std::int64_t rows = kind == LYAP_CROSS_ENTROPY ? 1 : prediction.rows;
  if (!target.data || target.rows != rows || target.cols != prediction.cols)
    throw InputError(task.who() + ": targets are " + std::to_string(target.rows) + " x " +
                     std::to_string(target.cols) + ", the predictions ask for " +
                     std::to_string(rows) + " x " + std::to_string(prediction.cols));
}

}  // namespace

double LossSum::accuracy() const {
  if (!classes) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(correct) / static_cast<double>(columns);
}

LossSum& LossSum::operator+=(const LossSum& other) {
  loss += other.loss;
  columns += other.columns;
  correct += other.correct;
  classes = classes || other.classes;
  return *this;
}

LossSum evaluate_loss(const TaskView& task, lyap_const_matrix prediction, lyap_const_matrix target,
                      double scale, lyap_matrix gradient) {
  check_operands(task, prediction, target);
  const bool single = prediction.dtype == LYAP_F32;
  if (task.shape().loss == LYAP_OWN_LOSS)
    return single ? own<float>(task, prediction, target, scale, gradient)
                  : own<double>(task, prediction, target, scale, gradient);
  return single ? sum_columns<float>(task, prediction, target, scale, gradient)
                : sum_columns<double>(task, prediction, target, scale, gradient);
}

}  // namespace lyap::framework
