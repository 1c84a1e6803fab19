// framework/model/pass.cpp - runs a network over a batch, a chunk of steps at a time.
#include "model/pass.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

#include "base/error.hpp"
#include "linalg/product.hpp"
#include "lyap/elementwise.hpp"
#include "model/plugin_call.hpp"

namespace lyap::framework {
namespace {

/// Fills the matrix from the stream, column by column.
void draw(void (Random::*fill_values)(std::span<double>), Random& random, const lyap_matrix& out) {
  if (out.rows == 0) return;
  thread_local std::vector<double> values;
  values.resize(static_cast<std::size_t>(out.rows));
  for (std::int64_t j = 0; j < out.cols; ++j) {
    (random.*fill_values)(values);
    copy({values.data(), out.rows, 1, out.rows, LYAP_F64, 0}, columns_of(out, j, 1));
  }
}

/// The bits of all exponents: all ones when a number is NaN or infinite. Integers, because sums of
/// floating-point numbers are not made in parallel.
struct AnyNotFinite {
  template <class T>
  [[gnu::always_inline]] static void run(const T* x, std::int64_t count, bool* any) {
    using Bits = typename elementwise::Bits<T>::Integer;
    constexpr Bits exponent = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
    Bits found = 0;
    for (std::int64_t i = 0; i < count; ++i)
      found |= (std::bit_cast<Bits>(x[i]) & exponent) == exponent ? 1 : 0;
    *any = found;
  }
};
/// Of a matrix without gaps.
bool any_not_finite(const lyap_const_matrix& m) {
  bool any = false;
  if (m.dtype == LYAP_F32)
    run_wide<AnyNotFinite>(static_cast<const float*>(m.data), m.rows * m.cols, &any);
  else
    run_wide<AnyNotFinite>(static_cast<const double*>(m.data), m.rows * m.cols, &any);
  return any;
}

/// Of a chunk, taken to a cell's steps and looked at while they are still in the second-level
/// cache.
constexpr std::int64_t columns_at_a_time = 1024;

}  // namespace

Pass::Pass(const Network& network, const JacobianProvider& derivatives, const Weights& weights,
           PassRequest request)
    : network_(network),
      derivatives_(derivatives),
      weights_(&weights),
      request_(std::move(request)) {
  const lyap_model_shape& shape = network_.shape();
  if (request_.closed_loop && shape.outputs != shape.inputs)
    throw InputError("the loop cannot be closed: the network has " + std::to_string(shape.outputs) +
                     " outputs but " + std::to_string(shape.inputs) + " inputs");
  if (request_.steps <= 0) request_.steps = steps_in_budget();
  open_layers();
  bind(weights);
  start();
}

std::int64_t Pass::steps_in_budget() const {
  std::int64_t numbers = 0;
  for (std::size_t l = 0; l < network_.layers(); ++l) {
    const lyap_cell_shape& cell = network_.cell(l).shape();
    // A tape that does not say what it keeps is taken for a gated one.
    const std::int64_t tape = cell.tape_rows > 0 ? cell.tape_rows : 8 * cell.state + cell.inputs;
    const std::int64_t points = derivatives_.needs_points() ? cell.state + cell.inputs : 0;
    numbers += tape + points + cell.state + cell.normal + cell.uniform;
  }
  if (request_.closed_loop) numbers += network_.shape().inputs;
  const auto bytes = static_cast<std::int64_t>(element_size(request_.dtype));
  return std::max<std::int64_t>(1, request_.memory_budget / (numbers * bytes * request_.batch));
}

void Pass::open_layers() {
  for (std::size_t l = 0; l < network_.layers(); ++l) {
    Layer& layer = layers_.emplace_back();
    const CellHandle& cell = network_.cell(l);
    layer.tape = std::make_unique<Tape>(cell, request_.dtype, request_.steps, request_.batch,
                                        derivatives_.needs_points());
    layer.states.reshape(request_.dtype, cell.shape().state, (request_.steps + 1) * request_.batch);
  }
  if (request_.closed_loop)
    fed_back_.reshape(request_.dtype, network_.shape().inputs, request_.steps * request_.batch);
}

void Pass::bind(const Weights& weights) {
  assert(weights.dtype() == request_.dtype);
  weights_ = &weights;
  for (std::size_t l = 0; l < layers_.size(); ++l) layers_[l].tape->bind(weights_of(l));
}

void Pass::start(lyap_const_matrix state, const std::string& stream) {
  request_.stream = stream;
  start(state);
}

void Pass::start(lyap_const_matrix state) {
  count_ = first_step_ = 0;
  own_start_ = state.data == nullptr;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const std::string layer = std::to_string(l);
    layers_[l].normals.emplace(request_.seed, request_.stream + "/normal/" + layer);
    layers_[l].uniforms.emplace(request_.seed, request_.stream + "/uniform/" + layer);
    if (own_start_)
      start_layer(l);
    else
      network_.order().gather(LYAP_FULL_STATE, l, state,
                              columns_of(layers_[l].states.view(), 0, batch()));
  }
}

void Pass::start_layer(std::size_t l) {
  const CellHandle& cell = network_.cell(l);
  const lyap_matrix state = columns_of(layers_[l].states.view(), 0, batch());
  fill(state, 0.0);
  if (!cell.ops().start) return;
  Random random(request_.seed, request_.stream + "/start/" + std::to_string(l));
  Buffer normal(request_.dtype, cell.shape().state, batch());
  draw(&Random::fill_normal, random, normal.view());
  call_plugin(cell.who(), cell.ops().start, cell.get(), weights_of(l), normal.read(), state);
}

void Pass::run(std::int64_t count, lyap_const_matrix input) {
  assert(count >= 1 && count <= capacity());
  for (Layer& layer : layers_)
    if (count_ > 0)
      copy(columns_of(layer.states.read(), count_ * batch(), batch()),
           columns_of(layer.states.view(), 0, batch()));
  first_step_ += count_;
  count_ = count;
  draw_noise(count);
  if (request_.closed_loop) {
    run_closed(count, input);
    require_finite();
    return;
  }
  const std::int64_t most = std::max<std::int64_t>(1, columns_at_a_time / batch());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    for (std::int64_t at = 0; at < count; at += most) {
      const std::int64_t steps = std::min(most, count - at), columns = steps * batch();
      run_layer(l, at, steps,
                input.data ? columns_of(input, at * batch(), columns) : lyap_const_matrix{});
      if (any_not_finite(columns_of(layers_[l].states.read(), (at + 1) * batch(), columns)))
        require_finite();
    }
    if (l + 1 < layers_.size()) input = seen(l, 1, count, layers_[l].shown);
  }
}

void Pass::draw_noise(std::int64_t count) {
  if (!request_.noise) return;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const lyap_cell_shape& cell = network_.cell(l).shape();
    Layer& layer = layers_[l];
    draw(&Random::fill_normal, *layer.normals,
         layer.normal.reshape(request_.dtype, cell.normal, count * batch()));
    draw(&Random::fill_uniform, *layer.uniforms,
         layer.uniform.reshape(request_.dtype, cell.uniform, count * batch()));
  }
}

void Pass::run_layer(std::size_t l, std::int64_t at, std::int64_t count, lyap_const_matrix input) {
  Layer& layer = layers_[l];
  const auto steps = [&](lyap_matrix m, std::int64_t from) {
    return columns_of(m, from * batch(), count * batch());
  };
  lyap_chunk chunk{};
  chunk.size = sizeof chunk;
  chunk.at = at;
  chunk.count = count;
  chunk.state = columns_of(layer.states.read(), at * batch(), batch());
  chunk.input = input;
  if (request_.noise) {
    chunk.normal = read_only(steps(layer.normal.view(), at));
    chunk.uniform = read_only(steps(layer.uniform.view(), at));
  }
  chunk.states = steps(layer.states.view(), at + 1);
  layer.tape->step(chunk, first_step_);
}

void Pass::run_closed(std::int64_t count, lyap_const_matrix input) {
  const bool given = input.data != nullptr;
  first_input_given_ = given && first_step_ == 0;
  for (std::int64_t t = 0; t < count; ++t) {
    if (t > 0 || !given) {
      const lyap_matrix next = columns_of(fed_back_.view(), t * batch(), batch());
      output(t, next);
      feed_back(request_.feedback, next);
      input = read_only(next);
    }
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      run_layer(l, t, 1, input);
      if (l + 1 < layers_.size()) input = seen(l, t + 1, 1, layers_[l].shown);
    }
  }
}

void Pass::require_finite() const {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const lyap_const_matrix states =
        columns_of(layers_[l].states.read(), batch(), count_ * batch());
    const std::int64_t column = any_not_finite(states) ? first_bad_column(states) : -1;
    if (column >= 0)
      throw NumericError(
          network_.cell(l).who() + ": the state of layer " + std::to_string(l + 1) +
          " is not finite after step " + std::to_string(first_step_ + column / batch() + 1) +
          " of sequence " + std::to_string(request_.first + column % batch()) +
          (request_.closed_loop
               ? " in closed loop; the network diverges on its own output, train it longer or "
                 "measure fewer steps"
               : "; look for inputs that are not finite, or make the weights smaller"));
  }
}

void Pass::state(std::int64_t t, lyap_matrix out) const {
  for (std::size_t l = 0; l < layers_.size(); ++l)
    network_.order().scatter(LYAP_FULL_STATE, l,
                             columns_of(layers_[l].states.read(), t * batch(), batch()), out);
}

void Pass::output(std::int64_t t, lyap_matrix out) const {
  thread_local Buffer scratch;
  predict(seen(layers_.size() - 1, t, 1, scratch), out);
}

void Pass::predict(lyap_const_matrix seen, lyap_matrix out) const {
  const std::size_t weight = network_.readout_weight();
  if (const auto bias = network_.readout_bias()) {
    for (std::int64_t j = 0; j < out.cols; ++j) copy((*weights_)[*bias], columns_of(out, j, 1));
    multiply(1.0, (*weights_)[weight], Side::Plain, seen, Side::Plain, 1.0, out);
  } else {
    multiply(1.0, (*weights_)[weight], Side::Plain, seen, Side::Plain, 0.0, out);
  }
}

lyap_const_matrix Pass::seen(std::size_t l, std::int64_t t, std::int64_t count,
                             Buffer& scratch) const {
  const CellHandle& cell = network_.cell(l);
  const lyap_const_matrix states =
      columns_of(layers_[l].states.read(), t * batch(), count * batch());
  if (!cell.has_output_map()) return cell.visible(states);
  const lyap_matrix out = scratch.reshape(request_.dtype, cell.shape().outputs, states.cols);
  call_plugin(cell.who(), cell.ops().output, cell.get(), weights_of(l), states, out);
  return read_only(out);
}

}  // namespace lyap::framework
