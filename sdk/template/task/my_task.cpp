// my_task.cpp - running parity: was the number of ones so far even or odd?
#include <lyap/lyap.hpp>

using lyap::Index;

/// x_t = +1 or -1 by the toss of a coin; the class of step t is the number of +1 up to t, mod 2.
class MyTask final : public lyap::Task {
 public:
  static constexpr lyap::About about{"my_task", "0.1.0", "running parity of random bits",
                                     "parity: Minsky and Papert, Perceptrons (1969)"};

  static void options(lyap::Options& o) {
    o.integer("steps").range(1, 1e6).fallback("20").unit("steps").doc("length of a sequence");
    o.integer("train").range(1, 1e7).fallback("1000").doc("sequences to learn from");
    o.integer("test").range(1, 1e7).fallback("200").doc("sequences to validate and to test with");
  }

  MyTask(const lyap::Values& values, lyap::Host host) : host_(host) {
    shape_.inputs = 1;
    shape_.outputs = 2;  // one a class; targets are class indices
    shape_.steps = values.integer("steps");
    shape_.train = values.integer("train");
    shape_.validation = shape_.test = values.integer("test");
    shape_.loss = lyap::Loss::CrossEntropy;
    shape_.symbols = {"even", "odd"};
  }

  lyap::TaskShape shape() const override { return shape_; }

  void fetch(const lyap::Request& request, lyap::Out input, lyap::Out target) const override {
    const Index count = request.count();
    lyap::Vector coin(shape_.steps);
    for (Index b = 0; b < count; ++b) {
      const std::int64_t number = request.which[static_cast<std::size_t>(b)];
      // A stream for each sequence: the same numbers whoever asks, in whatever order.
      host_.uniform("split" + std::to_string(static_cast<int>(request.split)) + "/sequence" +
                        std::to_string(number),
                    coin);
      int parity = 0;
      for (Index t = 0; t < shape_.steps; ++t) {
        const bool one = coin(t) < 0.5;
        parity ^= one;
        if (input.size()) input(0, t * count + b) = one ? 1 : -1;
        if (target.size()) target(0, t * count + b) = parity;
      }
    }
  }

 private:
  lyap::Host host_;
  lyap::TaskShape shape_;
};

LYAP_PLUGINS(MyTask)
