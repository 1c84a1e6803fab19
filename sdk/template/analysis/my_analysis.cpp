// my_analysis.cpp - the largest Lyapunov exponent, by following one direction.
#include <lyap/lyap.hpp>

#include <limits>
#include <numeric>

using lyap::Index;

/// v_t = J_t v_{t-1} / |J_t v_{t-1}|; the exponent is the mean of log |J_t v_{t-1}| over the steps
/// after the warm-up, in which v turns into the direction of fastest growth.
class MyAnalysis final : public lyap::Analysis {
 public:
  static constexpr lyap::About about{"my_analysis", "0.1.0",
                                     "largest Lyapunov exponent of a driven network",
                                     "Benettin et al., Meccanica 15 (1980) 9, for one vector"};

  static void options(lyap::Options& o) {
    o.integer("sequences").range(1, 1e6).fallback("10").doc("test sequences to drive it with");
    o.integer("warmup").range(0, 1e9).fallback("5").unit("steps").doc("steps before the mean");
  }
  static void ports(lyap::Ports& p) {
    p.model("model");
    p.data("data");
    p.result("growth", "exponent[sequence] nats/step", "of each sequence");
  }

  explicit MyAnalysis(const lyap::Values& values)
      : sequences_(values.integer("sequences")), warmup_(values.integer("warmup")) {}

  void run(lyap::Context& context, const lyap::Host& host) override {
    const lyap::Model model = context.model();
    const lyap::Data data = context.data();
    const Index steps = data.shape().steps, B = std::min(sequences_, data.count(lyap::Split::Test));
    if (warmup_ >= steps)
      throw lyap::BadOption("`warmup` leaves none of the " + std::to_string(steps) + " steps");
    std::vector<std::int64_t> which(static_cast<std::size_t>(B));
    std::iota(which.begin(), which.end(), 0);

    lyap::Matrix v(model.state(), B), image(model.state(), B);  // a column per sequence
    host.normal("directions", v);
    lyap::Vector growth = lyap::Vector::Zero(B);
    lyap::Pass pass = model.begin(B);
    pass.start();
    for (Index done = 0, count = 0; done < steps && !host.stopped(); done += count) {
      count = std::min(pass.capacity(), steps - done);
      lyap::Matrix input(model.inputs(), count * B);
      data.drive({lyap::Split::Test, which}, done, count, input);
      pass.run(input);
      for (Index t = 1; t <= count; ++t) {
        pass.push({t, 0, B}, lyap::Scope::Full, v, image);
        const lyap::Vector norm = image.colwise().norm();
        if (done + t > warmup_) growth.array() += norm.array().log();
        // A direction that has died stays zero, and its exponent is minus infinity.
        v = image * norm.cwiseMax(std::numeric_limits<double>::min()).cwiseInverse().asDiagonal();
      }
      host.progress("growth", done + count, steps);
    }
    growth /= static_cast<double>(steps - warmup_);
    context.result("growth", {B}, {growth.data(), static_cast<std::size_t>(B)});
  }

 private:
  Index sequences_, warmup_;
};

LYAP_PLUGINS(MyAnalysis)
