// plugins/tasks/adding.hpp - the adding problem: two marked numbers of a long sequence are summed.
#pragma once
#include <lyap/plugin.hpp>

#include "drawn_examples.hpp"

namespace lyap::tasks {

/// x_t = (a number from U(0, 1), a marker). Two markers are 1, one in the first floor(T/2) steps
/// and one in the rest; the target after the last step is the sum of the two marked numbers. Always
/// saying 1 has a mean squared error of 1/6, the variance of the sum.
class Adding final : public Task {
 public:
  static constexpr About about{
      "adding", "1.0.0", "The adding problem: remember two marked numbers of a long sequence",
      "Hochreiter and Schmidhuber, Neural Computation 9 (1997) 1735; in the form of Le, Jaitly and "
      "Hinton (2015), arXiv:1504.00941, and Arjovsky, Shah and Bengio (2016), arXiv:1511.06464"};

  static void options(Options& o) {
    o.integer("steps").range(2, 1e6).fallback("100").unit("steps").doc("length T of a sequence");
    DrawnExamples::options(o);
  }

  Adding(const Values& values, const Host& host)
      : steps_(values.integer("steps")), examples_(values, host) {}

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = 2, s.outputs = 1, s.steps = steps_;
    s.loss = Loss::MeanSquared;
    s.last_step_only = true;
    examples_.put_into(s);
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    examples_.check(request);
    Vector drawn(steps_ + 2);
    const Index half = steps_ / 2;
    for (Index b = 0; b < request.count(); ++b) {
      examples_.draw(request, b, drawn);
      const Index first = below(half, drawn(steps_)),
                  second = half + below(steps_ - half, drawn(steps_ + 1));
      if (input.data())
        for (Index t = 0; t < steps_; ++t)
          input.col(t * request.count() + b) << drawn(t), t == first || t == second;
      if (target.data()) target(0, b) = drawn(first) + drawn(second);
    }
  }

  /// baseline: the error of always saying 1.
  std::vector<std::pair<std::string, double>> metrics(In, In target) const override {
    return {{"baseline", (target.array() - 1).square().mean()}};
  }

 private:
  Index steps_;
  DrawnExamples examples_;
};

}  // namespace lyap::tasks
