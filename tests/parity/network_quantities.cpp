// tests/parity/network_quantities.cpp - states, logits, losses, gradients and Jacobians of a case.
#include "lyap/model.hpp"
#include "model/border.hpp"
#include "quantities.hpp"
#include "row_order.hpp"

namespace lyap::parity {
using namespace framework;

void check_network(const Fixture& f, const Trial& trial, const std::string& which,
                   Comparison& comparison) {
  const auto kernel_model = trial.model(trial.first_weights());
  const lyap::Model model(&model_ops(), lend(std::as_const(*kernel_model)));
  const lyap::Data data(&framework::Task::lent_ops(), trial.task().lent());
  const bool last = which == "last";
  std::vector<std::int64_t> all;
  for (std::int64_t b = 0; b < f.batch; ++b) all.push_back(b);

  const Request request{Split::Train, all};
  Matrix input(model.inputs(), f.steps * f.batch), target(1, last ? f.batch : f.steps * f.batch);
  data.fetch(request, input, target);
  const Reference start = f.reference("state0");
  const Matrix state0 = Eigen::Map<const Matrix>(start.values.data(), f.state, f.batch);

  lyap::Pass pass = model.begin(f.batch, f.steps);
  pass.start(state0);
  pass.run(input);
  lyap::Pass::Adjoints adjoints;
  adjoints.states = Matrix::Zero(f.state, (f.steps + 1) * f.batch);
  adjoints.inputs = Matrix::Zero(model.inputs(), f.steps * f.batch);
  for (const lyap_weight& w : model.weights())
    adjoints.weights.push_back(Matrix::Zero(w.rows, w.cols));
  const double loss = pass.backward(target, adjoints);

  comparison.check("loss_" + which, f.reference("loss_" + which), std::span(&loss, 1),
                   f.tolerance("loss_abs"));
  const auto& relative = f.sidecar.at("suggested_tolerances").at("grad_max_norm_relative");
  const std::string grad = "grad_" + which + ".";
  comparison.check_scaled(grad + "state", f.reference(grad + "state"),
                          batch_first(adjoints.states, f.batch), relative.at("state"));
  comparison.check_scaled(grad + "input", f.reference(grad + "input"),
                          batch_first(adjoints.inputs, f.batch), relative.at("input"));
  for (std::size_t i = 0; i < adjoints.weights.size(); ++i) {
    const std::string name = model.weights()[i].name;
    comparison.check_scaled(grad + name, f.weight(grad + "param.", name),
                            row_major(adjoints.weights[i]), relative.at("param"));
  }
  if (last) return;

  Matrix states(f.state, (f.steps + 1) * f.batch), logits(model.outputs(), f.steps * f.batch);
  for (Index t = 0; t <= f.steps; ++t) {
    pass.state(t, states.middleCols(t * f.batch, f.batch));
    if (t) pass.output(t, logits.middleCols((t - 1) * f.batch, f.batch));
  }
  comparison.check("states", f.reference("states"), batch_first(states, f.batch),
                   f.tolerance("states_abs"));
  comparison.check("logits", f.reference("logits"), batch_first(logits, f.batch),
                   f.tolerance("logits_abs"));
  std::vector<double> jacobians;
  const auto steps = f.tensors.tensor("jac_steps", f.file).to_integers();
  Matrix J(f.state, f.state);
  for (Index b = 0; b < f.batch; ++b)
    for (const std::int64_t t : steps) {
      pass.jacobian(t, b, Scope::Full, J);
      for (const double value : row_major(J)) jacobians.push_back(value);
    }
  comparison.check("jacobian", f.reference("jac"), jacobians, f.tolerance("jac_abs"));
}

}  // namespace lyap::parity
