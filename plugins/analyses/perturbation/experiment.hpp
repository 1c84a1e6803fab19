// perturbation/experiment.hpp - which steps are changed in which run, and what that did to the
// loss.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "changed_runs.hpp"
#include "grid.hpp"
#include "ranking.hpp"

namespace lyap::perturbation {

struct Outcome {
  analyses::Grid loss;        ///< [sequence], of the unchanged sequences
  analyses::Grid difference;  ///< [order, sequence, count], loss after the change minus before
  analyses::Grid random_difference;  ///< [sequence, count, draw]
  analyses::Grid up, down;           ///< [order, sequence, count] flips
  analyses::Grid outputs;            ///< [picture, case, output] after the last step
  analyses::Grid pictures;  ///< [picture, case, row, column]; empty when the task shows none
  double noise = 0;         ///< largest difference between two runs of one unchanged sequence
};

/// The ordering that pictures show: the first there is.
inline Index shown_order(const Ranking& ranking) {
  Index order = 0;
  while (!ranking.given[static_cast<std::size_t>(order)]) ++order;
  return order;
}

class Experiment {
 public:
  Experiment(const Settings& settings, const Subject& subject, const Sequences& sequences,
             const Change& change, const Ranking& ranking, const Host& host)
      : s_(settings), subject_(subject), sequences_(sequences), change_(change), host_(host) {
    for (Index repeat = 0; repeat < 2; ++repeat)
      for (Index s = 0; s < sequences_.count(); ++s) add(s, 0, shown_order(ranking));
    for (Index order = 0; order < order_count; ++order)
      if (ranking.given[static_cast<std::size_t>(order)])
        plan_order(order, ranking.by[static_cast<std::size_t>(order)]);
    plan_random();
    plan_pictures(shown_order(ranking));
  }

  Outcome run(const Model& model, const Data& data) {
    run_all(
        runs_, [this](const ChangedRun& run) { return steps_of(run); }, model, data, sequences_,
        change_, host_);
    Outcome out;
    const Index S = sequences_.count(), C = std::ssize(subject_.counts);
    out.loss = analyses::Grid({S});
    for (Index s = 0; s < S; ++s) {
      out.loss(s) = run_at(s).loss;
      out.noise = std::max(out.noise, std::abs(run_at(S + s).loss - run_at(s).loss));
    }
    out.difference = out.up = out.down = analyses::Grid({order_count, S, C});
    for (const auto& [order, s, c, run] : ordered_) {
      out.difference(order, s, c) = run_at(run).loss - out.loss(s);
      if (!change_.flip()) continue;
      const Flips flips = change_.flips(s, steps_of(run_at(run)));
      out.up(order, s, c) = static_cast<double>(flips.up);
      out.down(order, s, c) = static_cast<double>(flips.down);
    }
    out.random_difference = analyses::Grid({S, C, s_.draws});
    Index run = first_random_;
    for (Index s = 0; s < S; ++s)
      for (Index c = 0; c < C; ++c)
        for (Index d = 0; d < s_.draws; ++d)
          out.random_difference(s, c, d) = run_at(run++).loss - out.loss(s);
    give_pictures(model.outputs(), data.shape(), out);
    return out;
  }

 private:
  struct Ordered {
    Index order, sequence, count, run;
  };

  const ChangedRun& run_at(Index run) const { return runs_[static_cast<std::size_t>(run)]; }

  Index add(Index sequence, Index count, Index choice, bool keep = false) {
    runs_.push_back({sequence, count, choice, keep, 0, {}});
    return std::ssize(runs_) - 1;
  }

  /// The first of an order, or distinct random ones from a stream of their own, the same whatever
  /// else is asked for.
  std::vector<Index> steps_of(const ChangedRun& run) const {
    const auto s = static_cast<std::size_t>(run.sequence);
    if (run.choice < order_count) {
      const std::vector<Index>& steps = ranked_[static_cast<std::size_t>(run.choice)][s];
      return {steps.begin(), steps.begin() + run.count};
    }
    const auto steps = host_.permutation(
        "perturbation/random/" + std::to_string(sequences_.which[s]) + "/" +
            std::to_string(run.count) + "/" + std::to_string(run.choice - order_count),
        subject_.steps);
    return {steps.begin(), steps.begin() + run.count};
  }

  void plan_order(Index order, const Matrix& values) {
    for (Index s = 0; s < sequences_.count(); ++s) {
      ranked_[static_cast<std::size_t>(order)].push_back(ranked(values.col(s)));
      for (Index c = 0; c < std::ssize(subject_.counts); ++c)
        ordered_.push_back(
            {order, s, c, add(s, subject_.counts[static_cast<std::size_t>(c)], order)});
    }
  }

  void plan_random() {
    first_random_ = std::ssize(runs_);
    for (Index s = 0; s < sequences_.count(); ++s)
      for (const Index count : subject_.counts)
        for (Index d = 0; d < s_.draws; ++d) add(s, count, order_count + d);
  }

  /// Cases: as it is, the steps of the shown ordering, random ones.
  void plan_pictures(Index shown) {
    first_picture_ = std::ssize(runs_);
    pictures_ = std::min(s_.pictures, sequences_.count());
    for (Index s = 0; s < pictures_; ++s) {
      add(s, 0, shown, true);
      add(s, subject_.picture_count, shown, true);
      for (Index d = 0; d < s_.picture_draws; ++d)
        add(s, subject_.picture_count, order_count + d, true);
    }
  }

  void give_pictures(Index outputs, const lyap_task_shape& task, Outcome& out) const {
    const Index cases = 2 + s_.picture_draws;
    out.outputs = analyses::Grid({pictures_, cases, outputs});
    const bool shows = is_picture(task) && pictures_ > 0;
    if (shows)
      out.pictures = analyses::Grid({pictures_, cases, task.picture_rows, task.picture_cols});
    Index run = first_picture_;
    for (Index picture = 0; picture < pictures_; ++picture)
      for (Index i = 0; i < cases; ++i, ++run) {
        for (Index k = 0; k < outputs; ++k) out.outputs(picture, i, k) = run_at(run).outputs[k];
        if (shows) draw(run_at(run), task, &out.pictures(picture, i, 0, 0));
      }
  }

  /// Puts the inputs of a run where the task says they stand in its picture; a place that no step
  /// shows stays missing.
  void draw(const ChangedRun& run, const lyap_task_shape& task, double* picture) const {
    std::vector<char> changed(static_cast<std::size_t>(task.steps), 0);
    for (const Index t : steps_of(run)) changed[static_cast<std::size_t>(t)] = 1;
    Vector x(task.inputs);
    for (Index t = 0; t < task.steps; ++t) {
      if (changed[static_cast<std::size_t>(t)])
        change_.apply(run.sequence, t, x);
      else
        x = sequences_.inputs.col(t * sequences_.count() + run.sequence);
      for (Index i = 0; i < task.inputs; ++i) {
        const Index place = task.pixels ? task.pixels[t * task.inputs + i] : t * task.inputs + i;
        if (place >= 0 && place < task.picture_rows * task.picture_cols) picture[place] = x[i];
      }
    }
  }

  const Settings& s_;
  const Subject& subject_;
  const Sequences& sequences_;
  const Change& change_;
  const Host& host_;
  std::vector<ChangedRun> runs_;  // two of every sequence as it is, then the changed ones
  std::vector<Ordered> ordered_;
  std::array<std::vector<std::vector<Index>>, order_count> ranked_;  // [order][sequence] steps
  Index first_random_ = 0, first_picture_ = 0, pictures_ = 0;
};

}  // namespace lyap::perturbation
