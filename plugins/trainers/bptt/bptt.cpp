// plugins/trainers/bptt/bptt.cpp - mini-batch training by back-propagation through time.
#include <lyap/lyap.hpp>

#include "optimiser.hpp"
#include "schedule.hpp"

namespace lyap::bptt {

class Bptt final : public Trainer {
 public:
  static constexpr About about{
      "bptt", "1.0.0", "Mini-batch training by back-propagation through time",
      "Werbos, Proc. IEEE 78 (1990) 1550; optimisers as cited in their options"};

  static void options(Options& o) {
    o.integer("epochs").range(0, 1e7).fallback("10").unit("epochs").doc(
        "passes over the training split");
    o.integer("batch").range(1, 1e6).fallback("128").unit("sequences").doc("mini-batch size");
    o.integer("batches").range(0, 1e9).fallback("0").doc(
        "mini-batches that make an epoch; 0 = as many as the training split has");
    Optimiser::options(o);
    Schedule::options(o);
    o.real("dropout").range(0, 0.999).fallback("0").doc("dropout on the readout's input");
    o.integer("window").range(0, 1e9).fallback("0").unit("steps").doc(
        "back-propagation is cut after so many steps; 0 = the whole sequence");
    o.flag("carry").fallback("off").doc(
        "start a batch from the final state of the previous one; needs shuffle: off");
    o.flag("shuffle").fallback("on").doc("take the sequences in a fresh order every epoch");
    o.integer("patience")
        .range(0, 1e7)
        .fallback("0")
        .unit("epochs")
        .doc("stop after so many epochs without a lower validation loss; 0 = never");
    o.flag("restore_best")
        .fallback("on")
        .doc("end with the weights of the epoch with the lowest validation loss");
  }

  explicit Bptt(const Values& v)
      : epochs_(v.integer("epochs")),
        batch_(v.integer("batch")),
        batches_(v.integer("batches")),
        window_(v.integer("window")),
        patience_(v.integer("patience")),
        dropout_(v.real("dropout")),
        carry_(v.flag("carry")),
        shuffle_(v.flag("shuffle")),
        restore_best_(v.flag("restore_best")),
        optimiser_(v),
        schedule_(v) {
    if (carry_ && shuffle_)
      throw BadOption("`carry: on` needs sequences in their order; set `shuffle: off`");
  }

  void fit(Training& training, const Host& host) override {
    const Data data = training.data();
    if (static_cast<Loss>(data.shape().loss) == Loss::None)
      throw BadOption("the task has no targets to train on; use `train: none`");
    const Index count = data.count(Split::Train);
    if (count == 0) throw BadData("the task has no training sequences");
    validated_ = data.count(Split::Validation) > 0;

    optimiser_.prepare(training);
    lyap_matrix best_slot = training.slot("bptt.best_loss", 1, 1, LYAP_F64);
    lyap_matrix idle_slot = training.slot("bptt.epochs_without_gain", 1, 1, LYAP_F64);
    double &best = *static_cast<double*>(best_slot.data),
           &idle = *static_cast<double*>(idle_slot.data);

    Index epoch = training.first_epoch();
    if (epoch == 0) {
      const BatchResult start = measured(training);
      best = start.loss;
      if (!training.epoch(0, figures(start), true)) return;
    }
    while (epoch < epochs_ && !(patience_ > 0 && idle >= static_cast<double>(patience_))) {
      ++epoch;
      const double rate = schedule_(epoch, epochs_);
      const BatchResult trained = one_epoch(training, host, epoch, count, rate);
      const BatchResult validated = telling("after epoch " + std::to_string(epoch), [&] {
        const BatchResult done = measured(training);
        if (!std::isfinite(done.loss)) throw NotFinite("the loss is not finite");
        return done;
      });
      const bool better = validated.loss < best;
      best = better ? validated.loss : best;
      idle = better ? 0 : idle + 1;
      Training::Figures all{{"train_loss", trained.loss}, {"train_accuracy", trained.accuracy}};
      for (const auto& figure : figures(validated)) all.push_back(figure);
      all.push_back({"learning_rate", rate});
      if (!training.epoch(epoch, all, better)) return;
    }
    if (restore_best_) training.restore_best();
  }

 private:
  /// What f returns; numbers that go bad in it are told with the place and the trainer's remedy.
  template <class F>
  static BatchResult telling(const std::string& place, F&& f) try {
    return f();
  } catch (const PluginError& e) {
    if (e.code() != LYAP_NOT_FINITE) throw;
    const std::string cause = e.what();
    throw NotFinite("training diverged " + place + " (" + cause.substr(0, cause.find(';')) +
                    "); lower `learning_rate` or set `clip`");
  }

  /// The figures that choose the best epoch: validation, or training when there is no validation.
  BatchResult measured(Training& training) const {
    return training.evaluate(validated_ ? Split::Validation : Split::Train, batch_);
  }
  Training::Figures figures(const BatchResult& r) const {
    if (!validated_) return {{"evaluated_train_loss", r.loss}};
    return {{"validation_loss", r.loss}, {"validation_accuracy", r.accuracy}};
  }

  BatchResult one_epoch(Training& training, const Host& host, Index epoch, Index count,
                        double rate) {
    const std::string name = "epoch/" + std::to_string(epoch);
    std::vector<std::int64_t> order;
    if (shuffle_)
      order = host.permutation("order/" + name, count);
    else
      for (Index i = 0; i < count; ++i) order.push_back(i);

    const Index all = (count + batch_ - 1) / batch_;
    const Index batches = batches_ ? batches_ : all;
    BatchResult sum{};
    double seen = 0;
    for (Index b = 0; b < batches; ++b) {
      if (host.stopped())
        throw Stopped("training was stopped in epoch " + std::to_string(epoch) +
                      "; the epoch before it is kept");
      const Index from = (b % all) * batch_, size = std::min(batch_, count - from);
      const std::span<const std::int64_t> which(order.data() + from,
                                                static_cast<std::size_t>(size));
      BatchRequest request{Split::Train, which, window_, dropout_, carry_ && b % all > 0, {}};
      request.stream = name + "/batch/" + std::to_string(b);
      const BatchResult r =
          telling("in batch " + std::to_string(b + 1) + " of epoch " + std::to_string(epoch), [&] {
            const BatchResult done = training.gradient(request);
            if (!std::isfinite(done.loss)) throw NotFinite("the loss is not finite");
            optimiser_.step(training, host, rate);
            return done;
          });
      sum.loss += r.loss * static_cast<double>(size);
      sum.accuracy += r.accuracy * static_cast<double>(size);
      seen += static_cast<double>(size);
      host.progress(("epoch " + std::to_string(epoch)).c_str(), b + 1, batches);
    }
    return {sum.loss / seen, sum.accuracy / seen};
  }

  Index epochs_, batch_, batches_, window_, patience_;
  double dropout_;
  bool carry_, shuffle_, restore_best_, validated_ = false;
  Optimiser optimiser_;
  Schedule schedule_;
};

}  // namespace lyap::bptt

LYAP_PLUGINS(lyap::bptt::Bptt)
