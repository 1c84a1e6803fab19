// classify/networks.hpp - the table of networks as the ports give it: targets, parts, groups, and
// what rules may look at.
#pragma once
#include <array>
#include <cmath>
#include <lyap/lyap.hpp>
#include <optional>
#include <string>
#include <vector>

#include "number_text.hpp"

namespace lyap::classify {

/// What a rule looks at: [seed, network, checkpoint, feature], seed 1 long when there is none.
struct Features {
  Index seeds = 0, networks = 0, checkpoints = 0, width = 0;
  std::span<const double> values;

  std::span<const double> at(Index seed, Index network, Index checkpoint) const {
    const Index row = (seed * networks + network) * checkpoints + checkpoint;
    return values.subspan(static_cast<std::size_t>(row * width), static_cast<std::size_t>(width));
  }
};

enum Port { Spectra, Raw, Aelle, Prediction, Loss };
inline constexpr std::array<const char*, 5> port_names{"spectra", "raw", "aelle", "prediction",
                                                       "loss"};
enum class Part { Train, Validation, Test, None };

struct Networks {
  Index networks = 0, checkpoints = 1, seeds = 1;
  std::vector<double> target;
  std::vector<Part> part;
  std::vector<Index> kind;  ///< of each network, -1: of none
  std::vector<std::string> kinds;
  std::array<std::optional<Features>, 5> features;  ///< by port; none where nothing is connected
  std::vector<double> epoch;                        ///< of each checkpoint, or empty

  bool has(Port port) const { return features[port].has_value(); }
  /// It has a finite target and a part: the others are left out everywhere.
  bool counted(Index i) const {
    return std::isfinite(target[static_cast<std::size_t>(i)]) && of(i) != Part::None;
  }
  Part of(Index i) const { return part[static_cast<std::size_t>(i)]; }
};

namespace detail {

inline void require_axes(const std::string& port, const ArrayView& a, std::size_t axes) {
  if (a.shape.size() != axes)
    throw BadShape("port '" + port + "' has " + std::to_string(a.shape.size()) +
                   " axes, and a classification needs " + std::to_string(axes));
}
inline void require_same(const std::string& port, std::int64_t got, std::int64_t wanted,
                         const char* what, const char* whose) {
  if (got != wanted)
    throw BadShape("port '" + port + "' holds " + std::to_string(got) + " " + what + ", but " +
                   whose + " " + std::to_string(wanted) +
                   "; take both from the same networks and " + "checkpoints");
}

/// A port with the axes network and checkpoint, after a seed or not, before features or not.
inline std::optional<Features> features_of(const Context& context, Port port) {
  const std::optional<ArrayView> a = context.input(port_names[port]);
  if (!a) return std::nullopt;
  const bool seeded = port != Spectra && port != Loss, wide = port != Prediction && port != Loss;
  require_axes(port_names[port], *a, std::size_t{2} + seeded + wide);
  Features f;
  f.seeds = seeded ? a->shape[0] : 1;
  f.networks = a->shape[seeded];
  f.checkpoints = a->shape[std::size_t{1} + seeded];
  f.width = wide ? a->shape.back() : 1;
  f.values = a->values;
  return f;
}

inline void read_features(const Context& context, Networks& t) {
  const char* first = nullptr;
  for (const Port port : {Spectra, Raw, Aelle, Prediction, Loss}) {
    t.features[port] = features_of(context, port);
    if (!t.has(port)) continue;
    const Features& f = *t.features[port];
    require_same(port_names[port], f.networks, t.networks, "networks", "port 'target'");
    if (!first) t.checkpoints = f.checkpoints, first = port_names[port];
    require_same(port_names[port], f.checkpoints, t.checkpoints, "checkpoints",
                 (std::string("port '") + first + "'").c_str());
    if (f.seeds != 1 && t.seeds != 1)
      require_same(port_names[port], f.seeds, t.seeds, "seeds", "another port");
    t.seeds = std::max(t.seeds, f.seeds);
  }
  if (!first)
    throw BadOption(
        "there is nothing to classify by; connect spectra, raw, aelle, prediction or loss");
  if (t.checkpoints == 0) throw BadShape(std::string("port '") + first + "' has no checkpoints");
}

inline void read_parts(const Context& context, Networks& t) {
  t.part.assign(t.target.size(), Part::Train);
  const std::optional<ArrayView> a = context.input("part");
  if (!a) return;
  require_axes("part", *a, 1);
  require_same("part", a->shape[0], t.networks, "networks", "port 'target'");
  for (std::size_t i = 0; i < t.part.size(); ++i) {
    const double code = a->values[i];
    if (std::isfinite(code) && code != 0 && code != 1 && code != 2)
      throw BadShape("port 'part' holds " + analyses::number(code) +
                     ", but a part is 0 (train), 1 (validation) or 2 (test)");
    t.part[i] = std::isfinite(code) ? static_cast<Part>(static_cast<int>(code)) : Part::None;
  }
}

inline void read_kinds(const Context& context, Networks& t) {
  t.kind.assign(t.target.size(), -1);
  const std::optional<ArrayView> a = context.input("group");
  if (!a) return;
  require_axes("group", *a, 1);
  require_same("group", a->shape[0], t.networks, "networks", "port 'target'");
  std::vector<double> codes;
  for (const double code : a->values)
    if (std::isfinite(code)) codes.push_back(code);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  for (const double code : codes) {
    const char* word = context.label("group", std::llround(code));
    t.kinds.push_back(word ? word : analyses::number(code));
  }
  for (std::size_t i = 0; i < t.kind.size(); ++i)
    if (std::isfinite(a->values[i]))
      t.kind[i] = std::lower_bound(codes.begin(), codes.end(), a->values[i]) - codes.begin();
}

}  // namespace detail

/// BadShape: ports that do not belong to the same networks; BadOption: nothing is connected.
inline Networks networks_of(const Context& context) {
  Networks t;
  const std::optional<ArrayView> target = context.input("target");
  if (!target) throw std::logic_error("nothing is connected to port 'target'");
  detail::require_axes("target", *target, 1);
  t.target.assign(target->values.begin(), target->values.end());
  t.networks = target->shape[0];
  detail::read_features(context, t);
  detail::read_parts(context, t);
  detail::read_kinds(context, t);
  if (const std::optional<ArrayView> epoch = context.input("epoch")) {
    detail::require_axes("epoch", *epoch, 1);
    detail::require_same("epoch", epoch->shape[0], t.checkpoints, "checkpoints", "the others");
    t.epoch.assign(epoch->values.begin(), epoch->values.end());
  }
  return t;
}

}  // namespace lyap::classify
