// framework/plugin/cell_trial.cpp - a cell made for its conformance tests, and numbers to try it
// with.
#include "plugin/cell_trial.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/random.hpp"
#include "plugin/cell_shape.hpp"
#include "plugin/option_words.hpp"
#include "plugin/try_options.hpp"

namespace lyap::framework::checks {

lyap_cell* make_cell(const CheckSubject& subject, std::string& reason) {
  const CreateValues values = try_options(subject);
  for (const std::int64_t inputs : {3, 1, 2, 0}) {
    lyap_error error{};
    lyap_cell* cell = subject.plugin->cell().create(
        values.values().data(), static_cast<std::uint32_t>(values.values().size()), inputs, &error);
    if (cell) return cell;
    if (reason.empty()) reason = error.text;
  }
  return nullptr;
}

MadeCell::MadeCell(const CheckSubject& subject)
    : id_(subject.plugin->id()), seed_(subject.options.seed), ops_(subject.plugin->cell()) {
  std::string reason;
  cell_ = make_cell(subject, reason);
  if (!cell_) throw CheckSkipped{"it cannot be created; see create-defaults"};
  if (shape_mistake(ops_, ops_.shape(cell_)).empty()) return;
  ops_.destroy(cell_);
  throw CheckSkipped{"its shape contradicts itself; see shape-consistent"};
}

MadeCell::~MadeCell() {
  ops_.destroy(cell_);
}

template <Real T>
Setting<T> Setting<T>::sample(Index b) const {
  Setting<T> one{1, steps, weights, state.col(b), {}, {}, {}};
  const auto columns_of = [&](const MatrixOf<T>& all) {
    MatrixOf<T> mine(all.rows(), all.cols() / batch);
    for (Index t = 0; t < mine.cols(); ++t) mine.col(t) = all.col(t * batch + b);
    return mine;
  };
  one.input = columns_of(input);
  one.normal = columns_of(normal);
  one.uniform = columns_of(uniform);
  return one;
}

template <Real T>
std::vector<lyap_const_matrix> Setting<T>::lent_weights() const {
  std::vector<lyap_const_matrix> lent;
  for (const MatrixOf<T>& weight : weights) lent.push_back(lend(weight));
  return lent;
}

template <Real T>
MatrixOf<T> random_matrix(const MadeCell& cell, const std::string& name, Index rows, Index cols) {
  Random random(cell.seed(), cell.id() + "/check/" + name);
  MatrixOf<T> m(rows, cols);
  for (Index j = 0; j < cols; ++j)
    for (Index i = 0; i < rows; ++i) m(i, j) = static_cast<float>(random.normal());
  return m;
}

template <Real T>
Setting<T> setting_for(const MadeCell& cell, Index batch, Index steps) {
  const lyap_cell_shape& shape = cell.shape();
  const auto rounded = [](const MatrixOf<T>& m, double scale) {
    return MatrixOf<T>((m * static_cast<T>(scale)).template cast<float>().template cast<T>());
  };
  Setting<T> s{batch, steps, {}, {}, {}, {}, {}};
  for (std::uint32_t i = 0; i < shape.weight_count; ++i) {
    const lyap_weight& weight = shape.weights[i];
    const double scale = 1 / std::sqrt(std::max<double>(1.0, static_cast<double>(weight.cols)));
    s.weights.push_back(rounded(
        random_matrix<T>(cell, std::string("weight ") + weight.name, weight.rows, weight.cols),
        scale));
  }
  s.state = rounded(random_matrix<T>(cell, "state", shape.state, batch), 0.5);
  s.input = random_matrix<T>(cell, "input", shape.inputs, batch * steps);
  s.normal = random_matrix<T>(cell, "normal", shape.normal, batch * steps);
  // Numbers in [0, 1) that a float can hold, from N(0, 1).
  s.uniform = random_matrix<T>(cell, "uniform", shape.uniform, batch * steps).unaryExpr([](T x) {
    return static_cast<T>(float(std::abs(x - std::floor(x))));
  });
  return s;
}

template <Real T>
OpenTape<T>::OpenTape(const MadeCell& cell, Index steps, Index batch) : cell_(cell) {
  lyap_error error{};
  tape_ = cell.ops().open(cell.get(), dtype_of<T>, steps, batch, &error);
  if (!tape_) throw CheckFailed{fmt::format("open reports: {}", error.text)};
}

template <Real T>
OpenTape<T>::OpenTape(const MadeCell& cell, const Setting<T>& setting)
    : OpenTape(cell, setting.steps, setting.batch) {
  bind(setting);
}

template <Real T>
void OpenTape<T>::bind(const Setting<T>& setting) {
  call("bind", cell_.ops().bind, tape_, setting.lent_weights().data());
}

template <Real T>
MatrixOf<T> OpenTape<T>::run(const Setting<T>& setting, Index at, Index count,
                             const MatrixOf<T>& state) {
  const Index batch = setting.batch;
  MatrixOf<T> states(state.rows(), count * batch);
  const auto part = [&](const MatrixOf<T>& all) {
    return all.size() > 0 ? lend(all.middleCols(at * batch, count * batch))
                          : read_only(absent(dtype_of<T>));
  };
  const lyap_chunk chunk{sizeof(lyap_chunk),
                         0,
                         at,
                         count,
                         lend(state),
                         part(setting.input),
                         part(setting.normal),
                         part(setting.uniform),
                         lend(states)};
  call("step", cell_.ops().step, tape_, &chunk);
  return states;
}

template <Real T>
MatrixOf<T> OpenTape<T>::run(const Setting<T>& setting) {
  return run(setting, 0, setting.steps, setting.state);
}

template <Real T>
MatrixOf<T> OpenTape<T>::push(lyap_point point, const MatrixOf<T>& state,
                              const MatrixOf<T>& input) const {
  MatrixOf<T> out(cell_.shape().state, std::max(state.cols(), input.cols()));
  call("push", cell_.ops().push, tape_, point, lend_or_absent(state), lend_or_absent(input),
       lend(out));
  return out;
}

template <Real T>
Adjoint<T> OpenTape<T>::pull(lyap_point point, const MatrixOf<T>& bar) const {
  const lyap_cell_shape& shape = cell_.shape();
  Adjoint<T> adjoint{
      MatrixOf<T>(shape.state, bar.cols()), MatrixOf<T>(shape.inputs, bar.cols()), {}};
  std::vector<lyap_matrix> bars;
  for (std::uint32_t i = 0; i < shape.weight_count; ++i)
    adjoint.weights.push_back(MatrixOf<T>::Zero(shape.weights[i].rows, shape.weights[i].cols));
  for (MatrixOf<T>& weight : adjoint.weights) bars.push_back(lend(weight));
  call("pull", cell_.ops().pull, tape_, point, lend(bar), lend(adjoint.state),
       shape.inputs > 0 ? lend(adjoint.input) : absent(dtype_of<T>), bars.data());
  return adjoint;
}

template <Real T>
MatrixOf<T> OpenTape<T>::jacobian(const lyap_block_request& request, Index rows, Index cols) const {
  MatrixOf<T> out(rows, cols);
  call("jacobian", cell_.ops().jacobian, tape_, &request, lend(out));
  return out;
}

template <Real T>
double compare(const std::string& what, const MatrixOf<T>& a, const MatrixOf<T>& b,
               double tolerance) {
  double scale = 1;
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i)
      if (std::isfinite(a(i, j))) scale = std::max(scale, 1 + std::abs(double(a(i, j))));
  double worst = 0;
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i) {
      if (!std::isfinite(a(i, j)) || !std::isfinite(b(i, j)))
        throw CheckFailed{fmt::format("{} are no finite numbers at row {}, column {}: {} and {}",
                                      what, i, j, a(i, j), b(i, j))};
      const double gap = std::abs(static_cast<double>(a(i, j)) - static_cast<double>(b(i, j)));
      if (gap > tolerance * scale)
        throw CheckFailed{
            fmt::format("{} part at row {}, column {}: {:.6g} and {:.6g} differ by "
                        "{:.1e}, and {:.1e} is allowed",
                        what, i, j, a(i, j), b(i, j), gap, tolerance * scale)};
      worst = std::max(worst, gap / scale);
    }
  return worst;
}

template struct Setting<float>;
template struct Setting<double>;
template class OpenTape<float>;
template class OpenTape<double>;
template Setting<float> setting_for(const MadeCell&, Index, Index);
template Setting<double> setting_for(const MadeCell&, Index, Index);
template MatrixOf<float> random_matrix(const MadeCell&, const std::string&, Index, Index);
template MatrixOf<double> random_matrix(const MadeCell&, const std::string&, Index, Index);
template double compare(const std::string&, const MatrixOf<float>&, const MatrixOf<float>&, double);
template double compare(const std::string&, const MatrixOf<double>&, const MatrixOf<double>&,
                        double);

}  // namespace lyap::framework::checks
