// framework/model/pass.hpp - one run of a network over a batch, a chunk of steps at a time, and the
// derivatives of the chunk last run.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/random.hpp"
#include "linalg/matrix.hpp"
#include "model/feedback.hpp"
#include "model/jacobian.hpp"
#include "model/network.hpp"
#include "model/tape.hpp"
#include "model/weights.hpp"

namespace lyap::framework {

struct PassRequest {
  std::int32_t dtype = LYAP_F64;
  std::int64_t batch = 1;
  std::int64_t steps = 0;  ///< the longest chunk; 0: as many as the memory budget allows
  bool noise = false;      ///< draw the cell's noise
  bool closed_loop = false;
  Feedback feedback = Feedback::Output;  ///< in closed loop
  std::uint64_t seed = 0;
  std::string stream = "pass";              ///< of noise and sampled starts
  std::int64_t first = 0;                   ///< number of the first sequence in messages
  std::int64_t memory_budget = 32ll << 20;  ///< bytes, when steps = 0
};

/// All matrices have the dtype of the pass; column t*B + b is step t, sample b.  Network, provider
/// and weights must outlive the pass.
class Pass {
 public:
  /// InputError: closed loop with outputs that are not the inputs.
  Pass(const Network& network, const JacobianProvider& derivatives, const Weights& weights,
       PassRequest request);

  const Network& network() const { return network_; }
  const Weights& weights() const { return *weights_; }
  const PassRequest& request() const { return request_; }
  std::int64_t batch() const { return request_.batch; }
  std::int64_t capacity() const { return request_.steps; }
  /// Steps of the chunk last run, and how many were run before it.
  std::int64_t count() const { return count_; }
  std::int64_t first_step() const { return first_step_; }
  /// True when state 0 of the chunk is the cells' own start.
  bool at_own_start() const { return own_start_ && first_step_ == 0; }

  /// After every change of the weights (LYAP_LIVE ones excepted); of the dtype of the pass.
  void bind(const Weights& weights);
  /// Back to the beginning: `state` is state x B of either dtype, or has no data for the cells' own
  /// start, zero when they have none.  Noise begins anew with the stream.
  void start(lyap_const_matrix state = {});
  void start(lyap_const_matrix state, const std::string& stream);
  /// Runs the next `count` steps; input: inputs x count*B (closed loop: of the first step, or no
  /// data for what the output of the present state feeds back).  NumericError names step and
  /// sequence.
  void run(std::int64_t count, lyap_const_matrix input);

  /// State after step t of the chunk, t = 0 .. count; 0 is before it.
  void state(std::int64_t t, lyap_matrix out) const;
  /// y_t, t = 0 .. count: outputs x B.
  void output(std::int64_t t, lyap_matrix out) const;
  /// out = C seen + d, one column a prediction.
  void predict(lyap_const_matrix seen, lyap_matrix out) const;
  /// What the layer shows after steps t .. t+count-1 of the chunk: a slice of its states, or
  /// `scratch` filled by its output map.
  lyap_const_matrix seen(std::size_t layer, std::int64_t t, std::int64_t count,
                         Buffer& scratch) const;

  /// J of one sample at step t = 1 .. count, d x d; orders as in lyap_model_ops.  In closed loop it
  /// includes the way through the readout, s' = F(f(C o(s) + d), s) with the feedback f, except at
  /// the run's first step when its input was given.  These three: [any thread] until the next run.
  void jacobian(std::int64_t t, std::int64_t sample, std::int32_t scope,
                const std::int64_t* row_order, const std::int64_t* column_order,
                lyap_matrix out) const;
  /// out = J v + (ds_t/dx_t) w; k columns a sample, d x samples*k; v or w may have no data.
  void push(lyap_point at, std::int32_t scope, lyap_const_matrix v, lyap_const_matrix w,
            lyap_matrix out) const;
  /// out = J^T u, out_input = (ds_t/dx_t)^T u; either may have no data.
  void pull(lyap_point at, std::int32_t scope, lyap_const_matrix u, lyap_matrix out,
            lyap_matrix out_input) const;

  /// weight_bars[i] += (ds_t/dW_i)^T u summed over the batch, u: state x B; t = 0: of the cells'
  /// own start, nothing when the chunk did not begin there.  What the readout's weights do to the
  /// input of a closed loop is not in it.  [any thread] until the next run.
  void pull_weights(std::int64_t t, lyap_const_matrix u, const lyap_matrix* weight_bars) const;

  /// What follows is for the backward pass: a layer's tape, its states x (count+1)*B, its weights.
  Tape& tape(std::size_t layer) { return *layers_[layer].tape; }
  lyap_const_matrix states(std::size_t layer) const {
    return columns_of(layers_[layer].states.read(), 0, (count_ + 1) * batch());
  }
  const lyap_const_matrix* weights_of(std::size_t layer) const {
    return weights_->data() + network_.first_weight(layer);
  }
  /// bar += (derivative of what the layer shows of these states)^T shown_bar; weight_bars likewise.
  void add_shown_bar(std::size_t layer, lyap_const_matrix states, lyap_const_matrix shown_bar,
                     lyap_matrix bar, const lyap_matrix* weight_bars = nullptr) const;

 private:
  struct Layer {
    std::unique_ptr<Tape> tape;
    Buffer states;  // state x (capacity+1)*B, column block 0 is before the chunk
    Buffer normal, uniform, shown;
    std::optional<Random> normals, uniforms;
  };

  void open_layers();
  std::int64_t steps_in_budget() const;
  void start_layer(std::size_t layer);
  void draw_noise(std::int64_t count);
  void run_layer(std::size_t layer, std::int64_t at, std::int64_t count, lyap_const_matrix input);
  void run_closed(std::int64_t count, lyap_const_matrix input);
  void require_finite() const;
  /// True when the input of step t came from the readout.
  bool fed_back(std::int64_t t) const {
    return request_.closed_loop && !(t == 1 && first_input_given_);
  }
  lyap_const_matrix fed_back_inputs(lyap_point at) const;
  bool whole_layer(std::int32_t scope) const;
  void jacobian_columns(std::size_t j, std::int64_t t, std::int64_t sample, std::int32_t scope,
                        lyap_matrix whole) const;
  lyap_const_matrix states_at(std::size_t layer, lyap_point at) const;
  lyap_const_matrix shown_tangent(std::size_t layer, lyap_point at,
                                  lyap_const_matrix tangent) const;
  lyap_const_matrix fed_back_tangent(lyap_point at, lyap_const_matrix tangent,
                                     lyap_const_matrix w) const;
  void add_fed_back_bar(lyap_point at, std::int32_t scope, lyap_const_matrix input_bar,
                        lyap_matrix out) const;

  const Network& network_;
  const JacobianProvider& derivatives_;
  const Weights* weights_;
  PassRequest request_;
  std::deque<Layer> layers_;
  Buffer fed_back_;  // closed loop: inputs x capacity*B, what the readout fed back
  std::int64_t count_ = 0, first_step_ = 0;
  bool own_start_ = true, first_input_given_ = false;
};

}  // namespace lyap::framework
