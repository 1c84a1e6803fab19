// plugins/tasks/signal_reconstruction.hpp - a sum of sines that a network learns to produce.
#pragma once
#include <lyap/plugin.hpp>

#include "sine_sum.hpp"

namespace lyap::tasks {

/// Input f(t - dt), target f(t), t = 0, dt, 2 dt ...: with the loop closed nothing but the
/// network's own output comes in. Every split holds the one signal, from its beginning.
class SignalReconstruction final : public Task {
 public:
  static constexpr About about{
      "signal_reconstruction", "1.0.0", "A sum of sines, produced without an input",
      "Sussillo and Abbott, Neuron 63 (2009) 544; Vogt, Zheng and Shlizerman (AeLLE), Sec. 4.1"};

  static void options(Options& o) {
    static constexpr const char* functions[] = {"four_sine",       "random_four_sine", "two_sine",
                                                "sussillo_abbott", "expression",       nullptr};
    o.choice("function", functions)
        .fallback("four_sine")
        .doc(
            "f(t): sines of frequency 1, 2 .. with amplitudes 1, 1/2, 1/6, 1/3 (two_sine: 1, "
            "1/2); sussillo_abbott: 1.3/1.5 times those four, as they are; random_four_sine: "
            "1/amplitude in 1 .. 10, frequency in 1 .. 5; expression: the lists that follow");
    o.reals("amplitudes").fallback("[]").doc("of each sine of an expression");
    o.reals("frequencies")
        .fallback("[]")
        .doc("of each sine of an expression, oscillations a period");
    o.reals("phases").fallback("[]").doc("of each sine of an expression, in radians; [] = 0");
    o.real("period")
        .range(1e-6, 1e9)
        .unit("time units")
        .fallback("120")
        .doc("duration of one oscillation of frequency 1");
    o.real("dt").range(1e-9, 1e6).unit("time units").fallback("0.1").doc("duration of a step");
    o.integer("steps").range(2, 1e8).unit("steps").fallback("1200").doc(
        "length of the signal in an epoch of training or of testing");
    o.flag("normalise")
        .fallback("on")
        .doc("scale and shift f to span -1 .. 1 over `steps`; sussillo_abbott is left as it is");
    o.integer("signal_seed")
        .range(0, 9e15)
        .fallback("0")
        .doc("of random_four_sine; 0 = another signal for every seed of the run");
  }

  SignalReconstruction(const Values& values, const Host& host)
      : dt_(values.real("dt")), steps_(values.integer("steps")), signal_(signal(values, host)) {
    if (values.flag("normalise") && !values.is("function", "sussillo_abbott"))
      signal_.normalise(dt_, steps_);
  }

  TaskShape shape() const override {
    TaskShape s;
    s.inputs = s.outputs = s.targets = 1;
    s.steps = steps_;
    s.train = s.validation = s.test = 1;
    s.loss = Loss::MeanAbsolute;
    s.next_step = true;
    s.step_time = dt_, s.time_unit = "time unit";
    return s;
  }

  void fetch(const Request& request, Out input, Out target) const override {
    if (input.data()) drive(request, 0, steps_, input);
    if (target.data()) write(request.count(), 0, target);
  }

  void drive(const Request& request, Index from, Index, Out input) const override {
    write(request.count(), from - 1, input);
  }

 private:
  static SineSum signal(const Values& values, const Host& host) {
    const double period = values.real("period");
    const std::string function = values.text("function");
    const bool listed = !values.reals("amplitudes").empty() ||
                        !values.reals("frequencies").empty() || !values.reals("phases").empty();
    if (function == "expression") return expression(values, period);
    if (listed)
      throw BadOption("`amplitudes`, `frequencies` and `phases` belong to `function: expression`");
    if (function == "random_four_sine") return SineSum::random(period, random(values, host));
    if (function == "two_sine") return SineSum::harmonics(period, {1, 1.0 / 2});
    const double scale = function == "sussillo_abbott" ? 1.3 / 1.5 : 1;
    return SineSum::harmonics(period, {scale, scale / 2, scale / 6, scale / 3});
  }

  static SineSum expression(const Values& values, double period) {
    const auto a = values.reals("amplitudes"), q = values.reals("frequencies"),
               phases = values.reals("phases");
    if (a.empty() || a.size() != q.size() || (!phases.empty() && phases.size() != a.size()))
      throw BadOption(
          "an expression has one of `amplitudes` and `frequencies`, and of `phases` "
          "when they are given, for every sine; there are " +
          std::to_string(a.size()) + ", " + std::to_string(q.size()) + " and " +
          std::to_string(phases.size()));
    std::vector<SineSum::Sine> sines;
    for (std::size_t j = 0; j < a.size(); ++j)
      sines.push_back({a[j], q[j], phases.empty() ? 0 : phases[j]});
    return {period, std::move(sines)};
  }

  /// The stream of `signal_seed`, or one of the run's.
  static Seeded random(const Values& values, const Host& host) {
    if (const std::int64_t seed = values.integer("signal_seed"); seed > 0)
      return Seeded(static_cast<std::uint64_t>(seed));
    Matrix drawn(1, 1);
    host.uniform("signal", drawn);
    return Seeded(static_cast<std::uint64_t>(drawn(0, 0) * 0x1p53));
  }

  /// Columns t*count + b = f((from + t) dt).
  void write(Index count, Index from, Out out) const {
    for (Index column = 0; column < out.cols(); ++column) {
      const Index t = column / count;
      out(0, column) = signal_(dt_ * static_cast<double>(from + t));
    }
  }

  double dt_;
  Index steps_;
  SineSum signal_;
};

}  // namespace lyap::tasks
