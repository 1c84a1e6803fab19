// lyap/trainer.hpp - what the author of a trainer writes: changes weights until the network does
// the task. The kernel keeps back-propagation through time, workers, checkpoints and figures.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "lyap/model.hpp"

namespace lyap {

/// Mean loss (nats for cross entropy) and accuracy (NaN unless the targets are classes).
using BatchResult = lyap_batch_result;

/// One mini-batch as a trainer asks for it.
struct BatchRequest {
  Split split = Split::Train;
  std::span<const std::int64_t> which;
  Index window = 0;    ///< back-propagation is cut after so many steps; 0 = whole sequence
  double dropout = 0;  ///< on the readout's input
  bool carry = false;  ///< start from the final state of the previous batch
  std::string stream;  ///< random stream of dropout, noise and sampled starts
};

/// The kernel's side of a training run. [one thread]
class Training {
 public:
  Training(const lyap_training_ops* ops, lyap_training* training)
      : ops_(ops), training_(training), model_(ops->model_ops, ops->model(training)) {}

  const Model& model() const { return model_; }
  Data data() const { return Data(ops_->data_ops, ops_->data(training_)); }
  std::span<const lyap_weight> weights() const { return model_.weights(); }

  /// Calls f(weight, gradient) with views of the training dtype for every trainable weight.
  template <class F>
  void each_weight(F&& f) {
    const auto all = weights();
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (!(all[i].flags & LYAP_TRAINABLE)) continue;
      lyap_matrix weight{};
      lyap_const_matrix gradient{};
      if (ops_->weight(training_, i, &weight) || ops_->gradient(training_, i, &gradient))
        throw std::logic_error("the kernel has no weight '" + std::string(all[i].name) + "'");
      with_dtype(weight.dtype, [&](auto zero) {
        using T = decltype(zero);
        f(i, view<T>(weight), view<T>(gradient));
      });
    }
  }
  /// A weight where it is, for trainers that update one in place.
  lyap_matrix weight(std::uint32_t index) {
    lyap_matrix m{};
    if (ops_->weight(training_, index, &m)) throw std::logic_error("no such weight");
    return m;
  }
  /// Says that weights have changed; with a positive learning rate the cell's projection runs.
  void changed(double learning_rate = 0) { border::call(ops_->changed, training_, learning_rate); }

  /// Mean loss of a batch; its gradient is then found through each_weight.
  BatchResult gradient(const BatchRequest& request) {
    lyap_batch_request r{};
    r.size = sizeof r;
    r.split = static_cast<std::int32_t>(request.split);
    r.which = request.which.data();
    r.count = static_cast<std::int64_t>(request.which.size());
    r.window = request.window;
    r.dropout = request.dropout;
    r.carry = request.carry;
    r.stream = request.stream.c_str();
    BatchResult result{};
    border::call(ops_->batch, training_, &r, &result);
    return result;
  }
  /// Mean loss of a whole split, without noise and dropout, `batch` sequences at a time.
  BatchResult evaluate(Split split, Index batch) {
    BatchResult result{};
    border::call(ops_->evaluate, training_, static_cast<std::int32_t>(split),
                 static_cast<std::int64_t>(batch), &result);
    return result;
  }

  /// Memory that checkpoints save and a resumed run restores; zero at first.
  lyap_matrix slot(const std::string& name, Index rows, Index cols, int dtype) {
    lyap_matrix m{};
    border::call(ops_->slot, training_, name.c_str(), static_cast<std::int64_t>(rows),
                 static_cast<std::int64_t>(cols), dtype, &m);
    return m;
  }
  /// Slots that say where training leaves the network (state x 1, inputs x 1). They stay with the
  /// weights of every checkpoint: analyses may begin there, see Model::carried.
  View carried_state() { return view<double>(slot("carried.state", model_.state(), 1, LYAP_F64)); }
  View carried_input() { return view<double>(slot("carried.input", model_.inputs(), 1, LYAP_F64)); }
  /// 0, or the epoch a resumed run continues after.
  Index first_epoch() const { return ops_->first_epoch(training_); }

  using Figures = std::vector<std::pair<const char*, double>>;
  /// Reports a complete epoch (0 = before any training). False: stop now.
  bool epoch(Index number, const Figures& figures, bool best = false) {
    std::vector<lyap_metric> metrics;
    for (const auto& [name, value] : figures) metrics.push_back({name, value});
    lyap_error error{};
    const int code = ops_->epoch(training_, number, metrics.data(),
                                 static_cast<std::int32_t>(metrics.size()), best, &error);
    if (code == LYAP_STOPPED) return false;
    border::check(code, error);
    return true;
  }
  void restore_best() { border::call(ops_->restore_best, training_); }

 private:
  const lyap_training_ops* ops_;
  lyap_training* training_;
  Model model_;
};

class Trainer {
 public:
  virtual ~Trainer() = default;
  /// Trains; throws, saying why, when it cannot train this model on this task.
  virtual void fit(Training& training, const Host& host) = 0;
};

namespace border {

template <class C>
concept IsTrainer = std::derived_from<C, Trainer>;

template <IsTrainer C>
struct TrainerTable {
  static_assert(std::constructible_from<C, const Values&>,
                "LYAP_PLUGINS: a trainer is constructed from (const lyap::Values&)");
  static lyap_trainer* create(const lyap_value* values, std::uint32_t count, lyap_error* error) {
    C* made = nullptr;
    guarded(error, [&] { made = new C(Values(values, count)); });
    return reinterpret_cast<lyap_trainer*>(made);
  }
  static void destroy(lyap_trainer* t) { delete reinterpret_cast<C*>(t); }
  static std::int32_t fit(lyap_trainer* t, const lyap_training_ops* ops, lyap_training* training,
                          lyap_lent host, lyap_error* error) {
    return guarded(error, [&] {
      Training lent(ops, training);
      reinterpret_cast<C*>(t)->fit(lent, Host(host));
    });
  }
  static constexpr lyap_trainer_ops ops{sizeof(lyap_trainer_ops), 0, create, destroy, fit};
};

}  // namespace border
}  // namespace lyap
