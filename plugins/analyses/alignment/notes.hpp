// alignment/notes.hpp - what was done, said with every result.
#pragma once
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "combinations.hpp"
#include "number_text.hpp"
#include "recurrent_weight.hpp"
#include "settings.hpp"
#include "tally.hpp"

namespace lyap::alignment {

using Notes = std::vector<std::pair<std::string, std::string>>;

using analyses::number;

inline std::string loss_name(const lyap_task_shape& task) {
  const std::string at = task.last_step_only ? ", the sequence's target at every step" : "";
  switch (static_cast<Loss>(task.loss)) {
    case Loss::CrossEntropy:
      return "cross entropy of one step, nats" + at;
    case Loss::MeanSquared:
      return "squared error of one step" + at;
    case Loss::MeanAbsolute:
      return "absolute error of one step" + at;
    default:
      return "the task's own, of one step" + at;
  }
}

inline std::string start_text(const Settings& s) {
  switch (s.start) {
    case Start::Normal:
      return "normal, the whole state, standard deviation " + number(s.start_std);
    case Start::Cell:
      return "the cell's own";
    case Start::Zero:
      return "zero";
  }
  return "";
}

inline std::string weight_text(const Recurrent& r) {
  std::string text = r.name;
  if (!r.weight)
    text += ": a linear feedback U h, U = 0, added to the hidden part after every step";
  if (r.chosen)
    text += r.weight ? " (auto)" : " (auto: the layer has no plain hidden-to-hidden matrix)";
  return text;
}

inline std::string all_labels() {
  std::string text;
  for (Index c = 0; c < combinations; ++c)
    text += (c ? ", " : "") + std::to_string(c) + " " + label(c);
  return text;
}

/// A unit vector drawn at random has components of this size along n orthonormal directions.
inline double baseline(Index directions) {
  return 1 / std::sqrt(static_cast<double>(directions));
}

inline Notes notes_of(const Settings& s, const Recurrent& r, const Extents& e, const Model& model,
                      const lyap_task_shape& task) {
  Notes notes{
      {"combination", "4*orientation + 2*side + gradient: " + all_labels()},
      {"headline", label(s.headline)},
      {"deviation",
       "root mean square about the mean, which is near 0, over sequences, starts, "
       "steps, gates, the group and the first " +
           std::to_string(e.singular) + " singular vectors"},
      {"baseline", "random unit vectors give 1/sqrt(" + std::to_string(e.directions) +
                       ") = " + number(baseline(e.directions))},
      {"weight", weight_text(r)},
      {"gates", std::to_string(e.gates)},
      {"layer", std::to_string(r.layer + 1) + " of " + std::to_string(model.shape().layers)},
      {"units", std::to_string(r.units)},
      {"state", std::string(s.scope == Scope::Full ? "full" : "hidden") + ", " +
                    std::to_string(e.directions) + " directions"},
      {"split", name_of(s.split)},
      {"images", std::to_string(s.images) + " from number " + std::to_string(s.first)},
      {"starts", std::to_string(s.starts)},
      {"start", start_text(s)},
      {"steps", std::to_string(e.steps)},
      {"loss", loss_name(task)},
      {"q0", s.random_frame ? "random_orthonormal" : "identity"},
      {"singular", std::to_string(e.singular) + " first and last of " + std::to_string(r.units)},
      {"null", s.null == NullBasis::Random
                   ? "singular values up to " + std::to_string(r.units) +
                         " epsilon times the largest: a random orthonormal basis for every "
                         "sequence, start and step"
                   : "as the solver left it"},
      {"jacobian", name_of(model.derivative())},
      {"dtype", "float64"}};
  if (e.singular < s.singular)
    notes.emplace_back("singular_clipped", std::to_string(s.singular) + " were asked for");
  return notes;
}

}  // namespace lyap::alignment
