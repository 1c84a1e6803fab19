// perturbation/change.hpp - what happens to the input of a step.
#pragma once
#include <span>
#include <string>

#include "settings.hpp"
#include "subject.hpp"

namespace lyap::perturbation {

/// Numbers of inputs that went from 0 to 1 and from above 0 to 0.
struct Flips {
  Index up = 0, down = 0;
};

class Change {
 public:
  /// BadData: an input below 0 cannot be flipped.
  Change(const Settings& settings, const Subject& subject, const Sequences& sequences,
         const Host& host)
      : flip_(subject.flip), sequences_(sequences) {
    if (flip_)
      refuse_negative();
    else
      draw_directions(settings.size, subject.steps, host);
  }

  /// Step t of sequence s, changed.
  template <class Column>
  void apply(Index s, Index t, Column&& x) const {
    const Index at = t * sequences_.count() + s;
    if (!flip_)
      x = sequences_.inputs.col(at) + directions_.col(at);
    else
      x = (sequences_.inputs.col(at).array() > 0).select(0.0, Vector::Ones(x.size()));
  }

  /// Of every input of these steps.
  Flips flips(Index s, std::span<const Index> steps) const {
    Flips all;
    for (const Index t : steps) {
      const Index down = (sequences_.inputs.col(t * sequences_.count() + s).array() > 0).count();
      all.down += down;
      all.up += sequences_.inputs.rows() - down;
    }
    return all;
  }
  bool flip() const { return flip_; }

 private:
  void refuse_negative() const {
    const Index S = sequences_.count();
    for (Index column = 0; column < sequences_.inputs.cols(); ++column)
      if (sequences_.inputs.col(column).minCoeff() < 0)
        throw BadData("sequence " +
                      std::to_string(sequences_.which[static_cast<std::size_t>(column % S)]) +
                      " has an input below 0 at step " + std::to_string(column / S + 1) +
                      ", which cannot be flipped; say `change: add`");
  }

  /// A stream for each sequence by its number, so that asking for more changes no other.
  void draw_directions(double size, Index steps, const Host& host) {
    const Index S = sequences_.count();
    directions_.resizeLike(sequences_.inputs);
    Matrix direction(sequences_.inputs.rows(), steps);
    for (Index s = 0; s < S; ++s) {
      host.normal(
          "perturbation/direction/" + std::to_string(sequences_.which[static_cast<std::size_t>(s)]),
          direction);
      for (Index t = 0; t < steps; ++t)
        directions_.col(t * S + s) = size * direction.col(t).normalized();
    }
  }

  bool flip_;
  const Sequences& sequences_;
  Matrix directions_;  // as sequences_.inputs
};

}  // namespace lyap::perturbation
