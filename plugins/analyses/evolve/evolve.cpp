// plugins/analyses/evolve/evolve.cpp - how Lyapunov spectra settle while networks are trained.
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aligned_text.hpp"
#include "evolve/change.hpp"
#include "grid.hpp"
#include "network_groups.hpp"
#include "number_text.hpp"
#include "published.hpp"

namespace lyap::evolve {

using analyses::FittedLine;
using analyses::Grid;

class Evolve final : public Analysis {
 public:
  static constexpr About about{
      "evolve", "1.0.0",
      "Change of Lyapunov spectra from epoch to epoch, its power law, and how means reach their "
      "end",
      "Vogt et al. (2022), On Lyapunov exponents for RNNs: spectra over training, D(e) beside 1/e"};
  static void options(Options& o) {
    o.flag("normalise")
        .fallback("off")
        .doc("the table shows D(e) divided by that of each network's first pair of checkpoints");
    analyses::declare_published(o);
  }
  static void ports(Ports& p);

  explicit Evolve(const Values& v)
      : normalise_(v.flag("normalise")), published_(v.texts("published")) {}
  void run(Context& context, const Host& host) override;

 private:
  std::string over_epochs(const std::vector<double>& epochs, const Evolution& e) const;
  void by_group(Context& context, const std::vector<FittedLine>& lines) const;
  bool normalise_;
  std::vector<std::string> published_;
};

void Evolve::ports(Ports& p) {
  p.input("spectra", "exponent[network, checkpoint, index] nats/step",
          "spectra of each network at the same checkpoints");
  p.input("epoch", "epoch[checkpoint]", "the epoch of each checkpoint, ascending");
  p.optional("group", "group[network]", "power laws of each group");
  p.result("change", "change[network, checkpoint] (nats/step)^2",
           "D(e), mean over the index of the squared change since the checkpoint before");
  p.result("relative_change", "change[network, checkpoint]",
           "D(e) over that of the network's first pair of checkpoints");
  p.result("mean", "exponent[network, checkpoint] nats/step", "M(e), the mean exponent");
  p.result("distance", "exponent[network, checkpoint] nats/step",
           "M(last) - M(e), last the network's last finite spectrum");
  p.result("slope", "slope[network]", "of ln D over ln e, e >= 1; -1 is the law 1/e");
  p.result("slope_error", "slope[network]", "its standard error; missing below three points");
  p.result("groups", "group[group]", "names of the groups; one, all, without port 'group'");
  p.result("group_slope", "slope[group]", "mean slope over the group's networks");
  p.result("group_slope_error", "slope[group]",
           "its standard error over networks; of one network, that of the fit");
}

namespace {

/// Epochs, checked. BadData when changes between them have no meaning.
std::vector<double> epochs_of(const Context& context, Index checkpoints, const Host& host) {
  const std::vector<double> epochs = analyses::required(context, "epoch").values;
  if (static_cast<Index>(epochs.size()) != checkpoints)
    throw BadShape("port 'epoch' has " + std::to_string(epochs.size()) +
                   " checkpoints, the spectra have " + std::to_string(checkpoints) +
                   "; connect the epochs of the same checkpoints");
  if (checkpoints < 2)
    throw BadData("a change takes two checkpoints, and the spectra have one; measure more epochs");
  std::string gaps;
  for (std::size_t c = 1; c < epochs.size(); ++c) {
    if (!(epochs[c] > epochs[c - 1]))
      throw BadData(
          "the epochs of the checkpoints do not ascend: " + analyses::number(epochs[c - 1]) +
          " is followed by " + analyses::number(epochs[c]) + "; list each epoch once, in order");
    if (epochs[c] - epochs[c - 1] != 1)
      gaps += (gaps.empty() ? "" : ", ") + analyses::number(epochs[c - 1]) + " to " +
              analyses::number(epochs[c]);
  }
  if (!gaps.empty())
    host.warn("checkpoints are not successive epochs (" + gaps +
              "): D(e) there is the change over several epochs, and its slope not that of the "
              "change per epoch");
  return epochs;
}

std::vector<double> finite_column(const Grid& grid, Index checkpoint) {
  std::vector<double> found;
  for (Index i = 0; i < grid.shape[0]; ++i)
    if (std::isfinite(grid(i, checkpoint))) found.push_back(grid(i, checkpoint));
  return found;
}

}  // namespace

void Evolve::run(Context& context, const Host& host) {
  const Grid spectra = analyses::required(context, "spectra");
  const Index networks = spectra.shape[0];
  const std::vector<double> epochs = epochs_of(context, spectra.shape[1], host);
  const Evolution e(spectra);
  std::vector<FittedLine> lines;
  Grid slope({networks}), error({networks});
  for (Index i = 0; i < networks; ++i) {
    lines.push_back(power_law(epochs, e.change.row(i)));
    slope(i) = lines.back().slope, error(i) = lines.back().error;
  }
  e.change.give(context, "change"), e.relative.give(context, "relative_change");
  e.mean.give(context, "mean"), e.distance.give(context, "distance");
  slope.give(context, "slope"), error.give(context, "slope_error");
  context.note("change", "table", analyses::with_published(over_epochs(epochs, e), published_));
  by_group(context, lines);

  const auto missing_spectra = std::count_if(e.mean.values.begin(), e.mean.values.end(),
                                             [](double m) { return !std::isfinite(m); });
  if (missing_spectra == 0) return;
  const std::string sentence =
      std::to_string(missing_spectra) + " of " + std::to_string(e.mean.values.size()) +
      " spectra are missing or not finite; changes from and to them are left out, and a network's "
      "last mean is that of its last finite spectrum";
  context.note("", "left_out", sentence);
  host.warn(sentence);
}

/// Means over networks beside the law 1/e through the first of them with e >= 1.
std::string Evolve::over_epochs(const std::vector<double>& epochs, const Evolution& e) const {
  const Grid& changes = normalise_ ? e.relative : e.change;
  analyses::AlignedText table({"epoch", normalise_ ? "D(e)/D(first)" : "D(e)", "1/e", "n",
                               "M(last)-M(e)", "smallest", "n"});
  double scale = analyses::missing;
  for (std::size_t c = 0; c < epochs.size(); ++c) {
    const auto change = finite_column(changes, static_cast<Index>(c)),
               distance = finite_column(e.distance, static_cast<Index>(c));
    const double mean = change.empty() ? analyses::missing : analyses::mean_of(change);
    if (std::isnan(scale) && epochs[c] >= 1) scale = mean * epochs[c];
    const double smallest =
        distance.empty() ? analyses::missing : *std::min_element(distance.begin(), distance.end());
    table.add(
        {analyses::number(epochs[c]), analyses::digits(mean, 3),
         c > 0 && epochs[c] >= 1 ? analyses::digits(scale / epochs[c], 3) : "-",
         std::to_string(change.size()),
         analyses::digits(distance.empty() ? analyses::missing : analyses::mean_of(distance), 3),
         analyses::digits(smallest, 3), std::to_string(distance.size())});
  }
  return std::string("means over n networks; D in (nats/step)^2") +
         (normalise_ ? " over the first" : "") + ", M in nats/step\n" + table.text();
}

void Evolve::by_group(Context& context, const std::vector<FittedLine>& lines) const {
  const auto groups = analyses::groups_of(context, static_cast<Index>(lines.size())).groups;
  const auto count = static_cast<Index>(groups.size());
  Grid slope({count}), error({count});
  analyses::AlignedText table({"ln D over ln e", "slope", "SE", "networks"});
  std::vector<std::string> names;
  for (Index g = 0; g < count; ++g) {
    const auto& group = groups[static_cast<std::size_t>(g)];
    std::vector<double> slopes;
    for (const Index i : group.members) {
      const FittedLine& line = lines[static_cast<std::size_t>(i)];
      if (!std::isfinite(line.slope)) continue;
      slopes.push_back(line.slope);
      error(g) = line.error;
    }
    if (!slopes.empty()) slope(g) = analyses::mean_of(slopes);
    if (slopes.size() > 1)
      error(g) = analyses::deviation_of(slopes) / std::sqrt(static_cast<double>(slopes.size()));
    table.add({group.name, analyses::decimals(slope(g), 3), analyses::decimals(error(g), 3),
               std::to_string(slopes.size())});
    names.push_back(group.name);
  }
  table.add({"1/e", "-1.000", "", ""});
  analyses::give_names(context, "groups", names);
  slope.give(context, "group_slope"), error.give(context, "group_slope_error");
  context.note("group_slope", "table", table.text());
}

}  // namespace lyap::evolve

LYAP_PLUGINS(lyap::evolve::Evolve)
