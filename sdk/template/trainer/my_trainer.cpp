// my_trainer.cpp - gradient descent with momentum.
#include <lyap/lyap.hpp>

#include <limits>

using lyap::Index;

/// v <- momentum v + dL/dW, W <- W - learning_rate v, after every mini-batch.
class MyTrainer final : public lyap::Trainer {
 public:
  static constexpr lyap::About about{"my_trainer", "0.1.0", "gradient descent with momentum",
                                     "Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1"};

  static void options(lyap::Options& o) {
    o.integer("epochs").range(0, 1e6).fallback("5").unit("epochs").doc("passes over the data");
    o.integer("batch").range(1, 1e6).fallback("50").unit("sequences").doc("size of a mini-batch");
    o.real("learning_rate").range(0, 100).fallback("0.05").doc("size of a step");
    o.real("momentum").range(0, 0.999).fallback("0.9").doc("share of the last step that is kept");
  }

  explicit MyTrainer(const lyap::Values& values)
      : epochs_(values.integer("epochs")),
        batch_(values.integer("batch")),
        rate_(values.real("learning_rate")),
        momentum_(values.real("momentum")) {}

  void fit(lyap::Training& training, const lyap::Host& host) override {
    // What a resumed run has to know lies in slots: checkpoints keep them.
    double& best = lyap::view<double>(training.slot("best_loss", 1, 1, LYAP_F64))(0, 0);
    Index epoch = training.first_epoch();
    if (epoch == 0) {
      best = training.evaluate(lyap::Split::Validation, batch_).loss;
      if (!training.epoch(0, {{"validation_loss", best}}, true)) return;
    }
    while (epoch < epochs_) {
      const double trained = one_epoch(training, host, ++epoch);
      const double loss = training.evaluate(lyap::Split::Validation, batch_).loss;
      const bool better = loss < best;
      if (better) best = loss;
      if (!training.epoch(epoch, {{"train_loss", trained}, {"validation_loss", loss}}, better))
        return;
    }
    training.restore_best();
  }

 private:
  double one_epoch(lyap::Training& training, const lyap::Host& host, Index epoch) const {
    const std::string name = "epoch/" + std::to_string(epoch);
    const std::vector<std::int64_t> order =
        host.permutation("order/" + name, training.data().count(lyap::Split::Train));
    const Index count = static_cast<Index>(order.size());
    double sum = 0;
    for (Index from = 0; from < count; from += batch_) {
      if (host.stopped()) throw lyap::Stopped("stopped in epoch " + std::to_string(epoch));
      const Index size = std::min(batch_, count - from);
      lyap::BatchRequest request;
      request.which =
          std::span(order).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(size));
      request.stream = name + "/from/" + std::to_string(from);
      sum += training.gradient(request).loss * static_cast<double>(size);
      descend(training);
      host.progress(("epoch " + std::to_string(epoch)).c_str(), from + size, count);
    }
    return sum / static_cast<double>(count);
  }

  void descend(lyap::Training& training) const {
    training.each_weight([&](std::uint32_t i, auto weight, auto gradient) {
      using T = typename decltype(weight)::Scalar;  // float, unless the pipeline says float64
      const std::string slot = "velocity." + std::string(training.weights()[i].name);
      auto velocity =
          lyap::view<T>(training.slot(slot, weight.rows(), weight.cols(), lyap::dtype_of<T>));
      velocity = T(momentum_) * velocity + gradient;
      weight -= T(rate_) * velocity;
    });
    training.changed(rate_);
  }

  Index epochs_, batch_;
  double rate_, momentum_;
};

LYAP_PLUGINS(MyTrainer)
