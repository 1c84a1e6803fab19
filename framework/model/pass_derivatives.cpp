// framework/model/pass_derivatives.cpp - the Jacobian of a stack, and its products with vectors.
//
// A layer's input is what the layer below shows after the same step, so with J^l = ds^l'/ds^l,
// X^l = ds^l'/dx^l and O^l the derivative of what layer l shows, the Jacobian is block lower
// triangular: block (l, j) = X^l O^{l-1} ... X^{j+1} O^j J^j for j < l.  In closed loop
// x^1 = f(C o(s^L) + d) adds X^1 f' C O^L to the columns of the top layer, and what follows from it
// above; f' is the identity, or of scores of classes S = diag(p) - p p^T at p = softmax.
#include "linalg/product.hpp"
#include "model/pass.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

constexpr std::uint64_t all_blocks = ~std::uint64_t{0};
constexpr std::uint64_t first_block = 1;
constexpr lyap_const_matrix none{};

struct Scratch {
  Buffer whole, own, pushed[2], shown, input, bar, input_bar[2];
};
// Per thread: Jacobians of different samples are asked for at the same time, at every step.
thread_local Scratch scratch;

std::uint64_t blocks(std::int32_t scope) {
  return scope == LYAP_HIDDEN_STATE ? first_block : all_blocks;
}

}  // namespace

void Pass::jacobian(std::int64_t t, std::int64_t sample, std::int32_t scope,
                    const std::int64_t* row_order, const std::int64_t* column_order,
                    lyap_matrix out) const {
  if (layers_.size() == 1 && !fed_back(t)) {
    const lyap_block_request request{t - 1,         sample,    blocks(scope),
                                     blocks(scope), row_order, column_order};
    derivatives_.jacobian(*layers_[0].tape, request, out);
    return;
  }
  const std::int64_t rows = network_.order().rows(scope);
  const lyap_matrix whole = scratch.whole.reshape(request_.dtype, rows, rows);
  fill(whole, 0.0);
  for (std::size_t l = 0; l < layers_.size(); ++l) jacobian_columns(l, t, sample, scope, whole);
  permute(read_only(whole), row_order, column_order, out);
}

/// The columns that belong to the states of layer j.
void Pass::jacobian_columns(std::size_t j, std::int64_t t, std::int64_t sample, std::int32_t scope,
                            lyap_matrix whole) const {
  const StateOrder& order = network_.order();
  const std::int64_t columns = order.rows(scope, j);
  const lyap_matrix own =
      scratch.own.reshape(request_.dtype, network_.cell(j).shape().state, columns);
  derivatives_.jacobian(*layers_[j].tape,
                        {t - 1, sample, all_blocks, blocks(scope), nullptr, nullptr}, own);
  const bool through_readout = fed_back(t) && j + 1 == layers_.size();
  lyap_const_matrix input = none;
  if (through_readout) {
    const lyap_matrix unit = scratch.bar.reshape(request_.dtype, own.rows, columns);
    fill(unit, 0.0);
    for (std::int64_t i = 0; i < columns; ++i) fill(block_of(unit, i, i, 1, 1), 1.0);
    input = fed_back_tangent({t, sample, 1}, read_only(unit), none);
  }
  for (std::size_t l = through_readout ? 0 : j; l < layers_.size(); ++l) {
    lyap_matrix tangent = own;
    if (input.data) {
      tangent =
          scratch.pushed[l % 2].reshape(request_.dtype, network_.cell(l).shape().state, columns);
      derivatives_.push(*layers_[l].tape, {t - 1, sample, 1}, none, input, tangent);
      if (l == j) add(read_only(own), tangent);
    }
    order.scatter_columns(scope, l, j, read_only(tangent), whole);
    input = shown_tangent(l, {t, sample, 1}, read_only(tangent));
  }
}

void Pass::push(lyap_point at, std::int32_t scope, lyap_const_matrix v, lyap_const_matrix w,
                lyap_matrix out) const {
  const lyap_point step{at.t - 1, at.first, at.samples};
  const StateOrder& order = network_.order();
  if (whole_layer(scope) && !fed_back(at.t)) {
    derivatives_.push(*layers_[0].tape, step, v, w, out);
    return;
  }
  const auto of_layer = [&](std::size_t l) {
    const lyap_matrix tangent =
        scratch.own.reshape(request_.dtype, network_.cell(l).shape().state, out.cols);
    order.gather(scope, l, v, tangent);
    return read_only(tangent);
  };
  lyap_const_matrix input = w;
  if (fed_back(at.t) && v.data) input = fed_back_tangent(at, of_layer(layers_.size() - 1), w);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const lyap_matrix pushed =
        scratch.pushed[l % 2].reshape(request_.dtype, network_.cell(l).shape().state, out.cols);
    derivatives_.push(*layers_[l].tape, step, v.data ? of_layer(l) : none, input, pushed);
    order.scatter(scope, l, read_only(pushed), out);
    input = shown_tangent(l, at, read_only(pushed));
  }
}

void Pass::pull(lyap_point at, std::int32_t scope, lyap_const_matrix u, lyap_matrix out,
                lyap_matrix out_input) const {
  const lyap_point step{at.t - 1, at.first, at.samples};
  const StateOrder& order = network_.order();
  if (whole_layer(scope) && !fed_back(at.t)) {
    derivatives_.pull(*layers_[0].tape, step, u, out, out_input);
    return;
  }
  lyap_const_matrix from_above = none;
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const lyap_cell_shape& cell = network_.cell(l).shape();
    const lyap_matrix bar = scratch.bar.reshape(request_.dtype, cell.state, u.cols);
    order.gather(scope, l, u, bar);
    if (from_above.data) add_shown_bar(l, states_at(l, at), from_above, bar);
    const lyap_matrix own = scratch.own.reshape(request_.dtype, cell.state, u.cols);
    const lyap_matrix input_bar =
        scratch.input_bar[l % 2].reshape(request_.dtype, cell.inputs, u.cols);
    derivatives_.pull(*layers_[l].tape, step, read_only(bar), own, input_bar);
    if (out.data) order.scatter(scope, l, read_only(own), out);
    from_above = read_only(input_bar);
  }
  if (out_input.data) copy(from_above, out_input);
  if (fed_back(at.t) && out.data) add_fed_back_bar(at, scope, from_above, out);
}

/// True when the scope's rows are the state of the one layer there is.
bool Pass::whole_layer(std::int32_t scope) const {
  return layers_.size() == 1 &&
         network_.order().rows(scope) == network_.order().rows(LYAP_FULL_STATE);
}

/// Columns t*B + first .. of the layer's states.
lyap_const_matrix Pass::states_at(std::size_t l, lyap_point at) const {
  return columns_of(layers_[l].states.read(), at.t * batch() + at.first, at.samples);
}

/// O^l tangent, k tangents a sample.
lyap_const_matrix Pass::shown_tangent(std::size_t l, lyap_point at,
                                      lyap_const_matrix tangent) const {
  const CellHandle& cell = network_.cell(l);
  if (!cell.has_output_map()) return cell.visible(tangent);
  const lyap_matrix shown =
      scratch.shown.reshape(request_.dtype, cell.shape().outputs, tangent.cols);
  call_plugin(cell.who(), cell.ops().output_push, cell.get(), weights_of(l), states_at(l, at),
              tangent, shown);
  return read_only(shown);
}

/// What the readout fed back as the inputs of step t.
lyap_const_matrix Pass::fed_back_inputs(lyap_point at) const {
  return columns_of(fed_back_.read(), (at.t - 1) * batch() + at.first, at.samples);
}

/// f' C O^L tangent + w: how the input of step t follows the top layer's state before it.
lyap_const_matrix Pass::fed_back_tangent(lyap_point at, lyap_const_matrix tangent,
                                         lyap_const_matrix w) const {
  const lyap_const_matrix shown =
      shown_tangent(layers_.size() - 1, {at.t - 1, at.first, at.samples}, tangent);
  const lyap_matrix input =
      scratch.input.reshape(request_.dtype, network_.shape().inputs, tangent.cols);
  multiply(1.0, (*weights_)[network_.readout_weight()], Side::Plain, shown, Side::Plain, 0.0,
           input);
  feed_back_tangents(request_.feedback, fed_back_inputs(at), input);
  if (w.data) add(w, input);
  return read_only(input);
}

/// bar += (O^l)^T shown_bar.
void Pass::add_shown_bar(std::size_t l, lyap_const_matrix states, lyap_const_matrix shown_bar,
                         lyap_matrix bar, const lyap_matrix* weight_bars) const {
  const CellHandle& cell = network_.cell(l);
  if (cell.has_output_map())
    call_plugin(cell.who(), cell.ops().output_pull, cell.get(), weights_of(l), states, shown_bar,
                bar, weight_bars);
  else
    add(shown_bar, cell.visible(bar));
}

/// out += (f' C O^L)^T input_bar, in the rows of the top layer.
void Pass::add_fed_back_bar(lyap_point at, std::int32_t scope, lyap_const_matrix input_bar,
                            lyap_matrix out) const {
  const std::size_t top = layers_.size() - 1;
  const lyap_matrix output_bar =
      scratch.input.reshape(request_.dtype, network_.shape().outputs, input_bar.cols);
  copy(input_bar, output_bar);
  feed_back_tangents(request_.feedback, fed_back_inputs(at), output_bar);
  const lyap_matrix shown_bar =
      scratch.shown.reshape(request_.dtype, network_.visible(), input_bar.cols);
  multiply(1.0, (*weights_)[network_.readout_weight()], Side::Transposed, read_only(output_bar),
           Side::Plain, 0.0, shown_bar);
  const lyap_matrix bar =
      scratch.bar.reshape(request_.dtype, network_.cell(top).shape().state, input_bar.cols);
  network_.order().gather(scope, top, read_only(out), bar);
  add_shown_bar(top, states_at(top, {at.t - 1, at.first, at.samples}), read_only(shown_bar), bar);
  network_.order().scatter(scope, top, read_only(bar), out);
}

}  // namespace lyap::framework
