// tests/parity/noise_quantities.cpp - a training run with given noise: states, loss, gradients.
#include "model/loss.hpp"
#include "model/tape.hpp"
#include "quantities.hpp"
#include "row_order.hpp"

namespace lyap::parity {
using namespace framework;

namespace {

/// rows x T*B, column t*B + b, of a [B, T, rows] tensor.
Matrix by_columns(const Reference& r) {
  const Index B = r.shape[0], T = r.shape[1], rows = r.shape[2];
  Matrix m(rows, T * B);
  for (Index b = 0; b < B; ++b)
    for (Index t = 0; t < T; ++t)
      m.col(t * B + b) = Eigen::Map<const lyap::Vector>(&r.values[(b * T + t) * rows], rows);
  return m;
}

/// One matrix after the other: state 0, then states 1 .. T.
Matrix joined(const Matrix& first, const Matrix& rest) {
  Matrix all(first.rows(), first.cols() + rest.cols());
  all << first, rest;
  return all;
}

}  // namespace

void check_noise(const Fixture& f, const Trial& trial, Comparison& comparison) {
  const Network& network = trial.network();
  const Weights weights = trial.first_weights();
  const Index B = f.batch, T = f.steps;
  const Matrix input = by_columns(f.reference("input"));
  const Matrix noise = by_columns(f.reference("noisy.xi"));
  const Matrix uniform =
      f.has("noisy.uniform") ? by_columns(f.reference("noisy.uniform")) : Matrix();
  const Reference start = f.reference("state0");
  const Matrix before = Eigen::Map<const Matrix>(start.values.data(), f.state, B);
  Matrix states(f.state, T * B), target(1, T * B);
  for (Index b = 0; b < B; ++b)
    for (Index t = 0; t < T; ++t) target(0, t * B + b) = f.reference("target").values[b * T + t];

  Tape tape(network.cell(0), LYAP_F64, T, B, false);
  tape.bind(weights.data());
  tape.step({sizeof(lyap_chunk), 0, 0, T, lend(before), lend(input), lend(noise),
             uniform.size() ? lend(uniform) : lyap_const_matrix{}, lend(states)},
            0);
  const std::string prefix = "noisy.";
  comparison.check(prefix + "states", f.reference(prefix + "states"),
                   batch_first(joined(before, states), B), f.tolerance("states_abs"));

  const Matrix C = view<double>(weights[network.readout_weight()]);
  const Matrix d = view<double>(weights[*network.readout_bias()]);
  const Matrix logits = (C * states).colwise() + d.col(0);
  Matrix bar(logits.rows(), logits.cols());
  const double scale = 1.0 / static_cast<double>(B * T);
  const double loss =
      evaluate_loss(trial.task_view(), lend(logits), lend(std::as_const(target)), scale, lend(bar))
          .mean();
  comparison.check(prefix + "loss_seq", f.reference(prefix + "loss_seq"), std::span(&loss, 1),
                   f.tolerance("loss_abs"));

  Matrix bars = C.transpose() * bar, start_bar(f.state, B), input_bars(input.rows(), T * B);
  std::vector<Matrix> gradients;
  std::vector<lyap_matrix> lent;
  for (std::size_t i = 0; i < weights.size(); ++i)
    gradients.push_back(Matrix::Zero(weights.shape(i).rows, weights.shape(i).cols));
  for (Matrix& gradient : gradients) lent.push_back(lend(gradient));
  tape.backward(0, T, lend(bars), lend(start_bar), lend(input_bars), lent.data());
  gradients[network.readout_weight()] = bar * states.transpose();
  gradients[*network.readout_bias()] = bar.rowwise().sum();

  const auto& relative = f.sidecar.at("suggested_tolerances").at("grad_max_norm_relative");
  const std::string grad = prefix + "grad_seq.";
  comparison.check_scaled(grad + "state", f.reference(grad + "state"),
                          batch_first(joined(start_bar, bars), B), relative.at("state"));
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const std::string name = weights.shape(i).name;
    comparison.check_scaled(grad + name, f.weight(grad + "param.", name), row_major(gradients[i]),
                            relative.at("param"));
  }
}

}  // namespace lyap::parity
