// plugins/trainers/force/force.hpp - FORCE learning: a network in closed loop whose readout is
// learned by recursive least squares while it runs.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <string>
#include <string_view>

#include "epochs.hpp"
#include "learner.hpp"
#include "sequence.hpp"

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
    const View P = view<double>(training.slot("force.P", w.cols(), w.cols(), LYAP_F64));
    Learner learner(training.model().begin(1, 1, false, "force"), P, w);
    Epochs epochs(training, host, test_epochs_, w, P);
    if (training.first_epoch() == 0) {
      learner.squares().begin(alpha_);
      begin(training, host, epochs, learner);
      if (!epochs.add(0, {})) return;
    }
    for (Index epoch = training.first_epoch() + 1; epoch <= epochs_; ++epoch) {
      const double error = learned(training, host, data, epoch, epochs, learner);
      if (!epochs.add(epoch, {{"train_error", error}})) return;
    }
    epochs.report();
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
  void begin(Training& training, const Host& host, const Epochs& epochs, Learner& learner) const {
    View state = training.carried_state(), feedback = training.carried_input();
    const Carried left = training.model().carried();
    host.normal("feedback", feedback);
    feedback *= feedback_std_;
    if (left.input.size()) feedback = left.input;
    learner.start(left.state, feedback);
    learner.state(state);
    for (Index t = 0; t < idle_; ++t) {
      epochs.stop_if_asked(0);
      learner.run();
    }
    if (idle_ > 0) leave(training, learner);
  }

  /// The epoch's mean |z - f|, z of the weights before each update. One that diverges does not take
  /// those before it along.
  double learned(Training& training, const Host& host, const Data& data, Index epoch,
                 Epochs& epochs, Learner& learner) const {
    try {
      return one_epoch(training, host, data, epoch, epochs, learner);
    } catch (const NotFinite&) {
      epochs.report();
      throw;
    }
  }

  double one_epoch(Training& training, const Host& host, const Data& data, Index epoch,
                   const Epochs& epochs, Learner& learner) const {
    const Index T = data.shape().steps;
    const Matrix target = targets(data, Split::Train, epoch - 1);
    const std::string stage = "epoch " + std::to_string(epoch);
    learner.start(training.carried_state(), training.carried_input());
    double error = 0;
    for (Index t = 0; t < T; ++t) {
      epochs.stop_if_asked(epoch);
      const bool learn = ((epoch - 1) * T + t) % every_ == 0;
      telling_where("training", t, epoch,
                    [&] { error += learner.run(target.col(t), learn).cwiseAbs().mean(); });
      host.progress(stage.c_str(), t + 1, T);
    }
    learner.squares().complete();
    leave(training, learner);
    return error / static_cast<double>(T);
  }

  static void leave(Training& training, const Learner& learner) {
    View state = training.carried_state(), feedback = training.carried_input();
    learner.state(state);
    feedback = learner.output();
  }

  Index epochs_, every_, idle_, test_epochs_;
  double alpha_, feedback_std_;
};

}  // namespace lyap::force
