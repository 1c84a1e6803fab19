// classify/settings.hpp - what a pipeline may say about classifiers, and what it said.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <lyap/lyap.hpp>
#include <optional>
#include <string>
#include <vector>

#include "number_text.hpp"
#include "published.hpp"

namespace lyap::classify {

struct Settings {
  std::optional<double> threshold;  ///< of the target; none: its median
  bool median_of_train;             ///< that median is of the training part alone
  bool best;                        ///< the boundary is the best one, not the median
  bool test_only;                   ///< judged on the test part, not on all networks
  bool epoch_median;                ///< the loss is compared with its median at the checkpoint
  std::vector<std::string> rules;
  std::vector<Index> dimensions, cells;
  Index draws;
  double confidence;
  std::vector<Published> published;

  static void declare(Options& options);
  explicit Settings(const Values& v);
};

inline void Settings::declare(Options& o) {
  static constexpr const char* sets[] = {"all", "train", nullptr};
  static constexpr const char* boundaries[] = {"median", "best", nullptr};
  static constexpr const char* parts[] = {"all", "test", nullptr};
  static constexpr const char* thresholds[] = {"final", "epoch_median", nullptr};

  o.text("label").fallback("median").doc(
      "a network is accurate (the positive class) when its target is strictly below this: the "
      "median of the targets, or a number");
  o.choice("label_of", sets)
      .fallback("all")
      .doc("`label: median`: of all networks with a finite target, or of the training part");
  o.texts("rules").fallback("[]").doc(
      "which rules are compared, in this order: mean, max, raw.1, aelle.1 (or another component), "
      "regression.spectra, regression.raw, regression.aelle, prediction, cells, loss, or one by "
      "its full name as in regression.aelle[2], cells.4; empty: all whose ports are connected");
  o.reals("dimensions")
      .range(1, 1e4)
      .fallback("[2]")
      .doc("how many components regression.raw and regression.aelle take: a rule for each number");
  o.reals("cells")
      .range(1, 62)
      .fallback("[1, 2, 4, 10]")
      .doc(
          "how many components of AeLLE are cut at their medians into 2^d cells: a rule for each "
          "number d");
  o.choice("boundary", boundaries)
      .fallback("median")
      .doc(
          "of a scalar: its median over all networks at each checkpoint; or the midpoint with the "
          "best F1 on the validation part (the training part without one), all checkpoints pooled");
  o.choice("evaluate", parts).fallback("all").doc("which networks are judged");
  o.choice("loss_threshold", thresholds)
      .fallback("final")
      .doc(
          "the rule `loss` says accurate when the loss at the checkpoint is below: the threshold "
          "of "
          "the label; or the median of the losses at that checkpoint, as the published code has "
          "it");
  o.integer("draws").range(0, 1e6).fallback("1000").doc(
      "bootstrap samples of networks behind the intervals; 0: no intervals");
  o.real("confidence").range(0.5, 0.9999).fallback("0.95").doc("that an interval holds the score");
  o.texts("published")
      .fallback("[]")
      .doc(
          "published figures to show beside ours: rule=F1 or rule=recall/precision/F1; "
          "rule@2=F1 at the checkpoint number 2, counted from 0, otherwise of all of them");
}

namespace detail {

inline std::optional<double> threshold_of(const std::string& text) {
  if (text == "median") return std::nullopt;
  char* end = nullptr;
  const double x = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(x))
    throw BadOption("`label` is median or a number, not '" + text + "'");
  return x;
}

/// Ascending, each once.
inline std::vector<Index> whole_numbers(const char* option, std::span<const double> given) {
  std::vector<Index> numbers;
  for (const double x : given) {
    if (x != std::floor(x))
      throw BadOption(std::string("`") + option + "` are whole numbers, and " +
                      analyses::number(x) + " is none");
    numbers.push_back(static_cast<Index>(x));
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace detail

inline Settings::Settings(const Values& v)
    : threshold(detail::threshold_of(v.text("label"))),
      median_of_train(v.is("label_of", "train")),
      best(v.is("boundary", "best")),
      test_only(v.is("evaluate", "test")),
      epoch_median(v.is("loss_threshold", "epoch_median")),
      rules(v.texts("rules")),
      dimensions(detail::whole_numbers("dimensions", v.reals("dimensions"))),
      cells(detail::whole_numbers("cells", v.reals("cells"))),
      draws(v.integer("draws")),
      confidence(v.real("confidence")),
      published(published_of(v.texts("published"))) {}

}  // namespace lyap::classify
