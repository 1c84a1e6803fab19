// perturbation/settings.hpp - what a pipeline may say about a perturbation, and what it said.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "frame_settings.hpp"
#include "number_text.hpp"

namespace lyap::perturbation {

/// What ranks the steps of a sequence, highest first; the order of the axis `order`.
enum Order { ByR, ByFtle, ByGradient, ByScore };
inline constexpr std::array<const char*, 4> order_names{"r", "ftle", "gradient", "score"};
inline constexpr Index order_count = 4;

enum class Choose { Auto, Correct, First };
enum class Rule { Auto, Flip, Add };

/// A row of a published table, shown beside ours.
struct Published {
  Index count;
  double difference, standard_error, p;
};

struct Settings {
  Index sequences, draws, pictures, picture_count, picture_draws;
  Split split;
  Choose choose;
  Rule rule;
  double size;
  std::vector<Index> counts;      ///< ascending, each once
  std::array<bool, 3> asked{};    ///< of r, ftle and gradient
  analyses::FrameSettings frame;  ///< of R_1
  std::vector<Published> published;

  static void declare(Options& options);
  explicit Settings(const Values& v);

  bool wants_r() const { return asked[ByR] || asked[ByFtle]; }
};

inline void Settings::declare(Options& o) {
  static constexpr const char* splits[] = {"train", "validation", "test", nullptr};
  static constexpr const char* choices[] = {"auto", "correct", "first", nullptr};
  static constexpr const char* rules[] = {"auto", "flip", "add", nullptr};

  o.integer("sequences")
      .range(1, 1e6)
      .fallback("15")
      .doc("how many sequences are perturbed; fewer, with a note, when there are no more");
  o.choice("split", splits)
      .fallback("test")
      .doc("whose sequences; another split, with a note, when the task has none");
  o.choice("choose", choices)
      .fallback("auto")
      .doc(
          "correct: the first ones that the network classifies correctly; first: the first ones; "
          "auto: correct when the task is to name a class after the last step");
  o.reals("counts")
      .range(1, 1e9)
      .unit("steps")
      .fallback("[1, 5, 10, 20, 50, 75, 100, 150, 200, 300, 400, 784]")
      .doc("how many steps are changed at once; those above the length of a sequence are left out");
  o.integer("draws").range(1, 1e5).fallback("50").doc(
      "random sets of steps for each sequence and count, which the orderings must beat");
  o.choice("change", rules)
      .fallback("auto")
      .doc(
          "what happens to an input at a changed step: flip: above 0 to 0, from 0 to 1, every "
          "input "
          "of the step; add: a vector of length `size` in a random direction, the same for every "
          "ordering; auto: flip for pictures");
  o.real("size").at_least(0).fallback("1").doc(
      "`change: add`: Euclidean length of what is added at each step, in units of the inputs");
  o.texts("orders")
      .fallback("[r, ftle, gradient]")
      .doc(
          "what ranks the steps, highest first: r: R_1(t); ftle: mean of ln R_1 up to t; gradient: "
          "|dL/dx_t|; random sets are always there beside them");
  analyses::FrameSettings::declare(o);
  o.integer("pictures")
      .range(0, 1e4)
      .fallback("2")
      .doc("of how many sequences outputs and pictures are kept, before and after changes");
  o.integer("picture_count")
      .range(1, 1e9)
      .unit("steps")
      .fallback("100")
      .doc("how many steps are changed there; at most the length of a sequence");
  o.integer("picture_draws").range(0, 1e3).fallback("4").doc("random sets of steps there");
  o.reals("published")
      .fallback("[]")
      .doc(
          "a published table to show beside the ordering r: count, difference, standard error and "
          "p, count, difference, ...");
}

namespace detail {

inline std::vector<Index> whole_numbers(std::span<const double> given) {
  if (given.empty())
    throw BadOption("`counts` is empty; say how many steps are changed at once, e.g. [1, 10, 100]");
  std::vector<Index> counts;
  for (const double count : given) {
    if (count != std::floor(count))
      throw BadOption("`counts` are whole numbers of steps, and " + analyses::number(count) +
                      " is none");
    counts.push_back(static_cast<Index>(count));
  }
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

inline std::vector<Published> quadruples(std::span<const double> given) {
  if (given.size() % 4 != 0)
    throw BadOption("`published` has " + std::to_string(given.size()) +
                    " numbers; it takes four a row: count, difference, standard error, p");
  std::vector<Published> rows;
  for (std::size_t i = 0; i < given.size(); i += 4)
    rows.push_back({static_cast<Index>(given[i]), given[i + 1], given[i + 2], given[i + 3]});
  return rows;
}

inline std::array<bool, 3> orders(const std::vector<std::string>& words) {
  std::array<bool, 3> asked{};
  for (const std::string& word : words) {
    const auto found = std::find(order_names.begin(), order_names.begin() + 3, word);
    if (found == order_names.begin() + 3)
      throw BadOption("`orders` has '" + word + "'; an order is r, ftle or gradient");
    asked[static_cast<std::size_t>(found - order_names.begin())] = true;
  }
  return asked;
}

}  // namespace detail

inline Settings::Settings(const Values& v)
    : sequences(v.integer("sequences")),
      draws(v.integer("draws")),
      pictures(v.integer("pictures")),
      picture_count(v.integer("picture_count")),
      picture_draws(v.integer("picture_draws")),
      split(v.is("split", "train")        ? Split::Train
            : v.is("split", "validation") ? Split::Validation
                                          : Split::Test),
      choose(v.is("choose", "correct") ? Choose::Correct
             : v.is("choose", "first") ? Choose::First
                                       : Choose::Auto),
      rule(v.is("change", "flip")  ? Rule::Flip
           : v.is("change", "add") ? Rule::Add
                                   : Rule::Auto),
      size(v.real("size")),
      counts(detail::whole_numbers(v.reals("counts"))),
      asked(detail::orders(v.texts("orders"))),
      frame(v),
      published(detail::quadruples(v.reals("published"))) {}

}  // namespace lyap::perturbation
