// tests/plugins/recorded_cells.hpp - rnn, lstm and gru once more, as recorded equations.
#pragma once
#include "../../plugins/cells/recurrent.hpp"

namespace lyap::testing {

/// The weights of the library under test, so that both cells take the same ones.
class RecordedRecurrent : public AutoCell {
 public:
  static void options(Options& o) { cells::Recurrent::options(o); }
  RecordedRecurrent(const Values& values, Index inputs, Index gates)
      : w(layout, values, inputs, gates), n(w.units) {}

 protected:
  Value by_input(Step& s) const {
    const Value y = s[w.weight_ih] * s.input();
    return w.bias_ih.index < 0 ? y : y + s[w.bias_ih];
  }
  Value by_state(Step& s, StateId h) const {
    const Value y = s[w.weight_hh] * s[h];
    return w.bias_hh.index < 0 ? y : y + s[w.bias_hh];
  }
  cells::Recurrent w;
  Index n;
};

class RecordedRnn final : public RecordedRecurrent {
 public:
  static void options(Options& o) {
    static constexpr const char* functions[] = {"tanh", "relu", nullptr};
    RecordedRecurrent::options(o);
    o.choice("activation", functions).fallback("tanh");
  }
  RecordedRnn(const Values& values, Index inputs)
      : RecordedRecurrent(values, inputs, 1), is_relu(values.is("activation", "relu")) {
    h = layout.state("h", n);
  }
  void equations(Step& s) const override {
    const Value a = by_input(s) + by_state(s, h);
    s.next(h, is_relu ? relu(a) : tanh(a));
  }

 private:
  bool is_relu;
  StateId h;
};

class RecordedLstm final : public RecordedRecurrent {
 public:
  RecordedLstm(const Values& values, Index inputs) : RecordedRecurrent(values, inputs, 4) {
    h = layout.state("h", n), c = layout.state("c", n);
  }
  void equations(Step& s) const override {
    const Value a = by_input(s) + by_state(s, h);
    const Value i = sigmoid(rows(a, 0, n)), f = sigmoid(rows(a, n, n));
    const Value g = tanh(rows(a, 2 * n, n)), o = sigmoid(rows(a, 3 * n, n));
    const Value next = f * s[c] + i * g;
    s.next(c, next);
    s.next(h, o * tanh(next));
  }

 private:
  StateId h, c;
};

class RecordedGru final : public RecordedRecurrent {
 public:
  RecordedGru(const Values& values, Index inputs) : RecordedRecurrent(values, inputs, 3) {
    h = layout.state("h", n);
  }
  void equations(Step& s) const override {
    const Value a = by_input(s), u = by_state(s, h);
    const Value r = sigmoid(rows(a, 0, n) + rows(u, 0, n));
    const Value z = sigmoid(rows(a, n, n) + rows(u, n, n));
    const Value m = tanh(rows(a, 2 * n, n) + r * rows(u, 2 * n, n));
    s.next(h, (1 - z) * m + z * s[h]);
  }

 private:
  StateId h;
};

}  // namespace lyap::testing
