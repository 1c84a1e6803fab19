// tests/force/force_case.cpp - a FORCE network of an independent program, made of our plugins.
#include "force_case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../plugins/trainers/force/learner.hpp"
#include "model/border.hpp"
#include "pipeline/read_yaml.hpp"

namespace lyap::testing {
namespace fs = std::filesystem;
using namespace framework;

ForceCase::ForceCase(const fs::path& file) : file_(file), tensors_(read_safetensors(file)) {}

std::vector<double> ForceCase::numbers(const std::string& tensor) const {
  return tensors_.tensor(tensor, file_).to_doubles();
}

void ForceCase::write_begin(const fs::path& path) const {
  const std::vector<double> state = numbers("x0");
  write(path, std::vector<double>(state.size(), 0.0), state, numbers("z0"));
}

void ForceCase::write_end(const fs::path& path) const {
  write(path, numbers("w_final"), numbers("x_final"), {});
}

void ForceCase::write(const fs::path& path, const std::vector<double>& readout,
                      const std::vector<double>& state, const std::vector<double>& feedback) const {
  const auto n = static_cast<std::int64_t>(state.size());
  const std::vector<double> values = numbers("M.values"), rows = numbers("M.rows"),
                            cols = numbers("M.cols");
  std::vector<double> M(static_cast<std::size_t>(n * n), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i)
    M[static_cast<std::size_t>(rows[i]) * state.size() + static_cast<std::size_t>(cols[i])] =
        values[i];
  TensorFile file;
  file.tensors["cell.M_l0"] = Tensor::of({n, n}, M);
  file.tensors["cell.w_f_l0"] = Tensor::of({n, 1}, numbers("w_f"));
  file.tensors["readout.weight"] = Tensor::of({1, n}, readout);
  file.tensors["carried.state"] = Tensor::of({n}, state);
  if (!feedback.empty()) file.tensors["carried.input"] = Tensor::of({1}, feedback);
  write_safetensors(path, file);
}

Plan plan_of(const std::string& pipeline, const Catalog& catalog) {
  const auto source = std::make_shared<Source>(Source{"test", pipeline, ""});
  return resolve(parse(parse_yaml(source), "test"), catalog);
}

Plan ForceCase::plan(const Catalog& catalog, const fs::path& weights, const std::string& train,
                     const std::string& measure, const std::string& with) const {
  std::vector<double> amplitudes;
  for (const double a : numbers("a")) amplitudes.push_back(1 / a);
  return plan_of(fmt::format(R"(lyap: 1
name: {}
precision: {{train: float64}}
trials:
  task:
    use: signal_reconstruction
    with: {{function: expression, amplitudes: [{}], frequencies: [{}]}}
  cell:
    use: rank1
    with: {{units: {}, gain: 1, {}}}
    readout: {{bias: off}}
    weights: {{file: '{}'}}
  train: {}
  measure: {}
)",
                             name(), fmt::join(amplitudes, ", "), fmt::join(numbers("q"), ", "),
                             numbers("x0").size(), with, weights.string(), train, measure),
                 catalog);
}

Learned learn(const Trial& trial, Index steps, Index every, double alpha) {
  const auto model = trial.model(trial.first_weights());
  const auto carried = trial.first_carried();
  const std::size_t readout = trial.network().readout_weight();
  const View w = view<double>(model->weights()[readout]);
  const lyap::Model lent(&model_ops(), lend(std::as_const(*model)));
  const lyap::Data data(&framework::Task::lent_ops(), trial.task().lent());
  const std::int64_t first = 0;
  Matrix nothing(0, 0), target(1, data.shape().steps);
  data.fetch({Split::Train, {&first, 1}}, nothing, target);

  Learned learned{
      Matrix(1, steps), Matrix(1, steps), Matrix(w.cols(), w.cols()), {}, Matrix(lent.state(), 1)};
  force::Learner learner(lent.begin(1, 1),
                         View(learned.P.data(), w.cols(), w.cols(), Eigen::OuterStride<>(w.cols())),
                         w);
  learner.squares().begin(alpha);
  learner.start(Eigen::Map<const Vector>(carried.state.data(), lent.state()),
                Eigen::Map<const Vector>(carried.input.data(), 1));
  for (Index t = 0; t < steps; ++t) {
    learned.errors.col(t) = learner.run(target.col(t), t % every == 0);
    learned.outputs.col(t) = learner.output();
  }
  learner.squares().complete();
  learner.state(learned.state);
  learned.w = w;
  return learned;
}

}  // namespace lyap::testing
