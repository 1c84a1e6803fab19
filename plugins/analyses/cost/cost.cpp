// plugins/analyses/cost/cost.cpp - the time that Lyapunov exponents take beside that of training.
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aligned_text.hpp"
#include "cost/network_cost.hpp"
#include "grid.hpp"
#include "number_text.hpp"
#include "published.hpp"

namespace lyap::cost {

using analyses::Grid;

class Cost final : public Analysis {
 public:
  static constexpr About about{
      "cost", "1.0.0",
      "Time of one computation of Lyapunov exponents in units of training, and relative to it",
      "Vogt et al. (2022), On Lyapunov exponents for RNNs: Table 1"};
  static void options(Options& o) {
    static constexpr const char* units[] = {"epochs", "iterations", nullptr};
    o.choice("unit", units)
        .fallback("epochs")
        .doc("training is counted in epochs, or in iterations of `batches_per_epoch` to the epoch");
    o.integer("batches_per_epoch")
        .range(0, 1e9)
        .fallback("0")
        .doc("iterations in an epoch, for `unit: iterations`");
    analyses::declare_published(o);
  }
  static void ports(Ports& p);

  explicit Cost(const Values& v)
      : iterations_(v.is("unit", "iterations")),
        batches_(v.integer("batches_per_epoch")),
        published_(v.texts("published")) {
    if (iterations_ && batches_ == 0)
      throw BadOption(
          "`unit: iterations` needs to know how many there are in an epoch; say "
          "`batches_per_epoch`");
  }
  void run(Context& context, const Host& host) override;

 private:
  std::string unit() const { return iterations_ ? "iterations" : "epochs"; }
  std::vector<NetworkCost> costs(const Context& context) const;
  void summarise(Context& context, const std::vector<NetworkCost>& costs) const;
  void say_left_out(Context& context, const std::vector<NetworkCost>& costs,
                    const Host& host) const;
  bool iterations_;
  Index batches_;
  std::vector<std::string> published_;
};

void Cost::ports(Ports& p) {
  p.input("epoch_seconds", "seconds[network, checkpoint]",
          "wall time of each epoch in order, missing where there was none");
  p.input("spectrum_seconds", "seconds[network]", "wall time of one computation of the exponents");
  p.input("best_epoch", "epoch[network]", "the epoch with the best validation loss, from 1");
  p.result("to_best", "training[network]", "epochs or iterations until the best validation loss");
  p.result("spectrum_time", "training[network]",
           "time of the exponents in mean epochs or iterations of the network");
  p.result("ratio", "fraction[network]",
           "time of the exponents over that of training until the best validation loss");
  p.result("figure", "figure[figure]", "names of the figures");
  p.result("mean", "value[figure]", "over networks");
  p.result("deviation", "value[figure]", "over networks, with n - 1");
  p.result("n", "count[figure]", "networks behind each figure");
}

void Cost::run(Context& context, const Host& host) {
  const std::vector<NetworkCost> costs = this->costs(context);
  const auto networks = static_cast<Index>(costs.size());
  Grid to_best({networks}), spectrum({networks}), ratio({networks});
  for (Index i = 0; i < networks; ++i) {
    const NetworkCost& cost = costs[static_cast<std::size_t>(i)];
    to_best(i) = cost.to_best, spectrum(i) = cost.spectrum, ratio(i) = cost.ratio;
  }
  to_best.give(context, "to_best"), spectrum.give(context, "spectrum_time");
  ratio.give(context, "ratio");
  context.note("to_best", "unit", unit());
  context.note("spectrum_time", "unit", unit());
  summarise(context, costs);
  say_left_out(context, costs, host);
}

namespace {

/// Whole from 100 on, else so many significant digits.
std::string figure_text(double x, int digits) {
  return std::abs(x) >= 100 ? analyses::decimals(x, 0) : analyses::digits(x, digits);
}

}  // namespace

std::vector<NetworkCost> Cost::costs(const Context& context) const {
  const Grid epochs = analyses::required(context, "epoch_seconds");
  const Index networks = epochs.shape[0];
  const auto spectra = analyses::per_network(context, "spectrum_seconds", networks);
  const auto best = analyses::per_network(context, "best_epoch", networks);
  const double units = iterations_ ? static_cast<double>(batches_) : 1;
  std::vector<NetworkCost> costs;
  for (std::size_t i = 0; i < static_cast<std::size_t>(networks); ++i) {
    costs.push_back(cost_of(epochs.row(i), spectra[i], best[i]));
    costs.back().to_best *= units;
    costs.back().spectrum *= units;
  }
  return costs;
}

void Cost::summarise(Context& context, const std::vector<NetworkCost>& costs) const {
  std::vector<std::vector<double>> figures(3);
  std::vector<double> seconds;
  for (const NetworkCost& cost : costs) {
    if (cost.left_out != Reason::None) continue;
    figures[0].push_back(cost.to_best);
    figures[1].push_back(cost.spectrum);
    figures[2].push_back(cost.ratio);
    seconds.push_back(cost.epoch_seconds);
  }
  Grid mean({3}), deviation({3}), n({3});
  analyses::AlignedText::Row row{std::to_string(seconds.size())};
  for (Index f = 0; f < 3; ++f) {
    const auto& values = figures[static_cast<std::size_t>(f)];
    if (!values.empty()) mean(f) = analyses::mean_of(values);
    deviation(f) = analyses::deviation_of(values);
    n(f) = static_cast<double>(values.size());
    row.push_back(figure_text(mean(f), 3) + " +- " + figure_text(deviation(f), 2));
  }
  analyses::give_names(context, "figure", {"to_best", "spectrum_time", "ratio"});
  mean.give(context, "mean"), deviation.give(context, "deviation"), n.give(context, "n");
  analyses::AlignedText table({"networks", unit() + " to best validation loss",
                               "LE time, " + unit(), "LE / training to best"});
  table.add(row);
  context.note("mean", "table",
               analyses::with_published("mean +- std over networks\n" + table.text(), published_));
  if (!seconds.empty())
    context.note("", "epoch_seconds",
                 analyses::number(analyses::mean_of(seconds)) +
                     " s, mean over networks of their "
                     "mean epoch");
}

void Cost::say_left_out(Context& context, const std::vector<NetworkCost>& costs,
                        const Host& host) const {
  const auto with = [&](Reason reason) {
    return std::count_if(costs.begin(), costs.end(),
                         [&](const NetworkCost& c) { return c.left_out == reason; });
  };
  const auto left_out = costs.size() - static_cast<std::size_t>(with(Reason::None));
  if (left_out == 0) return;
  const std::string sentence =
      analyses::counted(left_out, "network") + " of " + std::to_string(costs.size()) +
      " left out: " + std::to_string(with(Reason::NoEpochs)) + " without times of epochs, " +
      std::to_string(with(Reason::NoSpectrum)) + " without a time of the exponents, " +
      std::to_string(with(Reason::NoBestEpoch)) +
      " whose best epoch is missing or "
      "before the first, " +
      std::to_string(with(Reason::BestBeyondEpochs)) +
      " whose best epoch lies beyond those that were timed";
  context.note("", "left_out", sentence);
  host.warn(sentence);
}

}  // namespace lyap::cost

LYAP_PLUGINS(lyap::cost::Cost)
