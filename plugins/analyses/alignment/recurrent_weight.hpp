// alignment/recurrent_weight.hpp - by which matrix of a network the loss is differentiated.
#pragma once
#include <algorithm>
#include <initializer_list>
#include <lyap/lyap.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace lyap::alignment {

/// A matrix of gates*units x units applied to the previous hidden part of one layer, or a feedback
/// U h_{t-1}, U = 0, added to the hidden part of the state after every step.
struct Recurrent {
  std::optional<std::uint32_t> weight;  ///< its place in Model::weights; none: the feedback
  std::string name;                     ///< "cell.weight_hh_l0", or "state"
  bool chosen = false;                  ///< by auto
  Index layer = 0;                      ///< from 0
  Index units = 0, gates = 1;
  Index row = 0;  ///< of the state, where the layer's hidden part begins
};

namespace detail {

inline bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

/// "_l0" for the first layer.
inline std::string suffix_of(Index layer) {
  return "_l" + std::to_string(layer);
}

/// Whether a cell's name for a weight says "from hidden to hidden". Names of sources that a matrix
/// is made from (U, log_P, B, C, M ...) do not: no cell applies them to the state as they are.
/// `part`: the state's hidden part; coRNN's weight_y acts on it, its weight_z on the velocities.
inline bool says_recurrent(std::string_view name, const std::string& part) {
  if (contains_any(name, {"ih", "iz", "i2h", "inp", "in2", "_in", "bias"})) return false;
  return contains_any(name, {"hh", "h2h", "hid2hid"}) || name.starts_with("weight_W") ||
         name.starts_with("W_") || name == "weight_" + part;
}

inline bool fits(const lyap_weight& weight, Index units) {
  return weight.cols == units && weight.rows % units == 0;
}

inline std::string size_of(const lyap_weight& weight) {
  return std::to_string(weight.rows) + " x " + std::to_string(weight.cols);
}

/// "weight_hh" of "cell.weight_hh_l0" in layer 0; nothing for a weight of another layer.
inline std::optional<std::string_view> name_in(std::string_view full, Index layer) {
  constexpr std::string_view cell = "cell.";
  const std::string suffix = suffix_of(layer);
  if (!full.starts_with(cell) || !full.ends_with(suffix)) return std::nullopt;
  full.remove_prefix(cell.size());
  full.remove_suffix(suffix.size());
  return full;
}

/// The weight is there, but no matrix of the layer's recurrence.
[[noreturn]] inline void refuse(const lyap_weight& weight, const Recurrent& r,
                                const std::string& wanted) {
  const std::string layer = "layer " + std::to_string(r.layer + 1);
  if (!name_in(weight.name, r.layer))
    throw BadOption("weight '" + wanted + "' is none of " + layer +
                    ", whose hidden part is looked at; choose another `layer`");
  const std::string units = std::to_string(r.units);
  throw BadOption("weight '" + wanted + "' is " + size_of(weight) +
                  ", but a matrix applied to the hidden part of " + layer + " has " + units +
                  " columns and a multiple of " + units + " rows");
}

[[noreturn]] inline void refuse(const lyap_model_shape& model, const Recurrent& r,
                                const std::string& wanted) {
  std::string fitting;
  for (std::uint32_t i = 0; i < model.weight_count; ++i) {
    const lyap_weight& weight = model.weights[i];
    const std::string_view full = weight.name;
    const auto short_name = name_in(full, r.layer);
    if (short_name && fits(weight, r.units)) fitting += std::string(*short_name) + ", ";
    if (full == wanted || full == "cell." + wanted || short_name == wanted)
      refuse(weight, r, wanted);
  }
  throw BadOption("there is no weight '" + wanted + "' in layer " + std::to_string(r.layer + 1) +
                  "; `weight` takes " + fitting + "state or auto");
}

}  // namespace detail

/// `wanted`: as the option `weight`; `layer` from 1. BadOption when there is no such weight or
/// layer, or it is not of that form.
inline Recurrent recurrent_of(const lyap_model_shape& model, Index layer,
                              const std::string& wanted) {
  if (layer > model.layers)
    throw BadOption("`layer` is " + std::to_string(layer) + ", but the network has " +
                    std::to_string(model.layers) + (model.layers == 1 ? " layer" : " layers"));
  Recurrent r;
  r.layer = layer - 1;
  r.units = model.hidden / model.layers;
  r.row = r.layer * r.units;
  r.name = "state";
  r.chosen = wanted == "auto";
  if (wanted == "state") return r;
  for (std::uint32_t i = 0; i < model.weight_count; ++i) {
    const lyap_weight& weight = model.weights[i];
    const auto name = detail::name_in(weight.name, r.layer);
    if (!name || !detail::fits(weight, r.units)) continue;
    const std::string full = weight.name;
    if (r.chosen ? !detail::says_recurrent(*name, model.parts[0].name)
                 : wanted != *name && wanted != full && "cell." + wanted != full)
      continue;
    r.weight = i;
    r.name = full;
    r.gates = weight.rows / r.units;
    return r;
  }
  if (!r.chosen) detail::refuse(model, r, wanted);
  return r;
}

}  // namespace lyap::alignment
