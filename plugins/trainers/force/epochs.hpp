// plugins/trainers/force/epochs.hpp - complete epochs on their way to the kernel: tested, reported.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "own_output.hpp"
#include "sequence.hpp"

namespace lyap::force {

/// Where training stands after an epoch.
struct Standing {
  Index epoch;
  Training::Figures figures;
  Matrix readout, state, input, P;
};

/// Tests after an epoch do not change what comes next. So epochs wait for their tests until there
/// are several, which then run side by side: networks with the same sparse M are tested in about a
/// third of the time. An epoch is reported after its test, from where training stood then.
class Epochs {
 public:
  /// `readout` (outputs x N) and P (N x N) are where training has them; `tests`: sequences a test.
  Epochs(Training& training, const Host& host, Index tests, View readout, View P)
      : training_(training),
        host_(host),
        data_(training.data()),
        split_(data_.count(Split::Test) > 0 ? Split::Test : Split::Train),
        tests_(tests),
        most_(tests == 0 ? 1 : std::clamp<Index>(most_kept / P.size(), 1, side_by_side)),
        readout_(readout),
        P_(P),
        state_(training.carried_state()),
        input_(training.carried_input()) {}

  /// Takes the epoch that training has just completed; false: stop now.
  bool add(Index epoch, Training::Figures figures) {
    waiting_.push_back({epoch, std::move(figures), readout_, state_, input_, P_});
    return std::ssize(waiting_) < most_ || report();
  }

  /// Tests and reports all that wait; false: stop now.
  bool report() {
    const bool go_on = waiting_.empty() || tests_ == 0 ? report(waiting_, {}) : test_and_report();
    waiting_.clear();
    return go_on;
  }

  void stop_if_asked(Index epoch) const {
    const bool one = waiting_.empty() || waiting_.front().epoch == epoch;
    if (host_.stopped())
      throw Stopped("training was stopped in epoch " + std::to_string(epoch) +
                    (one ? "; the epoch before it is kept"
                         : "; the epochs before it that were tested are kept"));
  }

 private:
  bool test_and_report() {
    Vector errors;
    try {
      errors = tested(waiting_);
    } catch (const NotFinite&) {
      return test_and_report_one_by_one();
    }
    return report(waiting_, errors);
  }
  /// One of them diverges: those before it are kept.
  bool test_and_report_one_by_one() {
    for (const Standing& one : waiting_)
      if (!report({&one, 1}, tested({&one, 1}))) return false;
    return true;
  }

  bool report(std::span<const Standing> all, const Vector& errors) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Standing& stood = all[i];
      readout_ = stood.readout, state_ = stood.state, input_ = stood.input, P_ = stood.P;
      training_.changed();
      Training::Figures figures = stood.figures;
      if (errors.size()) figures.emplace_back("test_error", errors[static_cast<Index>(i)]);
      if (!training_.epoch(stood.epoch, figures, true)) return false;
    }
    return true;
  }

  /// Mean |z - f| of the networks on their own output, from where training stood.
  Vector tested(std::span<const Standing> all) const {
    const auto networks = static_cast<Index>(all.size());
    const Index T = data_.shape().steps;
    OwnOutput network(training_.model().begin(networks, 1, false, "force/test"), readout_.rows(),
                      readout_.cols());
    Matrix states(state_.rows(), networks), inputs(input_.rows(), networks);
    for (Index i = 0; i < networks; ++i) {
      const Standing& stood = all[static_cast<std::size_t>(i)];
      states.col(i) = stood.state, inputs.col(i) = stood.input;
      network.read_out(i, stood.readout);
    }
    network.start(states, inputs);
    Vector error = Vector::Zero(networks);
    for (Index number = 0; number < tests_; ++number) {
      const Matrix target = targets(data_, split_, number);
      for (Index t = 0; t < T; ++t) {
        stop_if_asked(all.back().epoch);
        telling_where("the test", number * T + t, all.front().epoch, [&] { network.step(); });
        error += (network.output().colwise() - target.col(t)).cwiseAbs().colwise().mean();
      }
    }
    return error / static_cast<double>(tests_ * T);
  }

  static constexpr Index side_by_side = 8;
  static constexpr Index most_kept = Index(1) << 23;  // numbers of P that wait, 64 MiB

  Training& training_;
  const Host& host_;
  Data data_;
  Split split_;
  Index tests_, most_;
  View readout_, P_, state_, input_;
  std::vector<Standing> waiting_;
};

}  // namespace lyap::force
