// plugins/trainers/bptt/optimiser.hpp - one step of Adam, SGD with momentum, RMSprop or Adagrad.
#pragma once
#include <cmath>
#include <functional>
#include <lyap/lyap.hpp>

namespace lyap::bptt {

/// sum += x . x, for run_wide: in an order of its own, which vectors of any width keep.
struct SumOfSquares {
  template <Real T>
  [[gnu::always_inline]] static void run(const T* x, Index n, double* sum) {
    constexpr Index lanes = 16;
    double part[lanes] = {};
    Index i = 0;
    for (; i + lanes <= n; i += lanes)
      for (Index l = 0; l < lanes; ++l) {
        const double y = x[i + l];
        part[l] += y * y;
      }
    for (; i < n; ++i) part[i % lanes] += static_cast<double>(x[i]) * x[i];
    for (const double p : part) *sum += p;
  }
};

/// Changes weights along their gradients. Moments live in the kernel's slots, so that checkpoints
/// keep them. With g the (clipped) gradient plus weight_decay * w, and t the number of the step:
///   adam     m = b1 m + (1-b1) g, v = b2 v + (1-b2) g^2,
///            w -= rate m/(1-b1^t) / (sqrt(v/(1-b2^t)) + eps)      Kingma & Ba (2015), Alg. 1
///   sgd      m = momentum m + g, w -= rate m                      (PyTorch's form)
///   rmsprop  v = alpha v + (1-alpha) g^2, w -= rate g / (sqrt(v) + eps)
///   adagrad  v = v + g^2, w -= rate g / (sqrt(v) + eps)           Duchi et al. (2011)
class Optimiser {
 public:
  static void options(Options& o) {
    static constexpr const char* kinds[] = {"adam", "sgd", "rmsprop", "adagrad", nullptr};
    o.choice("optimiser", kinds).fallback("adam").doc("rule that turns gradients into steps");
    o.real("momentum").range(0, 1).fallback("0").doc("sgd: share of the previous step kept");
    o.real("beta1").range(0, 1).fallback("0.9").doc("adam: decay of the mean gradient");
    o.real("beta2").range(0, 1).fallback("0.999").doc("adam: decay of the mean squared gradient");
    o.real("alpha").range(0, 1).fallback("0.99").doc("rmsprop: decay of the mean squared gradient");
    o.real("epsilon").range(0, 1).fallback("1e-8").doc("added to the root of squared gradients");
    o.real("weight_decay").range(0, 1e3).fallback("0").doc("L2 penalty added to the gradient");
    o.real("clip").range(0, 1e9).fallback("0").doc(
        "largest norm of the whole gradient; 0 = no clipping");
  }
  explicit Optimiser(const Values& v)
      : kind_(v.text("optimiser")),
        momentum_(v.real("momentum")),
        beta1_(v.real("beta1")),
        beta2_(v.real("beta2")),
        alpha_(v.real("alpha")),
        epsilon_(v.real("epsilon")),
        decay_(v.real("weight_decay")),
        clip_(v.real("clip")) {}

  /// Asks the kernel for the moments of every trainable weight.
  void prepare(Training& training) {
    step_ = training.slot("optimiser.step", 1, 1, LYAP_F64);
    first_.assign(training.weights().size(), {});
    second_ = first_;
    const bool needs_first = kind_ == "adam" || kind_ == "sgd";
    training.each_weight([&](std::uint32_t i, auto w, auto) {
      using T = typename decltype(w)::Scalar;
      const std::string name = training.weights()[i].name;
      if (needs_first)
        first_[i] = training.slot("optimiser.first." + name, w.rows(), w.cols(), dtype_of<T>);
      if (kind_ != "sgd")
        second_[i] = training.slot("optimiser.second." + name, w.rows(), w.cols(), dtype_of<T>);
    });
  }

  /// Norm of the whole gradient, before clipping.
  static double norm(Training& training) {
    double sum = 0;
    training.each_weight([&](std::uint32_t, auto, auto g) {
      for (Index j = 0; j < g.cols(); ++j) run_wide<SumOfSquares>(entry(g, 0, j), g.rows(), &sum);
    });
    return std::sqrt(sum);
  }

  /// One step from the gradients of the last batch. Throws NotFinite when they have gone bad.
  void step(Training& training, const Host& host, double rate) {
    const double size = norm(training);
    if (!std::isfinite(size)) throw NotFinite("the gradient is not finite");
    const double scale = clip_ > 0 && size > clip_ ? clip_ / size : 1;
    ++view<double>(step_)(0, 0);
    std::vector<std::function<void()>> pieces;
    training.each_weight([&](std::uint32_t i, auto w, auto gradient) {
      // So many columns that what a piece reads and writes stays in the nearest caches.
      const Index most = std::max<Index>(1, 8192 / w.rows());
      for (Index from = 0; from < w.cols(); from += most)
        pieces.push_back([=, this, count = std::min(most, w.cols() - from)] {
          change(i, from, columns(w, from, count), columns(gradient, from, count), scale, rate);
        });
    });
    host.parallel(std::ssize(pieces),
                  [&](std::int64_t piece, int) { pieces[static_cast<std::size_t>(piece)](); });
    training.changed(rate);
  }

 private:
  /// Columns from .. of weight i.
  template <Real T>
  void change(std::uint32_t i, Index from, ViewOf<T> w, ConstViewOf<T> gradient, double scale,
              double rate) const {
    const auto moment = [&](const lyap_matrix& m) { return columns(view<T>(m), from, w.cols()); };
    const auto g = T(scale) * gradient.array() + T(decay_) * w.array();
    const T eps = T(epsilon_), eta = T(rate);
    if (kind_ == "sgd") {
      ViewOf<T> m = moment(first_[i]);
      m.array() = T(momentum_) * m.array() + g;
      w.array() -= eta * m.array();
      return;
    }
    ViewOf<T> second = moment(second_[i]);
    auto v = second.array();
    if (kind_ == "adam") {
      const double t = view<double>(step_)(0, 0);
      const double debias1 = 1 - std::pow(beta1_, t), debias2 = 1 - std::pow(beta2_, t);
      ViewOf<T> first = moment(first_[i]);
      auto m = first.array();
      m = T(beta1_) * m + T(1 - beta1_) * g;
      v = T(beta2_) * v + T(1 - beta2_) * g.square();
      w.array() -= T(rate / debias1) * m / ((v * T(1 / debias2)).sqrt() + eps);
    } else {
      v = kind_ == "rmsprop" ? (T(alpha_) * v + T(1 - alpha_) * g.square()).eval()
                             : (v + g.square()).eval();
      w.array() -= eta * g / (v.sqrt() + eps);
    }
  }

  std::string kind_;
  double momentum_, beta1_, beta2_, alpha_, epsilon_, decay_, clip_;
  lyap_matrix step_{};
  std::vector<lyap_matrix> first_, second_;
};

}  // namespace lyap::bptt
