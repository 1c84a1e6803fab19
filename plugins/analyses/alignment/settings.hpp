// alignment/settings.hpp - what a pipeline may say about an alignment, and what it said.
#pragma once
#include <lyap/lyap.hpp>
#include <string>
#include <vector>

#include "combinations.hpp"

namespace lyap::alignment {

enum class Start { Normal, Cell, Zero };
/// Singular vectors without a singular value: drawn afresh, or as the solver left them.
enum class NullBasis { Random, Solver };

struct Settings {
  Index images, first, starts, layer, group, singular, bins;
  Split split;
  Start start;
  double start_std;
  Scope scope;
  std::string weight;
  NullBasis null;
  bool random_frame;
  Index headline;  ///< a combination
  std::vector<double> published;

  static void declare(Options& options);
  explicit Settings(const Values& v);

  Index runs() const { return images * starts; }
};

inline const char* name_of(Split split) {
  constexpr const char* names[] = {"train", "validation", "test"};
  return names[static_cast<int>(split)];
}

inline void Settings::declare(Options& o) {
  static constexpr const char* splits[] = {"train", "validation", "test", nullptr};
  static constexpr const char* starts[] = {"normal", "cell", "zero", nullptr};
  static constexpr const char* scopes[] = {"full", "hidden", nullptr};
  static constexpr const char* frames[] = {"identity", "random_orthonormal", nullptr};
  static constexpr const char* bases[] = {"random", "solver", nullptr};

  o.integer("images").range(1, 1e6).fallback("1").doc("sequences; statistics are pooled over them");
  o.integer("first").range(0, 1e9).fallback("0").doc("number of the first sequence, from 0");
  o.choice("split", splits).fallback("test").doc("which sequences, with their own targets");
  o.integer("starts").range(1, 1e6).fallback("25").doc("initial states, shared by all sequences");
  o.choice("start", starts)
      .fallback("normal")
      .doc("initial states: drawn from N(0, start_std^2), the cell's own, or zero");
  o.real("start_std").range(0, 1e6).fallback("1").doc("standard deviation of `start: normal`");
  o.choice("state", scopes)
      .fallback("full")
      .doc("Q of the whole state, or of its hidden part with the other parts held fixed");
  o.choice("q0", frames)
      .fallback("identity")
      .doc(
          "the first vectors; in a stack, transposed ones never leave the layer they begin in "
          "unless they are random");
  o.integer("layer").range(1, 1000).fallback("1").doc(
      "whose recurrent matrix, and whose rows of Q, counted from 1");
  o.text("weight").fallback("auto").doc(
      "the gradient is that of: a matrix by its name; `state`: a linear feedback added to the "
      "layer's hidden part; auto: the layer's hidden-to-hidden matrix, `state` without one");
  o.integer("group").range(1, 1e6).fallback("10").doc(
      "Q vectors in each of the groups first, last and random; a third of them all at most");
  o.integer("singular")
      .range(1, 1e6)
      .fallback("5")
      .doc("singular vectors at each end; half of them all at most");
  o.choice("null_basis", bases)
      .fallback("random")
      .doc(
          "basis of the null space, where singular vectors are arbitrary: random, from the run's "
          "seed, or what the solver leaves there");
  o.integer("bins").range(1, 100000).fallback("80").doc("of the histogram over [-1, 1]");
  o.choice("orientation", orientation_names)
      .fallback("forward")
      .doc("of the headline: Q of products of J, or of its transpose as in the published code");
  o.choice("side", side_names)
      .fallback("left")
      .doc("of the headline: left or right singular vectors");
  o.choice("gradient", gradient_names)
      .fallback("per_step")
      .doc("of the headline: of the loss at the current step, or at the last one");
  o.reals("published")
      .fallback("[]")
      .doc("published std of the groups first, last, random, to be shown beside ours");
}

inline Settings::Settings(const Values& v)
    : images(v.integer("images")),
      first(v.integer("first")),
      starts(v.integer("starts")),
      layer(v.integer("layer")),
      group(v.integer("group")),
      singular(v.integer("singular")),
      bins(v.integer("bins")),
      split(v.is("split", "train")        ? Split::Train
            : v.is("split", "validation") ? Split::Validation
                                          : Split::Test),
      start(v.is("start", "cell")   ? Start::Cell
            : v.is("start", "zero") ? Start::Zero
                                    : Start::Normal),
      start_std(v.real("start_std")),
      scope(v.is("state", "hidden") ? Scope::Hidden : Scope::Full),
      weight(v.text("weight")),
      null(v.is("null_basis", "solver") ? NullBasis::Solver : NullBasis::Random),
      random_frame(v.is("q0", "random_orthonormal")),
      headline(index_of(v.is("orientation", "transposed") ? Transposed : Forward,
                        v.is("side", "right") ? Right : Left,
                        v.is("gradient", "final") ? Final : PerStep)),
      published(v.reals("published").begin(), v.reals("published").end()) {
  if (!published.empty() && published.size() != groups)
    throw BadOption("`published` is three numbers, the std of the groups first, last and random, " +
                    std::string("not ") + std::to_string(published.size()));
  if (start == Start::Zero && starts > 1)
    throw BadOption("`start: zero` is one initial state, but `starts` is " +
                    std::to_string(starts) + "; say `starts: 1`, or `start: normal`");
}

/// BadOption when the task has no such sequences, or no loss whose gradient could be taken.
inline void require_sequences(const Settings& s, const lyap_task_shape& task) {
  if (task.loss == LYAP_NO_LOSS)
    throw BadOption(
        "the task has no loss, and without a loss there is no gradient to align with; choose a "
        "task with targets");
  const Index count = task.count[static_cast<int>(s.split)];
  const std::string split = name_of(s.split);
  if (count == 0) {
    for (const Split other : {Split::Test, Split::Validation, Split::Train})
      if (task.count[static_cast<int>(other)] > 0)
        throw BadOption("the task has no " + split + " sequences; say `split: " + name_of(other) +
                        "`");
    throw BadOption("the task has no sequences with targets");
  }
  if (s.first + s.images > count)
    throw BadOption("`first` " + std::to_string(s.first) + " and `images` " +
                    std::to_string(s.images) + " ask for sequences up to number " +
                    std::to_string(s.first + s.images - 1) + ", but the " + split + " split has " +
                    std::to_string(count) + ", counted from 0; lower them");
}

}  // namespace lyap::alignment
