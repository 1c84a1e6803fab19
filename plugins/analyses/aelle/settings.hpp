// aelle/settings.hpp - what a pipeline may say about the autoencoder, and what it said.
#pragma once
#include <charconv>
#include <limits>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "aelle/architecture.hpp"
#include "aelle/losses.hpp"

namespace lyap::aelle {

struct Settings {
  std::string compat, variant;
  Activation head;
  Index latent;
  double dropout;
  Reconstruction reconstruction;
  Prediction prediction;
  std::vector<double> alphas;
  Index epochs;  ///< of each phase
  double learning_rate;
  Index batch;
  bool shuffle, zscore, copy_best;
  std::string target_scale;  ///< minmax, rank or raw
  Index seeds, components;   ///< 0 components: all
  bool center;
  double threshold;  ///< NaN: the median of the training targets
  std::string weights;
  std::vector<double> deltas;
  Index history_every;
  bool single;  ///< float32

  static void declare(Options& options);
  explicit Settings(const Values& v);

  Index all_epochs() const { return epochs * std::ssize(alphas); }
  double alpha(Index epoch) const { return alphas[static_cast<std::size_t>((epoch - 1) / epochs)]; }

 private:
  void check() const;
};

namespace detail {

/// What stands behind the word `auto`: of ours, and of the published code. Null: not fixed by it.
struct Preset {
  const char *variant, *head, *prediction, *reconstruction, *best, *shuffle;
};
inline constexpr Preset published_head{"experiment2", "sigmoid", "mse", "l1", "last", "off"};
inline constexpr Preset published_2022{"prednet3wide", "sigmoid", "mse", "l1", "last", "off"};

inline std::string settled(const Values& v, const char* option, const char* ours,
                           const char* Preset::*published) {
  const std::string given = v.text(option), compat = v.text("compat");
  if (compat == "none") return given == "auto" ? ours : given;
  const char* theirs = (compat == "lae_head" ? published_head : published_2022).*published;
  if (given == "auto" || given == theirs) return theirs;
  throw BadOption("`compat: " + compat + "` is `" + option + ": " + theirs + "`, which `" + option +
                  ": " + given + "` contradicts; leave one of the two out");
}

template <class T, std::size_t n>
T pick(const char* const (&names)[n], const std::string& word) {
  for (std::size_t i = 0; i < n; ++i)
    if (names[i] && word == names[i]) return static_cast<T>(i);
  throw std::logic_error("no such choice: " + word);
}

inline double threshold_of(const std::string& text) {
  if (text == "median") return std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || !std::isfinite(number))
    throw BadOption("`threshold` is `median` or a loss, not `" + text + "`");
  return number;
}

}  // namespace detail

inline void Settings::declare(Options& o) {
  static constexpr const char* compats[] = {"none", "lae_head", "lae_2022_07", nullptr};
  static constexpr const char* nets[] = {"auto",         "experiment2",  "prednet3",
                                         "prednet3wide", "autopred2020", nullptr};
  static constexpr const char* heads[] = {"auto", "linear", "sigmoid", "leaky", nullptr};
  static constexpr const char* made[] = {"auto", "l1", "mse", nullptr};
  static constexpr const char* said[] = {"auto", "mse", "l1", "bce", nullptr};
  static constexpr const char* bests[] = {"auto", "copy", "last", nullptr};
  static constexpr const char* switches[] = {"auto", "on", "off", nullptr};
  static constexpr const char* targets[] = {"auto", "minmax", "rank", "raw", nullptr};
  static constexpr const char* inputs[] = {"raw", "zscore", nullptr};
  static constexpr const char* precisions[] = {"float32", "float64", nullptr};

  o.choice("compat", compats)
      .fallback("none")
      .doc(
          "what `auto` stands for: ours, or the published code as it is (lae_head: experiment2) or "
          "was in July 2022 (prednet3wide), both with a sigmoid head, mse, the last parameters, "
          "rows in fixed order, raw targets and uncentred projections");
  o.choice("variant", nets)
      .fallback("auto")
      .doc(
          "layers from n exponents to z latent numbers and back: experiment2 n, n/4, z (auto); "
          "prednet3 n, n/8, n/16, z; prednet3wide n, n/2, n/4, z; autopred2020 n, 150, z without "
          "dropout");
  o.choice("head", heads)
      .fallback("auto")
      .doc("after the linear map from code to loss; auto: linear, leaky for autopred2020");
  o.integer("latent").range(0, 10000).fallback("0").doc(
      "dimensions of the code; 0 = the variant's own: 32, or 50 for autopred2020");
  o.real("dropout").range(0, 0.99).fallback("0.1").doc(
      "how many hidden units and reconstructed exponents are dropped in training");
  o.choice("reconstruction", made)
      .fallback("auto")
      .doc("loss of the reconstructed spectrum: mean absolute (auto) or squared error");
  o.choice("prediction", said)
      .fallback("auto")
      .doc("loss of the predicted loss: mse (auto), l1, or the cross entropy of a sigmoid head");
  o.reals("alphas")
      .range(0, 1e9)
      .fallback("[5, 5, 10, 20]")
      .doc("weight of the prediction beside the reconstruction, one phase of training each");
  o.integer("epochs").range(1, 1e7).fallback("1000").doc("passes over the training rows per phase");
  o.real("learning_rate")
      .range(1e-12, 10)
      .fallback("1e-4")
      .doc("of Adam (0.9, 0.999, 1e-8), which goes on across phases");
  o.integer("batch").range(1, 1e6).fallback("128").doc("spectra in a step of Adam");
  o.choice("shuffle", switches)
      .fallback("auto")
      .doc(
          "a new order of the rows each epoch (auto), or a fixed one: as they come, group by group "
          "when `group` is connected");
  o.choice("target_scale", targets)
      .fallback("auto")
      .doc(
          "what the head learns: minmax, the loss scaled to [0, 1] over the training rows (auto); "
          "rank, the fraction of training rows with a smaller loss, which networks that exploded "
          "do "
          "not spoil; or raw");
  o.choice("input", inputs)
      .fallback("raw")
      .doc("spectra as they are, or with mean 0 and deviation 1 over the training rows, per index");
  o.choice("best", bests)
      .fallback("auto")
      .doc(
          "parameters kept: copy, those of the epoch with the smallest validation prediction loss "
          "(auto; the last ones without validation rows), or the last");
  o.integer("seeds").range(1, 1000).fallback("5").doc("how many autoencoders, one a worker");
  o.integer("components")
      .range(0, 10000)
      .fallback("0")
      .doc("principal components of the codes; 0 = as many as there are");
  o.choice("center", switches)
      .fallback("auto")
      .doc("project codes minus their mean over training rows (auto), or the codes as they are");
  o.text("threshold")
      .fallback("median")
      .doc("a verdict is 1 for a predicted loss below this: a loss, or median, of training rows");
  o.path("weights").fallback("").doc(
      "the aelle.safetensors of an earlier run: nothing is trained and what concerns training "
      "has no effect");
  o.reals("perturb").range(-1e9, 1e9).fallback("[]").doc(
      "changes of the head's score (in the scale of `target_scale`, before `head`) for which the "
      "code is moved by "
      "the least that makes them, and decoded");
  o.integer("history_every")
      .range(1, 1e7)
      .unit("epochs")
      .fallback("10")
      .doc("distance of the epochs whose losses are kept; the first and the last are kept too");
  o.choice("precision", precisions)
      .fallback("float32")
      .doc("of training; codes and predictions are computed in float64 from its parameters");
}

inline Settings::Settings(const Values& v)
    : compat(v.text("compat")),
      variant(detail::settled(v, "variant", "experiment2", &detail::Preset::variant)),
      head(heads[detail::pick<int>(
          head_names, detail::settled(v, "head", variant == "autopred2020" ? "leaky" : "linear",
                                      &detail::Preset::head))]),
      latent(v.integer("latent") ? v.integer("latent") : own_latent(variant)),
      dropout(v.real("dropout")),
      reconstruction(detail::pick<Reconstruction>(
          reconstruction_names,
          detail::settled(v, "reconstruction", "l1", &detail::Preset::reconstruction))),
      prediction(detail::pick<Prediction>(
          prediction_names, detail::settled(v, "prediction", "mse", &detail::Preset::prediction))),
      alphas(v.reals("alphas").begin(), v.reals("alphas").end()),
      epochs(v.integer("epochs")),
      learning_rate(v.real("learning_rate")),
      batch(v.integer("batch")),
      shuffle(detail::settled(v, "shuffle", "on", &detail::Preset::shuffle) == "on"),
      zscore(v.is("input", "zscore")),
      copy_best(detail::settled(v, "best", "copy", &detail::Preset::best) == "copy"),
      target_scale(!v.is("target_scale", "auto") ? v.text("target_scale")
                   : compat == "none"            ? "minmax"
                                                 : "raw"),
      seeds(v.integer("seeds")),
      components(v.integer("components")),
      center(v.is("center", "on") || (v.is("center", "auto") && compat == "none")),
      threshold(detail::threshold_of(v.text("threshold"))),
      weights(v.text("weights")),
      deltas(v.reals("perturb").begin(), v.reals("perturb").end()),
      history_every(v.integer("history_every")),
      single(v.is("precision", "float32")) {
  check();
}

inline void Settings::check() const {
  if (alphas.empty()) throw BadOption("`alphas` is empty; give one number for each phase");
  if (components > latent && weights.empty())
    throw BadOption("`components` is " + std::to_string(components) + ", but a code has " +
                    std::to_string(latent) + " dimensions; ask for no more, or raise `latent`");
  if (prediction == Prediction::Bce && head != Activation::Sigmoid)
    throw BadOption("`prediction: bce` needs numbers between 0 and 1; say `head: sigmoid`");
}

}  // namespace lyap::aelle
