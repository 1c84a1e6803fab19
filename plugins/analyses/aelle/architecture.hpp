// aelle/architecture.hpp - the published autoencoders as lists of layers.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

namespace lyap::aelle {

enum class Activation { Linear, Tanh, Sigmoid, Relu, Leaky };

inline constexpr const char* head_names[] = {"linear", "sigmoid", "leaky"};
inline constexpr Activation heads[] = {Activation::Linear, Activation::Sigmoid, Activation::Leaky};
inline constexpr double leak = 0.01;

/// value = activation(W input + b), W: outputs x inputs; in training, some of them are dropped.
struct Layer {
  std::string name;
  Index inputs, outputs;
  Activation activation;
  bool dropout;
  Index parameters() const { return outputs * (inputs + 1); }
};

/// Encoder, decoder and head, in this order. The head gives one number, before its activation.
struct Architecture {
  std::string variant;
  Index length, latent;
  Activation head;
  std::vector<Layer> layers;
  Index encoder = 0;  ///< how many of the layers encode

  /// BadOption: spectra of this length are too short for the variant.
  static Architecture of(const std::string& variant, Activation head, Index length, Index latent);

  Index head_layer() const { return std::ssize(layers) - 1; }
  Index parameters() const {
    Index sum = 0;
    for (const Layer& layer : layers) sum += layer.parameters();
    return sum;
  }
};

inline constexpr const char* variants[] = {"experiment2", "prednet3", "prednet3wide",
                                           "autopred2020"};
inline Index own_latent(const std::string& variant) {
  return variant == "autopred2020" ? 50 : 32;
}

inline const char* name_of(Activation head) {
  for (int i = 0; i < 3; ++i)
    if (heads[i] == head) return head_names[i];
  return "";
}

namespace detail {

/// The layers between spectrum and code, from the outside in.
inline std::vector<Index> hidden_sizes(const std::string& variant, Index n) {
  if (variant == "prednet3") return {n / 8, n / 16};
  if (variant == "prednet3wide") return {n / 2, n / 4};
  if (variant == "autopred2020") return {150};
  return {n / 4};
}

}  // namespace detail

inline Architecture Architecture::of(const std::string& variant, Activation head, Index length,
                                     Index latent) {
  Architecture made{variant, length, latent, head, {}};
  const std::vector<Index> hidden = detail::hidden_sizes(variant, length);
  if (hidden.back() < 1)
    throw BadOption("spectra of " + std::to_string(length) + " exponents are too short for " +
                    "`variant: " + variant +
                    "`; interpolate them to more, or choose `variant: experiment2`");
  const bool old = variant == "autopred2020";
  const Activation inside = old ? Activation::Relu : Activation::Tanh;
  const Activation end = old ? Activation::Leaky : Activation::Linear;
  Index inputs = length;
  const auto add = [&](const char* part, std::size_t number, Index outputs, Activation activation,
                       bool dropout) {
    made.layers.push_back({std::string(part) + "." + std::to_string(number), inputs, outputs,
                           activation, dropout && !old});
    inputs = outputs;
  };
  for (std::size_t i = 0; i < hidden.size(); ++i) add("encoder", i, hidden[i], inside, true);
  add("encoder", hidden.size(), latent, end, false);
  made.encoder = std::ssize(made.layers);
  for (std::size_t i = 0; i < hidden.size(); ++i)
    add("decoder", i, hidden[hidden.size() - 1 - i], inside, true);
  add("decoder", hidden.size(), length, end, true);
  made.layers.push_back({"head", latent, 1, Activation::Linear, false});
  return made;
}

}  // namespace lyap::aelle
