// framework/plugin/rehearsal.cpp - every operation of a cell once, with watched buffers.
#include "plugin/rehearsal.hpp"

#include <deque>
#include <numeric>

namespace lyap::framework::checks {
namespace {

constexpr Index tangents = 2;

template <Real T>
class Stage {
 public:
  Stage(const MadeCell& cell, const Setting<T>& setting, Layout layout, Arguments arguments)
      : cell_(cell),
        setting_(setting),
        layout_(layout),
        arguments_(arguments),
        tape_(cell, setting.steps, setting.batch) {}

  Rehearsal<T> play() {
    bind();
    step();
    const lyap_point point{setting_.steps - 1, 0, setting_.batch};
    if (cell_.ops().push) push(point);
    if (cell_.ops().pull) pull(point);
    if (cell_.ops().jacobian) jacobian(point.t);
    if (cell_.ops().backward) backward();
    return std::move(outcome_);
  }

 private:
  using Operands = std::deque<Guarded<T>>;

  MatrixOf<T> numbers(const std::string& name, Index rows, Index cols) const {
    return random_matrix<T>(cell_, name, rows, cols);
  }
  Guarded<T>& read(Operands& operands, const std::string& name, const MatrixOf<T>& values) {
    return operands.emplace_back(name, values, layout_);
  }
  Guarded<T>& write(Operands& operands, const std::string& name, Index rows, Index cols,
                    T fill = std::numeric_limits<T>::quiet_NaN()) {
    return operands.emplace_back(name, rows, cols, layout_, fill);
  }

  // Judges the operands after a call; what was lent for the call only is then let go.
  void judge(const char* operation, Operands& inputs, Operands& outputs) {
    const auto of = [&](Guarded<T>& operand) { return operand.name() + " of " + operation; };
    for (Guarded<T>& input : inputs)
      if (!input.untouched()) outcome_.changed.push_back(of(input));
    for (Guarded<T>& output : outputs) {
      if (!output.inside()) outcome_.overrun.push_back(of(output));
      if (!output.written()) outcome_.unwritten.push_back(of(output));
      outcome_.results.push_back({of(output), output.matrix()});
    }
    if (arguments_ == Arguments::SpoiltAfterCalls) {
      for (Guarded<T>& input : inputs) input.spoil();
      for (Guarded<T>& output : outputs) output.spoil();
    }
    past_.push_back(std::move(inputs));
    past_.push_back(std::move(outputs));
  }

  void bind() {
    std::vector<lyap_const_matrix> lent;
    for (std::size_t i = 0; i < setting_.weights.size(); ++i)
      lent.push_back(
          read(weights_, cell_.shape().weights[i].name, setting_.weights[i]).lent_to_read());
    call("bind", cell_.ops().bind, tape_.get(), lent.data());
    // The weights stay where they are; the list of them does not.
    if (arguments_ == Arguments::SpoiltAfterCalls)
      std::fill(lent.begin(), lent.end(), lyap_const_matrix{});
  }

  void step() {
    Operands in, out;
    Guarded<T>& state = read(in, "state", setting_.state);
    Guarded<T>& input = read(in, "input", setting_.input);
    Guarded<T>& normal = read(in, "normal", setting_.normal);
    Guarded<T>& uniform = read(in, "uniform", setting_.uniform);
    Guarded<T>& states = write(out, "states", cell_.shape().state, setting_.steps * setting_.batch);
    lyap_chunk chunk{sizeof(lyap_chunk),
                     0,
                     0,
                     setting_.steps,
                     state.lent_to_read(),
                     input.lent_to_read(),
                     normal.lent_to_read(),
                     uniform.lent_to_read(),
                     states.lent()};
    call("step", cell_.ops().step, tape_.get(), &chunk);
    judge("step", in, out);
    if (arguments_ == Arguments::SpoiltAfterCalls) chunk = {};
  }

  void push(lyap_point point) {
    const lyap_cell_shape& shape = cell_.shape();
    const Index cols = setting_.batch * tangents;
    Operands in, out;
    Guarded<T>& state = read(in, "in_state", numbers("in_state", shape.state, cols));
    Guarded<T>& input = read(in, "in_input", numbers("in_input", shape.inputs, cols));
    Guarded<T>& result = write(out, "out", shape.state, cols);
    call("push", cell_.ops().push, tape_.get(), point, state.lent_to_read(), input.lent_to_read(),
         result.lent());
    judge("push", in, out);
  }

  void pull(lyap_point point) {
    const lyap_cell_shape& shape = cell_.shape();
    const Index cols = setting_.batch * tangents;
    Operands in, out;
    Guarded<T>& bar = read(in, "bar", numbers("bar", shape.state, cols));
    Guarded<T>& state = write(out, "out_state", shape.state, cols);
    Guarded<T>& input = write(out, "out_input", shape.inputs, cols);
    const std::vector<lyap_matrix> weight_bars = write_weight_bars(out);
    call("pull", cell_.ops().pull, tape_.get(), point, bar.lent_to_read(), state.lent(),
         input.lent(), weight_bars.data());
    judge("pull", in, out);
  }

  // Weight bars are added to: they begin with one.
  std::vector<lyap_matrix> write_weight_bars(Operands& out) {
    std::vector<lyap_matrix> lent;
    for (std::uint32_t i = 0; i < cell_.shape().weight_count; ++i) {
      const lyap_weight& weight = cell_.shape().weights[i];
      lent.push_back(
          write(out, std::string("bar of ") + weight.name, weight.rows, weight.cols, T(1)).lent());
    }
    return lent;
  }

  void jacobian(Index t) {
    const Index rows = cell_.shape().state;
    std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
    std::iota(order.rbegin(), order.rend(), 0);
    Operands in, out;
    Guarded<T>& result = write(out, "out", rows, rows);
    const lyap_block_request request{t, setting_.batch - 1, ~0ull, ~0ull, order.data(), nullptr};
    call("jacobian", cell_.ops().jacobian, tape_.get(), &request, result.lent());
    judge("jacobian", in, out);
  }

  void backward() {
    const lyap_cell_shape& shape = cell_.shape();
    const Index cols = setting_.steps * setting_.batch;
    Operands in, out;
    Guarded<T>& bars = out.emplace_back("bars", numbers("bars", shape.state, cols), layout_);
    Guarded<T>& state = write(out, "state_bar", shape.state, setting_.batch);
    Guarded<T>& input = write(out, "input_bars", shape.inputs, cols);
    const std::vector<lyap_matrix> weight_bars = write_weight_bars(out);
    call("backward", cell_.ops().backward, tape_.get(), 0, setting_.steps, bars.lent(),
         state.lent(), input.lent(), weight_bars.data());
    judge("backward", in, out);
    for (Guarded<T>& weight : weights_)
      if (!weight.untouched()) outcome_.changed.push_back("weight " + weight.name());
  }

  const MadeCell& cell_;
  const Setting<T>& setting_;
  Layout layout_;
  Arguments arguments_;
  Operands weights_;  // bound: they outlive every call, and so the tape
  OpenTape<T> tape_;
  // What was lent, spoilt but not freed: who still looks at it reads nonsense, and not by luck what
  // it was.
  std::deque<Operands> past_;
  Rehearsal<T> outcome_;
};

}  // namespace

template <Real T>
Rehearsal<T> rehearse(const MadeCell& cell, const Setting<T>& setting, Layout layout,
                      Arguments arguments) {
  return Stage<T>(cell, setting, layout, arguments).play();
}

template Rehearsal<float> rehearse(const MadeCell&, const Setting<float>&, Layout, Arguments);
template Rehearsal<double> rehearse(const MadeCell&, const Setting<double>&, Layout, Arguments);

}  // namespace lyap::framework::checks
