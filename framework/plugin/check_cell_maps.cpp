// framework/plugin/check_cell_maps.cpp - conformance of what a cell may offer beside its steps:
// output map, start, projection.
#include <algorithm>

#include "plugin/cell_trial.hpp"

namespace lyap::framework::checks {
namespace {

constexpr Index batch = 3, tangents = 2;

template <Real T>
MatrixOf<T> output_of(const MadeCell& cell, const Setting<T>& setting, const MatrixOf<T>& state) {
  MatrixOf<T> out(cell.shape().outputs, state.cols());
  call("output", cell.ops().output, cell.get(), setting.lent_weights().data(), lend(state),
       lend(out));
  return out;
}

template <Real T>
MatrixOf<T> start_of(const MadeCell& cell, const Setting<T>& setting, const MatrixOf<T>& normal) {
  MatrixOf<T> state(cell.shape().state, normal.cols());
  state.setConstant(std::numeric_limits<T>::quiet_NaN());
  call("start", cell.ops().start, cell.get(), setting.lent_weights().data(), lend(normal),
       lend(state));
  return state;
}

std::vector<lyap_matrix> lend_all(std::vector<Matrix>& matrices) {
  std::vector<lyap_matrix> lent;
  for (Matrix& m : matrices) lent.push_back(lend(m));
  return lent;
}

std::vector<Matrix> zeros_like(const std::vector<Matrix>& matrices) {
  std::vector<Matrix> zeros;
  for (const Matrix& m : matrices) zeros.emplace_back(Matrix::Zero(m.rows(), m.cols()));
  return zeros;
}

// d <bar, f> by every trainable weight along a random direction, beside central differences.
template <class Value>
double compare_weight_bars(const MadeCell& cell, const Setting<double>& setting,
                           const std::vector<Matrix>& weight_bars, const Matrix& bar, Value value) {
  double worst = 0;
  for (std::uint32_t i = 0; i < cell.shape().weight_count; ++i) {
    const lyap_weight& weight = cell.shape().weights[i];
    if (!(weight.flags & LYAP_TRAINABLE) || weight.rows * weight.cols == 0) continue;
    const Matrix direction = random_matrix<double>(cell, std::string("direction ") + weight.name,
                                                   weight.rows, weight.cols)
                                 .normalized();
    const auto loss = [&](double by) {
      Setting<double> there = setting;
      there.weights[i] += by * direction;
      return value(there).cwiseProduct(bar).sum();
    };
    const double h = difference_step;
    const Matrix numeric = Matrix::Constant(1, 1, (loss(h) - loss(-h)) / (2 * h));
    const Matrix exact = Matrix::Constant(1, 1, weight_bars[i].cwiseProduct(direction).sum());
    worst =
        std::max(worst, compare(fmt::format("the gradient by '{}' and differences", weight.name),
                                exact, numeric, differencing * (1 + bar.norm())));
  }
  return worst;
}

double output_derivatives(const MadeCell& cell, const Setting<double>& setting) {
  const lyap_cell_shape& shape = cell.shape();
  const auto weights = setting.lent_weights();
  const Matrix v = random_matrix<double>(cell, "tangent", shape.state, batch * tangents);
  Matrix pushed(shape.outputs, batch * tangents);
  call("output_push", cell.ops().output_push, cell.get(), weights.data(), lend(setting.state),
       lend(v), lend(pushed));
  double worst = 0;
  for (Index j = 0; j < tangents; ++j) {
    Matrix ds(shape.state, batch), out(shape.outputs, batch);
    for (Index b = 0; b < batch; ++b) {
      ds.col(b) = v.col(b * tangents + j);
      out.col(b) = pushed.col(b * tangents + j);
    }
    const double h = difference_step;
    const Matrix numeric = (output_of(cell, setting, Matrix(setting.state + h * ds)) -
                            output_of(cell, setting, Matrix(setting.state - h * ds))) /
                           (2 * h);
    worst = std::max(worst, compare(fmt::format("output_push and differences of tangent {}", j),
                                    out, numeric, differencing));
  }

  // The adjoint is added to what is there: it begins with ones.
  const Matrix bar = random_matrix<double>(cell, "output bar", shape.outputs, batch);
  Matrix state_bar = Matrix::Ones(shape.state, batch);
  std::vector<Matrix> weight_bars = zeros_like(setting.weights);
  call("output_pull", cell.ops().output_pull, cell.get(), weights.data(), lend(setting.state),
       lend(bar), lend(state_bar), lend_all(weight_bars).data());
  Matrix forward(batch, 1), backward(batch, 1);
  for (Index b = 0; b < batch; ++b) {
    forward(b, 0) = bar.col(b).dot(pushed.col(b * tangents));
    backward(b, 0) = (state_bar.col(b).array() - 1).matrix().dot(v.col(b * tangents));
  }
  worst = std::max(worst, compare("the dot products of output_push and output_pull", forward,
                                  backward, rounding<double>));
  return std::max(worst,
                  compare_weight_bars(cell, setting, weight_bars, bar, [&](const auto& there) {
                    return output_of(cell, there, there.state);
                  }));
}

}  // namespace

std::string output_map(const CheckSubject& subject) {
  const MadeCell cell(subject);
  if (!cell.ops().output) throw CheckSkipped{"it has no output map; it shows a block of its state"};
  const Setting<double> wide = setting_for<double>(cell, batch, 1);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::same_as<T, double>) {
      return output_derivatives(cell, wide);
    } else {
      const Setting<float> narrow = setting_for<float>(cell, batch, 1);
      return compare("output and that of float64", output_of(cell, narrow, narrow.state),
                     MatrixOf<float>(output_of(cell, wide, wide.state).cast<float>()),
                     rounding<float>);
    }
  });
}

std::string start_state(const CheckSubject& subject) {
  const MadeCell cell(subject);
  if (!cell.ops().start) throw CheckSkipped{"it has no start; it begins at zero"};
  const lyap_cell_shape& shape = cell.shape();
  const Setting<double> wide = setting_for<double>(cell, batch, 1);
  const Matrix normal = random_matrix<double>(cell, "start", shape.state, batch);
  const Matrix begin = start_of(cell, wide, normal);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::same_as<T, double>) {
      compare("two equal starts", begin, start_of(cell, wide, normal), 0);
      if (!cell.ops().start_pull) return 0.0;
      const Matrix bar = random_matrix<double>(cell, "start bar", shape.state, batch);
      std::vector<Matrix> weight_bars = zeros_like(wide.weights);
      call("start_pull", cell.ops().start_pull, cell.get(), wide.lent_weights().data(), lend(bar),
           lend_all(weight_bars).data());
      return compare_weight_bars(cell, wide, weight_bars, bar,
                                 [&](const auto& there) { return start_of(cell, there, normal); });
    } else {
      return compare(
          "start and that of float64",
          start_of(cell, setting_for<float>(cell, batch, 1), MatrixOf<float>(normal.cast<float>())),
          MatrixOf<float>(begin.cast<float>()), rounding<float>);
    }
  });
}

std::string project_keeps_shape(const CheckSubject& subject) {
  const MadeCell cell(subject);
  if (!cell.ops().project) throw CheckSkipped{"it has no projection; its weights are free"};
  in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    Setting<T> after = setting_for<T>(cell, batch, 1);
    const Setting<T> before = after;
    std::vector<MatrixOf<T>> gradients;
    std::vector<lyap_matrix> weights;
    std::vector<lyap_const_matrix> lent_gradients;
    constexpr double rate = 1e-3;
    for (MatrixOf<T>& weight : after.weights) {
      gradients.push_back(random_matrix<T>(cell, "gradient", weight.rows(), weight.cols()));
      weight -= T(rate) * gradients.back();
      weights.push_back(lend(weight));
    }
    const std::vector<MatrixOf<T>> same_gradients = gradients;
    for (const MatrixOf<T>& gradient : gradients) lent_gradients.push_back(lend(gradient));
    const auto previous = before.lent_weights();
    const lyap_projection projection{sizeof(lyap_projection), 0,   weights.data(), previous.data(),
                                     lent_gradients.data(),   rate};
    call("project", cell.ops().project, cell.get(), &projection);
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const std::string name = cell.shape().weights[i].name;
      if (!after.weights[i].array().isFinite().all())
        throw CheckFailed{fmt::format("weight '{}' is not finite after a projection", name)};
      compare(fmt::format("the gradient of '{}' after a projection and before,", name),
              gradients[i], same_gradients[i], 0);
      compare(fmt::format("the previous '{}' after a projection and before,", name),
              before.weights[i], setting_for<T>(cell, batch, 1).weights[i], 0);
    }
    return 0.0;
  });
  return "";
}

}  // namespace lyap::framework::checks
