// plugins/analyses/interpolate/interpolate.cpp - spectra of networks of all sizes, brought to one
// length.
#include <algorithm>
#include <cmath>
#include <functional>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aligned_text.hpp"
#include "grid.hpp"
#include "interpolate/common_length.hpp"
#include "interpolate/settings.hpp"
#include "interpolate/spectra.hpp"

namespace lyap::interpolate {

using analyses::Grid;

class Interpolate final : public Analysis {
 public:
  static constexpr About about{"interpolate", "1.0.0",
                               "Brings Lyapunov spectra to a common length by linear interpolation "
                               "and leaves out broken ones",
                               "Lyapunov-guided representation of recurrent neural network "
                               "performance: repeated doubling in "
                               "its published code, here in closed form for any length"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Interpolate(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;

 private:
  std::vector<Index> sources(const Spectra& spectra, const std::vector<double>& targets,
                             const Host& host) const;
  void resize(const Spectra& spectra, const std::vector<Index>& source, Grid& out) const;
  void say(Context& context, const Spectra& spectra, const std::vector<Index>& source, Index length,
           const Host& host) const;
  Settings settings_;
};

void Interpolate::ports(Ports& p) {
  p.input("spectra", "exponent[network, checkpoint, index] nats/step",
          "spectra, the shorter ones padded with missing exponents");
  p.optional("target", "loss[network]", "what goes with each network, copied along with a copy");
  p.result("exponents", "exponent[network, checkpoint, index] nats/step",
           "spectra of one length; missing where there was no good one");
  p.result("loss", "loss[network]", "the target that goes with them; missing without spectra");
  p.result("kept", "flag[network]",
           "1: a spectrum of its own stands here; 0: none, or a copy of another network's");
  p.result("source", "number[network]", "the network, from 0, whose spectra stand here");
}

void Interpolate::run(Context& context, const Host& host) {
  const Spectra spectra(analyses::required(context, "spectra"));
  const Index networks = spectra.networks(), checkpoints = spectra.checkpoints();
  const std::vector<double> targets = analyses::per_network(context, "target", networks);
  if (spectra.longest() == 0)
    throw BadData(
        "none of the spectra is finite throughout, so there is nothing to interpolate; "
        "measure fewer exponents, or networks that do not diverge");
  const Index length = settings_.length > 0 ? settings_.length : spectra.longest();
  const std::vector<Index> source = sources(spectra, targets, host);

  Grid resized({networks, checkpoints, length}), target({networks}), kept({networks}, 0),
      from({networks});
  resize(spectra, source, resized);
  for (Index i = 0; i < networks; ++i) {
    const Index s = source[static_cast<std::size_t>(i)];
    kept(i) = s == i ? 1 : 0;
    if (s < 0) continue;
    from(i) = static_cast<double>(s);
    if (!targets.empty()) target(i) = targets[static_cast<std::size_t>(s)];
  }
  resized.give(context, "exponents");
  target.give(context, "loss");
  kept.give(context, "kept");
  from.give(context, "source");
  say(context, spectra, source, length, host);
}

/// Whose spectra stand in a network's place; -1: nobody's.
std::vector<Index> Interpolate::sources(const Spectra& spectra, const std::vector<double>& targets,
                                        const Host& host) const {
  std::vector<Index> source, donors;
  for (Index i = 0; i < spectra.networks(); ++i) {
    source.push_back(spectra.any_good(i) ? i : -1);
    if (!spectra.good(i)) continue;
    if (targets.empty() || std::isfinite(targets[static_cast<std::size_t>(i)])) donors.push_back(i);
  }
  if (!settings_.resample) return source;
  if (donors.empty())
    throw BadData(
        "`non_finite: resample` needs one network with good spectra at every checkpoint and a "
        "finite target, and there is none; say `non_finite: drop`");
  Vector draws(spectra.networks());
  host.uniform("interpolate/resample", draws);
  for (Index i = 0; i < spectra.networks(); ++i)
    if (!spectra.good(i))
      source[static_cast<std::size_t>(i)] =
          donors[static_cast<std::size_t>(draws[i] * static_cast<double>(donors.size()))];
  return source;
}

void Interpolate::resize(const Spectra& spectra, const std::vector<Index>& source,
                         Grid& out) const {
  for (Index i = 0; i < spectra.networks(); ++i) {
    const Index s = source[static_cast<std::size_t>(i)];
    for (Index c = 0; s >= 0 && c < spectra.checkpoints(); ++c) {
      if (!spectra.good(s, c)) continue;
      const auto spectrum = spectra.of(s, c);
      std::vector<double> exponents(spectrum.begin(), spectrum.end());
      if (settings_.sort) std::sort(exponents.begin(), exponents.end(), std::greater<>());
      to_length(exponents, out.row(i, c));
    }
  }
}

void Interpolate::say(Context& context, const Spectra& spectra, const std::vector<Index>& source,
                      Index length, const Host& host) const {
  analyses::AlignedText table({"exponents", "spectra", "now"});
  for (const auto& [n, count] : spectra.lengths())
    table.add({std::to_string(n), std::to_string(count), std::to_string(length)});
  context.note("exponents", "table", table.text());
  context.note("exponents", "length", std::to_string(length));
  context.note("exponents", "interpolation",
               "linear at index j n / length from 0, the last segment continued");
  context.note("exponents", "sort", settings_.sort ? "on" : "off");
  context.note("exponents", "non_finite", settings_.resample ? "resample" : "drop");
  if (spectra.longest() > length)
    context.note("exponents", "shortened",
                 "spectra of more than " + std::to_string(length) +
                     " exponents keep the line through them at fewer places");
  if (spectra.empty() + spectra.broken() == 0) return;
  std::size_t copies = 0;
  for (Index i = 0; i < spectra.networks(); ++i) {
    const Index s = source[static_cast<std::size_t>(i)];
    copies += s >= 0 && s != i;
  }
  std::string sentence = std::to_string(spectra.broken()) +
                         " spectra with a number that is not finite and " +
                         std::to_string(spectra.empty()) + " without any were ";
  sentence += settings_.resample
                  ? "replaced: " + analyses::counted(copies, "network") +
                        " became copies of others with their targets, so that the same network may "
                        "lie in training and test parts (see `source`)"
                  : "left out";
  context.note("", settings_.resample ? "copies" : "left_out", sentence);
  host.warn(sentence);
}

}  // namespace lyap::interpolate

LYAP_PLUGINS(lyap::interpolate::Interpolate)
