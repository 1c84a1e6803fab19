// perturbation/notes.hpp - what was done, said with the results.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "experiment.hpp"
#include "number_text.hpp"

namespace lyap::perturbation {

using analyses::Notes;

using analyses::number;

inline std::string loss_text(const lyap_task_shape& task) {
  const std::string where = task.last_step_only ? " after the last step" : ", mean over steps";
  switch (static_cast<Loss>(task.loss)) {
    case Loss::CrossEntropy:
      return "cross entropy, nats" + where;
    case Loss::MeanSquared:
      return "mean squared error, squared units of the targets" + where;
    case Loss::MeanAbsolute:
      return "mean absolute error, units of the targets" + where;
    default:
      return "the task's own loss" + where;
  }
}

template <class Integer>
std::string comma_list(const std::vector<Integer>& numbers) {
  std::string text;
  for (const Integer n : numbers) text += (text.empty() ? "" : ", ") + std::to_string(n);
  return text;
}

/// Those whose key ends in "_fallback" say that something else was done than asked.
inline Notes notes_of(const Settings& s, const Subject& subject, const Sequences& sequences,
                      const Model& model, const lyap_task_shape& task) {
  const Index S = sequences.count();
  Notes notes{
      {"loss", loss_text(task)},
      {"split", name_of(subject.split)},
      {"sequences", std::to_string(S)},
      {"chosen", subject.correct ? "the first that the network classifies correctly" : "the first"},
      {"which", comma_list(sequences.which)},
      {"change", subject.flip ? "flip: above 0 to 0, from 0 to 1, every input of a step"
                              : "add: a vector of length " + number(s.size) +
                                    " in a random direction at each step, the same for every "
                                    "ordering"},
      {"random", std::to_string(s.draws) + " sets of distinct steps for each sequence and count"},
      {"orders", "r, ftle, gradient, score; missing where not asked for"},
      {"test", "one-sided, ordering above random; no correction but Holm's over the counts"},
      {"state", s.frame.scope_name()},
      {"orientation", s.frame.orientation_name()},
      {"q0", s.frame.first_name()},
      {"start", "the cell's own"},
      {"jacobian", lyap::name_of(model.derivative())},
      {"dtype", "float64"}};
  if (subject.split != s.split)
    notes.emplace_back("split_fallback", std::string("the task has no ") + name_of(s.split) +
                                             " sequences; " + name_of(subject.split) + " was used");
  if (subject.available < s.sequences)
    notes.emplace_back("sequences_fallback",
                       std::to_string(s.sequences) +
                           " sequences were asked; the split has no more than " +
                           std::to_string(subject.available));
  if (S < subject.sequences)
    notes.emplace_back("correct_fallback",
                       std::to_string(subject.sequences) +
                           " correctly classified sequences were asked; the network classifies " +
                           std::to_string(S) + " of " + std::to_string(subject.available) +
                           " correctly");
  if (!subject.too_long.empty())
    notes.emplace_back("counts_fallback", "sequences have " + std::to_string(subject.steps) +
                                              " steps, so these counts were left out: " +
                                              comma_list(subject.too_long));
  std::vector<Index> hidden;
  for (const Published& row : s.published)
    if (std::find(subject.counts.begin(), subject.counts.end(), row.count) == subject.counts.end())
      hidden.push_back(row.count);
  if (!hidden.empty())
    notes.emplace_back(
        "published_fallback",
        "published figures at counts that were not measured are not shown: " + comma_list(hidden));
  return notes;
}

/// Empty, or the warning that the network itself is random.
inline std::string noise_warning(const Outcome& outcome) {
  double largest = 0;
  for (const double loss : outcome.loss.values) largest = std::max(largest, std::abs(loss));
  if (outcome.noise <= 1e-9 * (1 + largest)) return "";
  return "two runs on one unchanged sequence differ by up to " + number(outcome.noise) +
         " in the loss: the network draws noise, and differences hold it too";
}

}  // namespace lyap::perturbation
