// perturbation/subject.hpp - which sequences are perturbed, where and how: the settings once the
// task is known.
#pragma once
#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "passage.hpp"
#include "runs.hpp"
#include "settings.hpp"

namespace lyap::perturbation {

using analyses::name_of;

inline bool names_a_class(const lyap_task_shape& task) {
  return static_cast<Loss>(task.loss) == Loss::CrossEntropy && task.last_step_only;
}
inline bool is_picture(const lyap_task_shape& task) {
  return task.picture_rows > 0;
}

struct Subject {
  Split split;
  Index available;  ///< sequences of the split
  Index sequences;  ///< at most
  Index steps;
  bool correct;  ///< those that the network classifies correctly
  bool flip;
  std::vector<Index> counts, too_long;
  Index picture_count;
};

/// BadOption: there is nothing to lose, or to choose, or to count.
inline Subject subject_of(const Settings& s, const lyap_task_shape& task) {
  if (static_cast<Loss>(task.loss) == Loss::None)
    throw BadOption(
        "what a perturbation does is measured by the loss, and this task has none; give it "
        "targets");
  Subject subject{};
  subject.split = analyses::available(task, s.split);
  subject.available = task.count[static_cast<int>(subject.split)];
  if (subject.available == 0) throw BadOption("the task has no sequences that could be perturbed");
  subject.sequences = std::min(s.sequences, subject.available);
  subject.steps = task.steps;
  subject.correct =
      s.choose == Choose::Correct || (s.choose == Choose::Auto && names_a_class(task));
  if (subject.correct && !names_a_class(task))
    throw BadOption(
        "`choose: correct` needs a class that is named after the last step, and this task has "
        "none; "
        "say `choose: first`");
  subject.flip = s.rule == Rule::Flip || (s.rule == Rule::Auto && is_picture(task));
  for (const Index count : s.counts)
    (count <= task.steps ? subject.counts : subject.too_long).push_back(count);
  if (subject.counts.empty())
    throw BadOption("all `counts` are above the " + std::to_string(task.steps) +
                    " steps of a sequence; lower them");
  subject.picture_count = std::min<Index>(s.picture_count, task.steps);
  return subject;
}

/// The sequences themselves; column t*count() + s is step t of sequence s.
struct Sequences {
  std::vector<std::int64_t> which;  ///< their numbers in the split
  Matrix inputs, targets;

  Index count() const { return static_cast<Index>(which.size()); }
};

inline Sequences fetched(const Data& data, Split split, std::vector<std::int64_t> which) {
  const lyap_task_shape& task = data.shape();
  Sequences found{std::move(which), {}, {}};
  found.inputs.resize(task.inputs, task.steps * found.count());
  found.targets.resize(task.targets, (task.last_step_only ? 1 : task.steps) * found.count());
  data.fetch({split, found.which}, found.inputs, found.targets);
  return found;
}

/// BadData: the network classifies none of the split correctly.
inline Sequences chosen(const Model& model, const Data& data, const Subject& subject,
                        const Host& host) {
  std::vector<std::int64_t> which;
  if (!subject.correct) {
    which.resize(static_cast<std::size_t>(subject.sequences));
    std::iota(which.begin(), which.end(), 0);
    return fetched(data, subject.split, std::move(which));
  }
  const auto wanted = static_cast<std::size_t>(subject.sequences);
  for (Index from = 0; from < subject.available && which.size() < wanted;) {
    const Index count = std::min(batch_columns, subject.available - from);
    std::vector<std::int64_t> block(static_cast<std::size_t>(count));
    std::iota(block.begin(), block.end(), from);
    const Sequences seen = fetched(data, subject.split, block);
    Passage passage(model, data.shape(), count);
    passage.run([&](Index t, Index b, auto&& x) { x = seen.inputs.col(t * count + b); },
                seen.targets, host);
    for (Index b = 0; b < count && which.size() < wanted; ++b) {
      Index top = 0;
      passage.outputs().col(b).maxCoeff(&top);
      if (static_cast<double>(top) == seen.targets(0, b))
        which.push_back(block[static_cast<std::size_t>(b)]);
    }
    from += count;
  }
  if (which.empty())
    throw BadData("the network classifies none of the " + std::to_string(subject.available) + " " +
                  name_of(subject.split) +
                  " sequences correctly; train it longer or say `choose: first`");
  return fetched(data, subject.split, std::move(which));
}

}  // namespace lyap::perturbation
