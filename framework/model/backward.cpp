// framework/model/backward.cpp - the loss on the chunk a pass has just run, and its adjoint.
#include "model/backward.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "linalg/product.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

std::size_t top_of(const Pass& pass) {
  return pass.network().layers() - 1;
}

/// to *= factor, element by element.
template <class T>
void scale_by(const lyap_const_matrix& factor, const lyap_matrix& to) {
  for (std::int64_t j = 0; j < to.cols; ++j) {
    const T* f = static_cast<const T*>(factor.data) + j * factor.stride;
    T* out = static_cast<T*>(to.data) + j * to.stride;
    for (std::int64_t i = 0; i < to.rows; ++i) out[i] *= f[i];
  }
}
void scale_by(const lyap_const_matrix& factor, const lyap_matrix& to) {
  if (to.dtype == LYAP_F32)
    scale_by<float>(factor, to);
  else
    scale_by<double>(factor, to);
}

/// 0 with probability `rate`, else 1 / (1 - rate), so that the mean stays.
template <class T>
void draw_mask(double rate, Random& random, const lyap_matrix& mask) {
  for (std::int64_t j = 0; j < mask.cols; ++j)
    for (std::int64_t i = 0; i < mask.rows; ++i)
      static_cast<T*>(mask.data)[j * mask.stride + i] =
          random.uniform() < rate ? T(0) : static_cast<T>(1 / (1 - rate));
}

}  // namespace

LossSum BackwardPass::run(Pass& pass, const TaskView& task, const BackwardRequest& request) {
  if (pass.request().closed_loop)
    throw InputError(
        "there is no backward pass in closed loop; run the network on the task's input");
  if (request.propagates() || request.direct_bars.data) allocate(pass, request);
  const lyap_const_matrix seen =
      drop(pass.seen(top_of(pass), request.steps.first, request.steps.count, seen_), request);
  const lyap_matrix prediction =
      prediction_.reshape(pass.request().dtype, pass.network().shape().outputs, seen.cols);
  pass.predict(seen, prediction);
  const bool adjoints = request.propagates() || request.direct_bars.data;
  const lyap_matrix gradient =
      adjoints ? gradient_.reshape(pass.request().dtype, prediction.rows, prediction.cols)
               : lyap_matrix{};
  const LossSum loss =
      evaluate_loss(task, read_only(prediction), request.target, request.scale, gradient);
  if (request.losses.data) give_losses(pass, task, request);
  if (!adjoints) return loss;
  through_readout(pass, seen, request);
  if (request.direct_bars.data) give_direct_bars(pass, request.direct_bars);
  if (!request.propagates()) return loss;
  for (std::size_t l = pass.network().layers(); l-- > 0;) through_layer(pass, l, request);
  if (request.state_bars.data) give_state_bars(pass, request.state_bars);
  return loss;
}

/// Nobody else looks at the adjoints of one layer's states, and but for the last the loss adds
/// nothing to them: room for a few steps will do, which stays in the second-level cache. So many
/// columns that the gradient, which grows with the state, is not begun anew too often.
std::int64_t BackwardPass::steps_at_a_time(const Pass& pass, const BackwardRequest& request) {
  const bool last_alone = request.steps.first == pass.count();
  const bool asked_for =
      request.state_bars.data || request.input_bars.data || request.direct_bars.data;
  if (pass.network().layers() > 1 || !last_alone || asked_for) return pass.count();
  const std::int64_t columns = std::max<std::int64_t>(1024, 8 * pass.network().shape().state);
  return std::min(pass.count(), std::max<std::int64_t>(1, columns / pass.batch()));
}

void BackwardPass::allocate(const Pass& pass, const BackwardRequest& request) {
  const Network& network = pass.network();
  block_ = steps_at_a_time(pass, request);
  bars_.resize(network.layers());
  first_bars_.resize(network.layers());
  input_bars_.resize(network.layers());
  from_above_.resize(network.layers());
  for (std::size_t l = 0; l < network.layers(); ++l) {
    const std::int64_t rows = network.cell(l).shape().state;
    first_bars_[l].reshape(pass.request().dtype, rows, pass.batch());
    fill(bars_[l].reshape(pass.request().dtype, rows, block_ * pass.batch()), 0.0);
  }
}

lyap_const_matrix BackwardPass::drop(const lyap_const_matrix& seen,
                                     const BackwardRequest& request) {
  if (request.dropout <= 0) return seen;
  const lyap_matrix mask = mask_.reshape(seen.dtype, seen.rows, seen.cols);
  if (seen.dtype == LYAP_F32)
    draw_mask<float>(request.dropout, *request.mask, mask);
  else
    draw_mask<double>(request.dropout, *request.mask, mask);
  const lyap_matrix dropped = dropped_.reshape(seen.dtype, seen.rows, seen.cols);
  copy(seen, dropped);
  scale_by(read_only(mask), dropped);
  return read_only(dropped);
}

/// dC += g seen^T, dd += sum of g, and the adjoint of what the top layer shows.
void BackwardPass::through_readout(Pass& pass, const lyap_const_matrix& seen,
                                   const BackwardRequest& request) {
  const Network& network = pass.network();
  const lyap_const_matrix gradient = gradient_.read();
  const lyap_matrix* weight_bars = request.weight_bars;
  if (weight_bars) {
    const lyap_matrix& C = weight_bars[network.readout_weight()];
    if (C.data) multiply(1.0, gradient, Side::Plain, seen, Side::Transposed, 1.0, C);
    if (const auto bias = network.readout_bias(); bias && weight_bars[*bias].data)
      add_row_sums(gradient, weight_bars[*bias]);
  }
  const lyap_matrix seen_bar = seen_bar_.reshape(seen.dtype, seen.rows, seen.cols);
  multiply(1.0, pass.weights()[network.readout_weight()], Side::Transposed, gradient, Side::Plain,
           0.0, seen_bar);
  if (request.dropout > 0) scale_by(mask_.read(), seen_bar);
  const std::size_t top = top_of(pass);
  const std::int64_t from = request.steps.first * pass.batch();
  pass.add_shown_bar(
      top, columns_of(pass.states(top), from, seen.cols), read_only(seen_bar),
      columns_of(bars_[top].view(), from - (1 + pass.count() - block_) * pass.batch(), seen.cols),
      weight_bars ? weight_bars + network.first_weight(top) : nullptr);
}

void BackwardPass::through_layer(Pass& pass, std::size_t l, const BackwardRequest& request) {
  const Network& network = pass.network();
  const CellHandle& cell = network.cell(l);
  const lyap_matrix* weight_bars =
      request.weight_bars ? request.weight_bars + network.first_weight(l) : nullptr;
  const bool learned_start = weight_bars && cell.ops().start_pull && pass.at_own_start();
  const lyap_matrix first_bar =
      request.state_bars.data || learned_start ? first_bars_[l].view() : lyap_matrix{};
  const std::int64_t columns = pass.count() * pass.batch();
  lyap_matrix input_bars = request.input_bars;
  // What a layer's input gets is what the layer below shows: written there directly when that is a
  // slice of its state, on which nothing else depends yet.
  const bool map_below = l > 0 && network.cell(l - 1).has_output_map();
  if (map_below)
    input_bars = input_bars_[l].reshape(first_bars_[l].view().dtype, cell.shape().inputs, columns);
  else if (l > 0)
    input_bars = network.cell(l - 1).visible(bars_[l - 1].view());
  if (request.state_bars.data && l < top_of(pass)) from_above_[l] = bars_[l];
  through_blocks(pass, l, first_bar, input_bars, weight_bars);
  if (map_below)
    pass.add_shown_bar(
        l - 1, columns_of(pass.states(l - 1), pass.batch(), columns), read_only(input_bars),
        bars_[l - 1].view(),
        request.weight_bars ? request.weight_bars + network.first_weight(l - 1) : nullptr);
  if (learned_start)
    call_plugin(cell.who(), cell.ops().start_pull, cell.get(), pass.weights_of(l),
                read_only(first_bar), weight_bars);
}

/// Input adjoints are only asked for where all steps are one block.
void BackwardPass::through_blocks(Pass& pass, std::size_t l, const lyap_matrix& first_bar,
                                  const lyap_matrix& input_bars, const lyap_matrix* weight_bars) {
  const std::int64_t B = pass.batch();
  const lyap_matrix bars = bars_[l].view(), before = first_bars_[l].view();
  std::int64_t from = pass.count() - block_;
  for (; from > 0; from -= block_) {
    pass.tape(l).backward(from, block_, bars, before, {}, weight_bars);
    fill(columns_of(bars, 0, (block_ - 1) * B), 0.0);
    copy(read_only(before), columns_of(bars, (block_ - 1) * B, B));
  }
  const std::int64_t count = from + block_;
  pass.tape(l).backward(0, count, columns_of(bars, (block_ - count) * B, count * B), first_bar,
                        input_bars, weight_bars);
}

/// What reached a layer's state through the layer above belongs to the same step: with the state's
/// coordinates taken as independent it is no part of the adjoint.
void BackwardPass::give_state_bars(const Pass& pass, const lyap_matrix& state_bars) {
  const std::int64_t B = pass.batch();
  const StateOrder& order = pass.network().order();
  for (std::size_t l = 0; l < pass.network().layers(); ++l) {
    if (l < top_of(pass)) subtract(from_above_[l].read(), bars_[l].view());
    order.scatter(LYAP_FULL_STATE, l, first_bars_[l].read(), columns_of(state_bars, 0, B));
    order.scatter(LYAP_FULL_STATE, l, bars_[l].read(), columns_of(state_bars, B, pass.count() * B));
  }
}

/// Only the top layer is seen by the readout.
void BackwardPass::give_direct_bars(const Pass& pass, const lyap_matrix& direct_bars) {
  fill(direct_bars, 0.0);
  pass.network().order().scatter(LYAP_FULL_STATE, top_of(pass), bars_[top_of(pass)].read(),
                                 direct_bars);
}

void BackwardPass::give_losses(const Pass& pass, const TaskView& task,
                               const BackwardRequest& request) {
  const std::int64_t B = pass.batch();
  const auto of_sequence = [&](lyap_const_matrix m, std::int64_t b) {
    m = columns_of(m, b, request.steps.count);
    m.stride *= B;
    return m;
  };
  for (std::int64_t b = 0; b < B; ++b) {
    const LossSum loss = evaluate_loss(task, of_sequence(prediction_.read(), b),
                                       of_sequence(request.target, b), 1.0, {});
    fill(columns_of(request.losses, b, 1), loss.mean());
  }
}

LossSum loss_of(const Pass& pass, const TaskView& task, LossSteps steps, lyap_const_matrix target,
                Buffer& seen, Buffer& prediction) {
  const lyap_const_matrix shown = pass.seen(top_of(pass), steps.first, steps.count, seen);
  const lyap_matrix y = prediction.reshape(shown.dtype, pass.network().shape().outputs, shown.cols);
  pass.predict(shown, y);
  return evaluate_loss(task, read_only(y), target, 1.0, {});
}

}  // namespace lyap::framework
