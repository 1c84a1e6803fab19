// framework/plugin/check_cell_steps.cpp - conformance of a cell's steps.
#include "plugin/cell_trial.hpp"

namespace lyap::framework::checks {
namespace {

constexpr Index batch = 3, steps = 4;

template <Real T>
MatrixOf<T> columns_of_sample(const MatrixOf<T>& all, Index b) {
  MatrixOf<T> mine(all.rows(), all.cols() / batch);
  for (Index t = 0; t < mine.cols(); ++t) mine.col(t) = all.col(t * batch + b);
  return mine;
}

template <Real T>
bool is_finite(const MatrixOf<T>& m) {
  return m.array().isFinite().all();
}

}  // namespace

std::string step_repeatable(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    const Setting<T> setting = setting_for<T>(cell, batch, steps);
    OpenTape<T> tape(cell, setting);
    MatrixOf<T> states(cell.shape().state, batch * steps);
    const lyap_chunk chunk{sizeof(lyap_chunk),
                           0,
                           0,
                           steps,
                           lend(setting.state),
                           lend_or_absent(setting.input),
                           lend_or_absent(setting.normal),
                           lend_or_absent(setting.uniform),
                           lend(states)};
    call("step", cell.ops().step, tape.get(), &chunk);
    const MatrixOf<T> first = states;
    call("step", cell.ops().step, tape.get(), &chunk);
    compare("the states of two equal calls", first, states, 0);
    // On another tape memory may lie differently, and sums be taken in another order.
    OpenTape<T> other(cell, setting);
    return compare("the states on two tapes", first, other.run(setting), rounding<T>);
  });
}

std::string batch_is_columns(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    const Setting<T> setting = setting_for<T>(cell, batch, steps);
    const MatrixOf<T> together = OpenTape<T>(cell, setting).run(setting);
    double worst = 0;
    for (Index b = 0; b < batch; ++b) {
      const Setting<T> alone = setting.sample(b);
      worst = std::max(worst, compare(fmt::format("sample {} of {} and the same alone", b, batch),
                                      columns_of_sample(together, b),
                                      OpenTape<T>(cell, alone).run(alone), rounding<T>));
    }
    return worst;
  });
}

std::string chunk_is_steps(const CheckSubject& subject) {
  const MadeCell cell(subject);
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    const Setting<T> setting = setting_for<T>(cell, batch, steps);
    OpenTape<T> whole(cell, setting), stepped(cell, setting);
    const MatrixOf<T> states = whole.run(setting);
    MatrixOf<T> state = setting.state;
    for (Index t = 0; t < steps; ++t) state = stepped.run(setting, t, 1, state);
    double worst = compare("the last state of a chunk and of its steps",
                           MatrixOf<T>(states.rightCols(batch)), state, rounding<T>);
    if (!cell.ops().push) return worst;
    // Each step has its own place on the tape, whichever way it came there.
    const MatrixOf<T> v = random_matrix<T>(cell, "tangent", cell.shape().state, batch);
    for (Index t = 0; t < steps; ++t) {
      const lyap_point point{t, 0, batch};
      worst = std::max(worst,
                       compare(fmt::format("push at step {} of a chunk and of its steps", t),
                               whole.push(point, v, {}), stepped.push(point, v, {}), rounding<T>));
    }
    return worst;
  });
}

std::string bind_follows_weights(const CheckSubject& subject) {
  const MadeCell cell(subject);
  if (cell.shape().weight_count == 0) throw CheckSkipped{"it has no weights"};
  return in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    Setting<T> setting = setting_for<T>(cell, batch, steps);
    OpenTape<T> tape(cell, setting);
    tape.run(setting);
    const auto same_as_afresh = [&](const std::string& what) {
      return compare(what, tape.run(setting), OpenTape<T>(cell, setting).run(setting), rounding<T>);
    };
    for (std::uint32_t i = 0; i < cell.shape().weight_count; ++i)
      if (cell.shape().weights[i].flags & LYAP_LIVE) setting.weights[i] *= T(0.5);
    double worst = same_as_afresh("states after a change of the live weights, and of a new tape");
    for (MatrixOf<T>& weight : setting.weights) weight *= T(-0.75);
    tape.bind(setting);
    worst = std::max(worst, same_as_afresh("states after a second bind, and of a new tape"));
    return worst;
  });
}

std::string not_finite_reported(const CheckSubject& subject) {
  const MadeCell cell(subject);
  in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    Setting<T> setting = setting_for<T>(cell, batch, 1);
    OpenTape<T> tape(cell, setting);
    const MatrixOf<T> sound = tape.run(setting);
    setting.state.col(1).setConstant(std::numeric_limits<T>::quiet_NaN());
    MatrixOf<T> states;
    try {
      states = tape.run(setting);
    } catch (const CheckFailed&) {
      return 0.0;  // it says so itself
    }
    if (is_finite(MatrixOf<T>(states.col(1))))
      throw CheckFailed{
          "a state of NaN gives finite numbers; use comparisons that let NaN through, or report "
          "LYAP_NOT_FINITE"};
    for (const Index b : {0, 2})
      compare(fmt::format("sample {} beside one of NaN, and as it was,", b),
              MatrixOf<T>(states.col(b)), MatrixOf<T>(sound.col(b)), rounding<T>);
    return 0.0;
  });
  return "";
}

}  // namespace lyap::framework::checks
