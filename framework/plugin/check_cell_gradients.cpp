// framework/plugin/check_cell_gradients.cpp - conformance of a cell's adjoints: weight gradients,
// backward.
#include <algorithm>

#include "plugin/cell_trial.hpp"

namespace lyap::framework::checks {
namespace {

constexpr Index batch = 3, steps = 4;
constexpr Index from = 1, count = 3;  // the chunk whose adjoint is taken: not the whole tape

void require_pull(const MadeCell& cell) {
  if (!cell.ops().pull) throw CheckSkipped{"it has no pull; it cannot be trained"};
}

// The whole tape run, and a loss: <bars, states of the chunk>.
template <Real T>
struct Prepared {
  explicit Prepared(const MadeCell& cell)
      : setting(setting_for<T>(cell, batch, steps)),
        tape(cell, setting),
        states(tape.run(setting)),
        bars(random_matrix<T>(cell, "bars", cell.shape().state, count * batch)) {}

  Setting<T> setting;
  OpenTape<T> tape;
  MatrixOf<T> states, bars;
};

// What the adjoint of a chunk consists of.
template <Real T>
struct ChunkAdjoint {
  MatrixOf<T> bars, state, input;
  std::vector<MatrixOf<T>> weights;
};

template <Real T>
ChunkAdjoint<T> by_pulls(const Prepared<T>& at, Index state_rows, Index input_rows) {
  ChunkAdjoint<T> all{
      at.bars, MatrixOf<T>::Zero(state_rows, batch), MatrixOf<T>(input_rows, count * batch), {}};
  for (Index t = count - 1; t >= 0; --t) {
    auto bar = all.bars.middleCols(t * batch, batch);
    bar += all.state;
    const Adjoint<T> pulled = at.tape.pull({from + t, 0, batch}, bar);
    all.state = pulled.state;
    all.input.middleCols(t * batch, batch) = pulled.input;
    all.weights.resize(pulled.weights.size());
    for (std::size_t i = 0; i < pulled.weights.size(); ++i)
      if (all.weights[i].size() == 0)
        all.weights[i] = pulled.weights[i];
      else
        all.weights[i] += pulled.weights[i];
  }
  return all;
}

template <Real T>
ChunkAdjoint<T> by_backward(const MadeCell& cell, Prepared<T>& at) {
  const lyap_cell_shape& shape = cell.shape();
  ChunkAdjoint<T> all{
      at.bars, MatrixOf<T>(shape.state, batch), MatrixOf<T>(shape.inputs, count * batch), {}};
  std::vector<lyap_matrix> lent;
  for (const MatrixOf<T>& weight : at.setting.weights)
    all.weights.push_back(MatrixOf<T>::Zero(weight.rows(), weight.cols()));
  for (MatrixOf<T>& weight : all.weights) lent.push_back(lend(weight));
  call("backward", cell.ops().backward, at.tape.get(), from, count, lend(all.bars), lend(all.state),
       shape.inputs > 0 ? lend(all.input) : absent(dtype_of<T>), lent.data());
  return all;
}

// The gradients of <bars, states of the chunk> by every trainable weight, along one random
// direction each, beside central differences.
double compare_with_differences(const MadeCell& cell, const Prepared<double>& at,
                                const std::vector<Matrix>& gradients, const char* operation) {
  const Matrix begin = at.states.middleCols((from - 1) * batch, batch);
  double worst = 0;
  for (std::uint32_t i = 0; i < cell.shape().weight_count; ++i) {
    const lyap_weight& weight = cell.shape().weights[i];
    if (!(weight.flags & LYAP_TRAINABLE)) continue;
    Matrix direction = random_matrix<double>(cell, std::string("direction of ") + weight.name,
                                             weight.rows, weight.cols);
    if (direction.size() == 0) continue;
    direction.normalize();
    const auto loss = [&](double by) {
      Setting<double> there = at.setting;
      there.weights[i] += by * direction;
      OpenTape<double> tape(cell, there);
      return tape.run(there, from, count, begin).cwiseProduct(at.bars).sum();
    };
    const double h = difference_step;
    const Matrix numeric = Matrix::Constant(1, 1, (loss(h) - loss(-h)) / (2 * h));
    const Matrix exact = Matrix::Constant(1, 1, gradients[i].cwiseProduct(direction).sum());
    // The differences carry the rounding of the whole sum.
    const double tolerance = differencing * (1 + at.bars.norm());
    worst = std::max(worst, compare(fmt::format("the gradient of {} by '{}' and differences",
                                                operation, weight.name),
                                    exact, numeric, tolerance));
  }
  return worst;
}

// Gradients of weights that are not trained mean nothing and are left out.
template <Real T>
double compare_weights(const MadeCell& cell, const std::string& what,
                       const std::vector<MatrixOf<T>>& a, const std::vector<MatrixOf<T>>& b) {
  double worst = 0;
  for (std::uint32_t i = 0; i < cell.shape().weight_count; ++i)
    if (cell.shape().weights[i].flags & LYAP_TRAINABLE)
      worst = std::max(
          worst, compare(fmt::format("{}, weight '{}',", what, cell.shape().weights[i].name), a[i],
                         b[i], rounding<T>));
  return worst;
}

std::vector<MatrixOf<float>> narrowed(const std::vector<Matrix>& wide) {
  std::vector<MatrixOf<float>> narrow;
  for (const Matrix& m : wide) narrow.emplace_back(m.cast<float>());
  return narrow;
}

}  // namespace

std::string weight_gradients(const CheckSubject& subject) {
  const MadeCell cell(subject);
  require_pull(cell);
  if (cell.shape().weight_count == 0) throw CheckSkipped{"it has no weights"};
  const lyap_cell_shape& shape = cell.shape();
  Prepared<double> wide(cell);
  const ChunkAdjoint<double> exact = by_pulls(wide, shape.state, shape.inputs);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::same_as<T, double>) {
      double worst = compare_with_differences(cell, wide, exact.weights, "pull");
      if (!cell.ops().backward) return worst;
      const ChunkAdjoint<double> chunk = by_backward(cell, wide);
      return std::max(worst, compare_with_differences(cell, wide, chunk.weights, "backward"));
    } else {
      const Prepared<float> narrow(cell);
      return compare_weights(cell, "pull and that of float64",
                             by_pulls(narrow, shape.state, shape.inputs).weights,
                             narrowed(exact.weights));
    }
  });
}

std::string backward_is_pulls(const CheckSubject& subject) {
  const MadeCell cell(subject);
  require_pull(cell);
  if (!cell.ops().backward) throw CheckSkipped{"it has no backward; the kernel pulls step by step"};
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    Prepared<T> at(cell);
    const ChunkAdjoint<T> pulled = by_pulls(at, cell.shape().state, cell.shape().inputs);
    const ChunkAdjoint<T> chunk = by_backward(cell, at);
    return std::max(
        {compare("bars of backward and of pulls", chunk.bars, pulled.bars, rounding<T>),
         compare("state_bar of backward and of pulls", chunk.state, pulled.state, rounding<T>),
         compare("input_bars of backward and of pulls", chunk.input, pulled.input, rounding<T>),
         compare_weights(cell, "backward and pulls", chunk.weights, pulled.weights)});
  });
}

}  // namespace lyap::framework::checks
