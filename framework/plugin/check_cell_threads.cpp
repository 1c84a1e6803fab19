// framework/plugin/check_cell_threads.cpp - conformance of a cell under several threads.
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "plugin/cell_trial.hpp"

namespace lyap::framework::checks {
namespace {

constexpr Index batch = 4, steps = 3;
constexpr int rounds = 20, thread_count = 4;

// Runs the work in all threads at once and hands on the first failure.
template <class Work>
void in_threads(Work work) {
  std::mutex mutex;
  std::optional<CheckFailed> failure;
  std::vector<std::thread> threads;
  for (int i = 0; i < thread_count; ++i)
    threads.emplace_back([&, i] {
      try {
        for (int round = 0; round < rounds; ++round) work(i);
      } catch (const CheckFailed& failed) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = failed;
      }
    });
  for (std::thread& thread : threads) thread.join();
  if (failure) throw *failure;
}

// What push, pull and jacobian say about one sample.
template <Real T>
MatrixOf<T> derivatives(const MadeCell& cell, const OpenTape<T>& tape, Index t, Index sample) {
  const Index n = cell.shape().state;
  const MatrixOf<T> v = MatrixOf<T>::Ones(n, 1);
  MatrixOf<T> all = MatrixOf<T>::Zero(n, 3);
  if (cell.ops().push) all.col(0) = tape.push({t, sample, 1}, v, {});
  if (cell.ops().pull) all.col(1) = tape.pull({t, sample, 1}, v).state;
  if (cell.ops().jacobian)
    all.col(2) = tape.jacobian({t, sample, ~0ull, ~0ull, nullptr, nullptr}, n, n).rowwise().sum();
  return all;
}

}  // namespace

std::string threads(const CheckSubject& subject) {
  const MadeCell cell(subject);
  in_both_precisions([&](auto zero) {
    using T = decltype(zero);
    const Setting<T> setting = setting_for<T>(cell, batch, steps);
    OpenTape<T> tape(cell, setting);
    const MatrixOf<T> states = tape.run(setting);
    std::vector<MatrixOf<T>> alone;
    for (Index k = 0; k < steps * batch; ++k)
      alone.push_back(derivatives(cell, tape, k / batch, k % batch));
    in_threads([&](int thread) {
      for (Index k = thread; k < steps * batch; ++k)
        compare("derivatives taken by several threads and by one",
                derivatives(cell, tape, k / batch, k % batch), alone[static_cast<std::size_t>(k)],
                rounding<T>);
    });
    in_threads([&](int) {
      OpenTape<T> own(cell, setting);
      compare("states on tapes of several threads and of one", own.run(setting), states,
              rounding<T>);
    });
    return 0.0;
  });
  return fmt::format("{} threads", thread_count);
}

}  // namespace lyap::framework::checks
