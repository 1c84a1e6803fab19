// plugins/trainers/force/force.hpp - FORCE learning: a network in closed loop whose readout is
// learned by recursive least squares while it runs.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <string>
#include <string_view>

#include "learner.hpp"

namespace lyap::force {

class Force final : public Trainer {
 public:
  static constexpr About about{"force", "1.0.0",
                               "FORCE learning: the readout alone, by recursive least squares",
                               "Sussillo and Abbott, Neuron 63 (2009) 544, Eqs. (3) to (5)"};

  static void options(Options& o) {
    o.integer("epochs").range(0, 1e7).fallback("15").unit("epochs").doc(
        "times the training sequence is run through while learning");
    o.integer("every").range(1, 1e6).fallback("2").unit("steps").doc(
        "steps from one update to the next, counted through all epochs");
    o.real("alpha")
        .range(1e-12, 1e12)
        .fallback("1")
        .doc("P begins as E/alpha: the penalty on the distance from the first weights");
    o.integer("idle").range(0, 1e9).fallback("0").unit("steps").doc(
        "steps on its own output before it learns");
    o.integer("test_epochs")
        .range(0, 1e6)
        .fallback("15")
        .unit("epochs")
        .doc(
            "times the test sequence is run through after each epoch, with fixed weights; 0 = no "
            "test");
    o.real("feedback_std")
        .range(0, 1e6)
        .fallback("0.5")
        .doc("standard deviation of the output that is fed back first");
  }

  explicit Force(const Values& v)
      : epochs_(v.integer("epochs")),
        every_(v.integer("every")),
        idle_(v.integer("idle")),
        test_epochs_(v.integer("test_epochs")),
        alpha_(v.real("alpha")),
        feedback_std_(v.real("feedback_std")) {}

  void fit(Training& training, const Host& host) override {
    const Data data = training.data();
    expect_suitable(training.model(), data);
    const View w = readout(training);
    const lyap_matrix P = training.slot("force.P", w.cols(), w.cols(), LYAP_F64);
    Learner learner(training.model().begin(1, 1, false, "force"), view<double>(P), w);
    if (training.first_epoch() == 0) {
      learner.squares().begin(alpha_);
      begin(training, host, learner);
      if (!training.epoch(0, tested(training, host, data, 0, {}), true)) return;
    }
    for (Index epoch = training.first_epoch() + 1; epoch <= epochs_; ++epoch) {
      const double error = one_epoch(training, host, data, epoch, learner);
      training.changed();
      if (!training.epoch(epoch, tested(training, host, data, epoch, {{"train_error", error}}),
                          true))
        return;
    }
  }

 private:
  static void expect_suitable(const Model& model, const Data& data) {
    const lyap_task_shape& task = data.shape();
    const auto loss = static_cast<Loss>(task.loss);
    if (loss == Loss::None || loss == Loss::CrossEntropy || task.last_step_only ||
        task.targets != model.outputs())
      throw BadOption(
          "FORCE learning needs a target of every output at every step, which the task "
          "does not have; use one like `signal_reconstruction`");
    if (!task.next_step || model.inputs() != model.outputs())
      throw BadOption(
          "FORCE learning feeds the output back as the next input, and the outputs of "
          "the task are no inputs; use a task like `signal_reconstruction`");
    if (data.count(Split::Train) == 0) throw BadData("the task has no training sequences");
  }

  /// readout.weight, outputs x N, where it is.
  static View readout(Training& training) {
    lyap_matrix found{};
    const auto weights = training.weights();
    for (std::uint32_t i = 0; i < weights.size(); ++i) {
      const std::string_view name = weights[i].name;
      if (name == "readout.bias")
        throw BadOption(
            "FORCE learning changes readout.weight alone, and this readout has a bias; "
            "give the cell `readout: {bias: off}`");
      if (name == "readout.weight") found = training.weight(i);
    }
    if (found.dtype != LYAP_F64)
      throw BadOption(
          "recursive least squares loses its matrix P to rounding in float32; set "
          "`precision: {train: float64}`");
    return view<double>(found);
  }

  /// Where the file of the weights left the network, or a start of its own; then the idle steps.
  void begin(Training& training, const Host& host, Learner& learner) const {
    View state = training.carried_state(), feedback = training.carried_input();
    const Carried left = training.model().carried();
    host.normal("feedback", feedback);
    feedback *= feedback_std_;
    if (left.input.size()) feedback = left.input;
    learner.start(left.state, feedback);
    learner.state(state);
    for (Index t = 0; t < idle_; ++t) {
      stop_if_asked(host, 0);
      learner.run();
    }
    if (idle_ > 0) leave(training, learner);
  }

  /// Mean |z - f| while it learns, z of the weights before each update.
  double one_epoch(Training& training, const Host& host, const Data& data, Index epoch,
                   Learner& learner) const {
    const Index T = data.shape().steps;
    const Matrix target = sequence(data, Split::Train, epoch - 1);
    learner.start(training.carried_state(), training.carried_input());
    double error = 0;
    for (Index t = 0; t < T; ++t) {
      stop_if_asked(host, epoch);
      const bool learn = ((epoch - 1) * T + t) % every_ == 0;
      telling_where("training", t, epoch,
                    [&] { error += learner.run(target.col(t), learn).cwiseAbs().mean(); });
      host.progress(("epoch " + std::to_string(epoch)).c_str(), t + 1, T);
    }
    learner.squares().mirror();
    leave(training, learner);
    return error / static_cast<double>(T);
  }

  static void leave(Training& training, const Learner& learner) {
    View state = training.carried_state(), feedback = training.carried_input();
    learner.state(state);
    feedback = learner.output();
  }

  /// `figures` and the mean |z - f| of the network on its own, from where training stands.
  Training::Figures tested(Training& training, const Host& host, const Data& data, Index epoch,
                           Training::Figures figures) const {
    if (test_epochs_ == 0) return figures;
    const Split split = data.count(Split::Test) > 0 ? Split::Test : Split::Train;
    const Index T = data.shape().steps;
    OwnOutput network(training.model().begin(1, 1, false, "force/test"), data.shape().targets);
    network.start(training.carried_state(), training.carried_input());
    double error = 0;
    for (Index number = 0; number < test_epochs_; ++number) {
      const Matrix target = sequence(data, split, number);
      for (Index t = 0; t < T; ++t) {
        stop_if_asked(host, epoch);
        telling_where("the test", number * T + t, epoch, [&] { network.step(); });
        error += (network.output() - target.col(t)).cwiseAbs().mean();
      }
    }
    figures.emplace_back("test_error", error / static_cast<double>(test_epochs_ * T));
    return figures;
  }

  /// `step`, and if it gives numbers that are not finite, when.
  template <class Step>
  static void telling_where(const char* what, Index t, Index epoch, const Step& step) {
    try {
      step();
    } catch (const PluginError& e) {
      if (e.code() != LYAP_NOT_FINITE) throw;
      const std::string cause = e.what();
      throw NotFinite(std::string(what) + " diverged in step " + std::to_string(t + 1) +
                      " of epoch " + std::to_string(epoch) + " (" +
                      cause.substr(0, cause.find(';')) + "); raise `alpha` or `every`");
    }
  }

  /// Targets (outputs x steps) of a sequence, counted on from the beginning at the end.
  static Matrix sequence(const Data& data, Split split, Index number) {
    const std::int64_t which = number % data.count(split);
    Matrix nothing(0, 0), target(data.shape().targets, data.shape().steps);
    data.fetch({split, {&which, 1}}, nothing, target);
    return target;
  }

  static void stop_if_asked(const Host& host, Index epoch) {
    if (host.stopped())
      throw Stopped("training was stopped in epoch " + std::to_string(epoch) +
                    "; the epoch before it is kept");
  }

  Index epochs_, every_, idle_, test_epochs_;
  double alpha_, feedback_std_;
};

}  // namespace lyap::force
