// plugins/tasks/driven_noise.hpp - Gaussian noise that drives a network, with nothing to learn.
#pragma once
#include <lyap/plugin.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include "splits.hpp"

namespace lyap::tasks {

/// x_t ~ N(mean, variance E), independent in t.
class DrivenNoise final : public Task {
 public:
  static constexpr About about{
      "driven_noise", "1.0.0", "Independent Gaussian inputs of any length, without targets",
      "Vogt, Puelma Touzel, Shlizerman and Lajoie, Front. Appl. Math. Stat. 8 (2022) 818799, Fig. "
      "1"};

  static void options(Options& o) {
    o.integer("inputs").range(1, 1e6).fallback("1").doc("numbers in the input of a step");
    o.real("mean").fallback("0").doc("mean of every input");
    o.real("variance").at_least(0).fallback("0.6").doc("variance of every input; Fig. 1 has 0.6");
    o.integer("steps").range(1, 1e9).fallback("1000").unit("steps").doc(
        "length of a sequence where an analysis does not say how much it wants");
    o.integer("sequences")
        .range(1, 1e9)
        .fallback("1000")
        .doc("numbered sequences in each split; an analysis may ask for further ones");
  }

  DrivenNoise(const Values& values, const Host& host)
      : host_(host),
        inputs_(values.integer("inputs")),
        steps_(values.integer("steps")),
        sequences_(values.integer("sequences")),
        mean_(values.real("mean")),
        deviation_(std::sqrt(values.real("variance"))) {
    if (!std::isfinite(mean_) || !std::isfinite(deviation_))
      throw BadOption("`mean` and `variance` must be finite");
  }

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = inputs_, s.steps = steps_;
    s.loss = Loss::None;
    s.train = s.validation = s.test = sequences_;
    return s;
  }

  void fetch(const Request& request, Out input, Out) const override {
    if (input.data()) drive(request, 0, steps_, input);
  }

  void drive(const Request& request, Index from, Index count, Out input) const override {
    Matrix drawn(inputs_, piece);
    for (Index b = 0; b < request.count(); ++b) {
      const std::string sequence =
          std::string(name_of(request.split)) + "/" + std::to_string(request.which[b]) + "/";
      for (Index at = from / piece; at * piece < from + count; ++at) {
        host_.normal(sequence + std::to_string(at), drawn);
        const Index first = std::max(from, at * piece),
                    end = std::min(from + count, (at + 1) * piece);
        for (Index t = first; t < end; ++t)
          input.col((t - from) * request.count() + b) =
              (mean_ + deviation_ * drawn.col(t - at * piece).array()).matrix();
      }
    }
  }

 private:
  // Every 64 steps have a random stream of their own, so that step t is the same however the input
  // is asked for and no chunk draws what stands before it.
  static constexpr Index piece = 64;

  Host host_;
  Index inputs_, steps_, sequences_;
  double mean_, deviation_;
};

}  // namespace lyap::tasks
