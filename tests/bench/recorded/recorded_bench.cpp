// tests/bench/recorded/recorded_bench.cpp - recorded equations against the same cells written by
// hand.
#include "../../../plugins/cells/gru.hpp"
#include "../../../plugins/cells/lstm.hpp"
#include "../../../plugins/cells/rnn.hpp"
#include "../../plugins/recorded_cells.hpp"
#include "../../sdk/cell_trial.hpp"

#include <cblas.h>
#include <fmt/format.h>
#include <time.h>

#include <functional>
#include <iostream>

namespace lyap::bench {
namespace {

using Times = std::vector<std::pair<std::string, std::function<void()>>>;

/// Of this thread alone, so that a busy machine disturbs little.
double processor_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

/// 64 samples of 8 steps; what is timed is one call for all of them, jacobian one sample's.
template <class C, Real T>
struct Timed {
  static constexpr Index steps = 8, batch = 64;
  explicit Timed(Index units)
      : trial({{"units", std::to_string(units)}}, 28, steps, batch),
        after(trial.rows(), steps * batch),
        direction(testing::random<T>(trial.source, trial.rows(), batch)),
        bars(testing::random<T>(trial.source, trial.rows(), steps * batch)),
        out(trial.rows(), batch),
        inputs(28, batch),
        jacobian(trial.rows(), trial.rows()),
        pulled(trial.empty(batch, batch)),
        weight_bars(trial.lend_all(pulled.weights)) {
    trial.run();
  }
  Times operations() {
    using Ops = typename testing::Trial<C, T>;
    return {
        {"step",
         [this] {
           const lyap_chunk chunk{sizeof chunk,
                                  0,
                                  0,
                                  steps,
                                  lend(std::as_const(trial.state)),
                                  lend(std::as_const(trial.input)),
                                  {},
                                  {},
                                  lend(after)};
           border::call(Ops::ops.step, trial.tape, &chunk);
         }},
        {"push",
         [this] {
           border::call(Ops::ops.push, trial.tape, lyap_point{3, 0, batch},
                        lend(std::as_const(direction)), lyap_const_matrix{}, lend(out));
         }},
        {"pull",
         [this] {
           border::call(Ops::ops.pull, trial.tape, lyap_point{3, 0, batch},
                        lend(std::as_const(direction)), lend(out), lyap_matrix{},
                        static_cast<const lyap_matrix*>(weight_bars.data()));
         }},
        {"backward",
         [this] {
           after = bars;  // backward changes them
           border::call(Ops::ops.backward, trial.tape, std::int64_t{0}, std::int64_t{steps},
                        lend(after), lend(out), lyap_matrix{},
                        static_cast<const lyap_matrix*>(weight_bars.data()));
         }},
        {"jacobian",
         [this] {
           const lyap_block_request all{3, 5, ~0ull, ~0ull, nullptr, nullptr};
           border::call(Ops::ops.jacobian, trial.tape, &all, lend(jacobian));
         }},
    };
  }
  testing::Trial<C, T> trial;
  MatrixOf<T> after, direction, bars, out, inputs, jacobian;
  typename testing::Trial<C, T>::Pulled pulled;
  std::vector<lyap_matrix> weight_bars;
};

/// Seconds of one call: repeated for a few milliseconds.
double seconds_of(const std::function<void()>& call) {
  double seconds = 0;
  int calls = 0;
  for (const double begin = processor_seconds(); seconds < 3e-3; ++calls) {
    call();
    seconds = processor_seconds() - begin;
  }
  return seconds / calls;
}

template <class Hand, class Recorded, Real T>
void compare(const std::string& cell, Index units) {
  Timed<Hand, T> hand(units);
  Timed<Recorded, T> recorded(units);
  const Times by_hand = hand.operations(), by_record = recorded.operations();
  std::string line = fmt::format("{:<5} {} N={:<4}", cell, sizeof(T) == 4 ? "f32" : "f64", units);
  for (std::size_t i = 0; i < by_hand.size(); ++i) {
    std::vector<double> own, ratios;
    for (int round = 0; round < 7; ++round) {  // in turn
      own.push_back(seconds_of(by_hand[i].second));
      ratios.push_back(seconds_of(by_record[i].second) / own.back());
    }
    line +=
        fmt::format("  {} {:.2f} ({:.0f} us)", by_hand[i].first, median(ratios), median(own) * 1e6);
  }
  std::cout << line << std::endl;
}

void recorded(const std::vector<std::string>& words) {
  std::cout << "processor time of the recorded cell divided by that of the one by hand (in "
               "brackets)\n";
  for (const std::string& word : words) {
    const Index units = std::stoi(word);
    compare<cells::Rnn, testing::RecordedRnn, float>("rnn", units);
    compare<cells::Lstm, testing::RecordedLstm, float>("lstm", units);
    compare<cells::Gru, testing::RecordedGru, float>("gru", units);
    compare<cells::Rnn, testing::RecordedRnn, double>("rnn", units);
    compare<cells::Lstm, testing::RecordedLstm, double>("lstm", units);
    compare<cells::Gru, testing::RecordedGru, double>("gru", units);
  }
}

}  // namespace
}  // namespace lyap::bench

/// Processor time of one thread, so that a busy machine disturbs little: lyap_recorded_bench
/// UNITS...
int main(int argc, char** argv) {
  openblas_set_num_threads(1);
  lyap::bench::recorded({argv + 1, argv + argc});
}
