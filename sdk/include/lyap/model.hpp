// lyap/model.hpp - a network and its task as trainers and analyses see them. The kernel owns both.
#pragma once
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lyap/task.hpp"

namespace lyap {

/// Which part of the state perturbations live in. `Hidden` holds the other parts fixed inside each
/// step: an LSTM's dh'/dh at constant c, as in Vogt et al. (2022), B.1.
enum class Scope { Full = LYAP_FULL_STATE, Hidden = LYAP_HIDDEN_STATE };

/// Who computed a derivative; written into every result that rests on one.
enum class Derivative {
  Differences = LYAP_BY_DIFFERENCES,
  Automatic = LYAP_AUTOMATIC,
  Analytic = LYAP_ANALYTIC
};
inline const char* name_of(Derivative d) {
  switch (d) {
    case Derivative::Analytic:
      return "analytic";
    case Derivative::Automatic:
      return "automatic";
    case Derivative::Differences:
      return "differences";
  }
  return "unknown";
}

/// One run over a batch of B sequences in float64, a chunk of steps at a time. After run() and
/// until the next, everything const may be called from any thread.
class Pass {
 public:
  Pass(const lyap_model_ops* ops, lyap_pass* pass, Index batch)
      : ops_(ops), pass_(pass, ops->close), batch_(batch) {}

  Index batch() const { return batch_; }
  /// Longest chunk run() takes.
  Index capacity() const { return ops_->capacity(pass_.get()); }
  /// Back to the beginning, from the cell's own start (zero unless the cell learns or samples it).
  void start() { border::call(ops_->start, pass_.get(), lyap_const_matrix{}); }
  /// Back to the beginning, from `state` (state x B).
  void start(In state) { border::call(ops_->start, pass_.get(), lend(state)); }
  /// Runs the next steps: input inputs x steps*B, column t*B + b.
  void run(In input) { border::call(ops_->run, pass_.get(), input.cols() / batch_, lend(input)); }
  /// Closed loop: `steps` further steps on the network's own output (the softmax of it, when the
  /// task's targets are classes); `first` (inputs x B) is the input of the first one, without it
  /// the output that belongs to the present state.
  void run_closed(Index steps, In first = Matrix()) {
    border::call(ops_->run, pass_.get(), steps, lend(first));
  }

  /// State (state x B) after step t of the chunk last run; t = 0 is before it.
  void state(Index t, Out out) const { border::call(ops_->state, pass_.get(), t, lend(out)); }
  /// Readout (outputs x B) after step t.
  void output(Index t, Out out) const { border::call(ops_->output, pass_.get(), t, lend(out)); }
  /// What the readout sees after step t: readout.weight's columns x B.
  void seen(Index t, Out out) const { border::call(ops_->seen, pass_.get(), t, lend(out)); }

  /// out = J of one sample at step t, d x d for the scope's d; rows and columns may be asked in
  /// another order: out(i, j) = J(row_order[i], column_order[j]).
  void jacobian(Index t, Index sample, Scope scope, Out out,
                const std::int64_t* row_order = nullptr,
                const std::int64_t* column_order = nullptr) const {
    border::call(ops_->jacobian, pass_.get(), t, sample, static_cast<std::int32_t>(scope),
                 row_order, column_order, lend(out));
  }
  /// out = J V; V, out: d x samples*k, the i-th sample of the point owns columns i*k .. i*k+k-1.
  void push(Point at, Scope scope, In v, Out out) const {
    border::call(ops_->push, pass_.get(), lyap_point{at.t, at.first, at.samples},
                 static_cast<std::int32_t>(scope), lend(v), lyap_const_matrix{}, lend(out));
  }
  /// out = J^T U, same shapes.
  void pull(Point at, Scope scope, In u, Out out) const {
    border::call(ops_->pull, pass_.get(), lyap_point{at.t, at.first, at.samples},
                 static_cast<std::int32_t>(scope), lend(u), lend(out), lyap_matrix{});
  }

  /// weights[i] += (ds_t/dW_i)^T u summed over the batch; u: state x B; t = 0: of the cell's own
  /// start. One matrix a weight in the order of Model::weights, empty ones are left out.
  void pull_weights(Index t, In u, std::vector<Matrix>& weights) const {
    std::vector<lyap_matrix> bars;
    for (Matrix& w : weights) bars.push_back(lend(w));
    border::call(ops_->pull_weights, pass_.get(), t, lend(u), bars.data());
  }

  /// What backward() is asked for: fields left empty are not computed.
  struct Adjoints {
    Matrix states;                ///< state x (steps+1)*B: total dL/ds_t, t = 0 .. steps
    Matrix inputs;                ///< inputs x steps*B: dL/dx_t
    std::vector<Matrix> weights;  ///< dL/dW, one a weight in the order of Model::weights
    Matrix direct;  ///< state x steps*B: what the loss adds by the readout of that step alone
    Matrix losses;  ///< 1 x B: the loss of each sequence, a mean over its steps
  };
  /// Loss of the task on the chunk just run and its adjoints by back-propagation through that
  /// chunk, which is the whole sequence when they are to be whole; when neither states, inputs nor
  /// weights are asked for, nothing is propagated. `target` is that of the chunk's steps; `at` > 0:
  /// the loss at that step alone. Matrices must have their sizes; the weights' are added to.
  double backward(In target, Adjoints& out, Index at = 0) {
    std::vector<lyap_matrix> bars;
    for (Matrix& w : out.weights) bars.push_back(lend(w));
    lyap_backward b{};
    b.size = sizeof b;
    b.at = static_cast<std::int32_t>(at);
    b.target = lend(target);
    if (out.states.size()) b.state_bars = lend(out.states);
    if (out.inputs.size()) b.input_bars = lend(out.inputs);
    if (out.direct.size()) b.direct_bars = lend(out.direct);
    if (out.losses.size()) b.losses = lend(out.losses);
    b.weight_bars = bars.empty() ? nullptr : bars.data();
    border::call(ops_->backward, pass_.get(), &b);
    return b.loss;
  }

 private:
  struct Close {
    void (*close)(lyap_pass*);
    Close(void (*f)(lyap_pass*)) : close(f) {}
    void operator()(lyap_pass* p) const { close(p); }
  };
  const lyap_model_ops* ops_;
  std::unique_ptr<lyap_pass, Close> pass_;
  Index batch_;
};

/// Where a trainer, or the file of its weights, left a network: its state (state x 1) and the input
/// that comes next (inputs x 1). A part that was not left has no numbers.
struct Carried {
  Matrix state, input;
};

/// Stacked cells and a linear readout: s_t = F(x_t, s_{t-1}; W), y_t = C o(s_t) + d. The state is
/// ordered by part, then by layer: (h of every layer, then c of every layer).
class Model {
 public:
  Model(const lyap_model_ops* ops, const lyap_model* model) : ops_(ops), model_(model) {}

  const lyap_model_shape& shape() const { return *ops_->shape(model_); }
  Index inputs() const { return shape().inputs; }
  Index outputs() const { return shape().outputs; }
  /// Rows of the state in a scope.
  Index state(Scope scope = Scope::Full) const {
    return scope == Scope::Full ? shape().state : shape().hidden;
  }
  Derivative derivative() const { return static_cast<Derivative>(shape().derivative); }
  std::span<const lyap_weight> weights() const { return {shape().weights, shape().weight_count}; }
  /// A weight by its place in weights(), rows x cols, float64.
  Matrix weight(std::uint32_t index) const {
    lyap_const_matrix m{};
    border::call(ops_->weight, model_, index, LYAP_F64, &m);
    return view<double>(m);
  }

  Carried carried() const {
    lyap_const_matrix state{}, input{};
    ops_->carried(model_, &state, &input);
    return {view<double>(state), view<double>(input)};
  }

  /// Opens a pass over `batch` sequences in float64. `steps`: longest chunk, 0 = from the memory
  /// budget. `first`: the number of its first sequence in messages. [any thread]
  Pass begin(Index batch, Index steps = 0, bool closed_loop = false,
             const std::string& stream = "analysis", Index first = 0) const {
    lyap_pass_request request{};
    request.size = sizeof request;
    request.dtype = LYAP_F64;
    request.batch = batch;
    request.steps = steps;
    request.closed_loop = closed_loop;
    request.stream = stream.c_str();
    request.first = first;
    lyap_error error{};
    lyap_pass* pass = ops_->open(model_, &request, &error);
    if (!pass) throw PluginError(error.code, error.text);
    return Pass(ops_, pass, batch);
  }

 private:
  const lyap_model_ops* ops_;
  const lyap_model* model_;
};

/// The sequences of the pipeline's task. [any thread]
class Data {
 public:
  Data(const lyap_data_ops* ops, const lyap_data* data) : ops_(ops), data_(data) {}
  const lyap_task_shape& shape() const { return *ops_->shape(data_); }
  Index count(Split split) const { return shape().count[static_cast<int>(split)]; }

  void fetch(const Request& request, Out input, Out target) const {
    border::call(ops_->fetch, data_, static_cast<std::int32_t>(request.split), request.which.data(),
                 static_cast<std::int64_t>(request.count()), lend(input), lend(target));
  }
  void drive(const Request& request, Index from, Index steps, Out input) const {
    border::call(ops_->drive, data_, static_cast<std::int32_t>(request.split), request.which.data(),
                 static_cast<std::int64_t>(request.count()), static_cast<std::int64_t>(from),
                 static_cast<std::int64_t>(steps), lend(input));
  }

 private:
  const lyap_data_ops* ops_;
  const lyap_data* data_;
};

}  // namespace lyap
