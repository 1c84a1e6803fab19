// framework/model/tape.cpp - a cell at work: steps carried out, and their derivatives.
#include "model/tape.hpp"

#include <cassert>

#include "base/error.hpp"
#include "model/by_pushes.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {

Tape::Tape(const CellHandle& cell, std::int32_t dtype, std::int64_t steps, std::int64_t batch,
           bool keep_points)
    : cell_(cell),
      dtype_(dtype),
      batch_(batch),
      tape_(create_by_plugin(cell.who(), cell.ops().open, cell.get(), dtype, steps, batch)) {
  if (!keep_points && cell.ops().push) return;
  const lyap_cell_shape& shape = cell.shape();
  differences_ = std::make_unique<Differences>(cell, dtype);
  states_.reshape(dtype, shape.state, steps * batch);
  inputs_.reshape(dtype, shape.inputs, steps * batch);
  normals_.reshape(dtype, shape.normal, steps * batch);
  uniforms_.reshape(dtype, shape.uniform, steps * batch);
}

Tape::~Tape() {
  cell_.ops().close(tape_);
}

void Tape::bind(const lyap_const_matrix* weights) {
  call_plugin(cell_.who(), cell_.ops().bind, tape_, weights);
  if (differences_) differences_->bind(weights);
}

void Tape::step(const lyap_chunk& chunk, std::int64_t first) {
  first_ = first;
  call_plugin(cell_.who(), cell_.ops().step, tape_, &chunk);
  if (differences_) keep(chunk);
}

void Tape::keep(const lyap_chunk& chunk) {
  const std::int64_t from = chunk.at * batch_, columns = chunk.count * batch_;
  copy(chunk.state, columns_of(states_.view(), from, batch_));
  copy(columns_of(read_only(chunk.states), 0, columns - batch_),
       columns_of(states_.view(), from + batch_, columns - batch_));
  if (chunk.input.data) copy(chunk.input, columns_of(inputs_.view(), from, columns));
  with_normal_ = chunk.normal.data != nullptr;
  with_uniform_ = chunk.uniform.data != nullptr;
  if (with_normal_) copy(chunk.normal, columns_of(normals_.view(), from, columns));
  if (with_uniform_) copy(chunk.uniform, columns_of(uniforms_.view(), from, columns));
}

void Tape::push(lyap_point at, lyap_const_matrix v, lyap_const_matrix w, lyap_matrix out) const {
  if (cell_.ops().push)
    call_plugin(cell_.who(), cell_.ops().push, tape_, at, v, w, out);
  else
    push_by_differences(at, v, w, out);
}

void Tape::push_by_differences(lyap_point at, lyap_const_matrix v, lyap_const_matrix w,
                               lyap_matrix out, double scale) const {
  assert(differences_);
  const auto samples = [&](const Buffer& buffer) {
    return columns_of(buffer.read(), at.t * batch_ + at.first, at.samples);
  };
  StepPoint point{samples(states_), samples(inputs_), {}, {}};
  if (with_normal_) point.normal = samples(normals_);
  if (with_uniform_) point.uniform = samples(uniforms_);
  differences_->push(point, v, w, out, scale);
}

void Tape::jacobian(const lyap_block_request& request, lyap_matrix out) const {
  if (cell_.ops().jacobian)
    call_plugin(cell_.who(), cell_.ops().jacobian, tape_, &request, out);
  else
    jacobian_by_pushes(cell_, request, out, [&](lyap_const_matrix v, lyap_matrix to) {
      push({request.t, request.sample, 1}, v, {}, to);
    });
}

void Tape::pull(lyap_point at, lyap_const_matrix bar, lyap_matrix out_state, lyap_matrix out_input,
                const lyap_matrix* weight_bars) const {
  if (cell_.ops().pull) {
    call_plugin(cell_.who(), cell_.ops().pull, tape_, at, bar, out_state, out_input, weight_bars);
    return;
  }
  if (weight_bars)
    throw InputError(cell_.who() +
                     " has no pull and so no gradients by its weights; it can be analysed but not "
                     "trained by back-propagation");
  pull_by_pushes(cell_, at, bar, out_state, out_input,
                 [&](lyap_point point, lyap_const_matrix v, lyap_const_matrix w, lyap_matrix out) {
                   push(point, v, w, out);
                 });
}

void Tape::backward(std::int64_t at, std::int64_t count, lyap_matrix bars, lyap_matrix state_bar,
                    lyap_matrix input_bars, const lyap_matrix* weight_bars) {
  if (cell_.ops().backward)
    call_plugin(cell_.who(), cell_.ops().backward, tape_, at, count, bars, state_bar, input_bars,
                weight_bars);
  else
    backward_by_pulls(at, count, bars, state_bar, input_bars, weight_bars);
}

void Tape::backward_by_pulls(std::int64_t at, std::int64_t count, lyap_matrix bars,
                             lyap_matrix state_bar, lyap_matrix input_bars,
                             const lyap_matrix* weight_bars) {
  const lyap_matrix passed_on = passed_on_.reshape(dtype_, cell_.shape().state, batch_);
  for (std::int64_t t = count - 1; t >= 0; --t) {
    const auto of_step = [&](lyap_matrix m) { return columns_of(m, t * batch_, batch_); };
    pull({at + t, 0, batch_}, read_only(of_step(bars)), t > 0 ? passed_on : state_bar,
         of_step(input_bars), weight_bars);
    if (t > 0) add(read_only(passed_on), columns_of(bars, (t - 1) * batch_, batch_));
  }
}

}  // namespace lyap::framework
