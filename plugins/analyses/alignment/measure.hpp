// alignment/measure.hpp - the loop: every sequence from every initial state, Q and the gradients
// step by step.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "groups.hpp"
#include "recurrent_weight.hpp"
#include "settings.hpp"
#include "singular_ends.hpp"
#include "tally.hpp"
#include "tangent_frame.hpp"
#include "weight_gradient.hpp"

namespace lyap::alignment {

using analyses::TangentFrame;

inline Extents extents_of(const Settings& s, const Recurrent& r, Index directions, Index steps) {
  return {r.gates,
          steps,
          directions,
          std::min(s.singular, std::max<Index>(1, r.units / 2)),
          std::min<Index>(10, r.units),
          s.bins};
}

/// state x starts, the same for every sequence. BadOption when the cell's own start is asked for
/// several times and always is the same.
inline Matrix starts_of(const Settings& s, const Model& model, const Host& host) {
  Matrix states = Matrix::Zero(model.state(), s.starts);
  if (s.start == Start::Normal) {
    host.normal("start", states);
    states *= s.start_std;
  }
  if (s.start != Start::Cell) return states;
  for (Index i = 0; i < s.starts; ++i) {
    Pass pass = model.begin(1, 1, false, "alignment/start/" + std::to_string(i));
    pass.start();
    pass.state(0, states.col(i));
  }
  if (s.starts > 1 && (states.colwise() - states.col(0)).isZero(0))
    throw BadOption("the cell always starts in the same state, but `starts` is " +
                    std::to_string(s.starts) + "; say `starts: 1`, or `start: normal`");
  return states;
}

/// Q_0, square.
inline Matrix first_vectors(const Settings& s, Index directions, const Host& host) {
  if (!s.random_frame) return Matrix::Identity(directions, directions);
  Matrix Q(directions, directions), diagonal(directions, 1);
  host.normal("q0", Q);
  host.qr(Q, diagonal);
  return Q;
}

/// A_t = Q_t^T e_t with the singular vectors e_t of dL/dV; Q_t R_t = J_t Q_{t-1}.
class Measuring {
 public:
  Measuring(const Model& model, const Data& data, const Settings& settings,
            const Recurrent& recurrent, const Groups& groups, const Host& host)
      : model_(model),
        data_(data),
        settings_(settings),
        recurrent_(recurrent),
        groups_(groups),
        host_(host),
        extents_(extents_of(settings, recurrent, model.state(settings.scope), data.shape().steps)),
        starts_(starts_of(settings, model, host)),
        first_(first_vectors(settings, extents_.directions, host)) {}

  Tally run() {
    Tally all(extents_, groups_);
    // As many at a time as there are workers, added up in their own order: the sums do not depend
    // on who did what.
    const Index together = std::min<Index>(host_.workers(), settings_.runs());
    std::vector<Slot> slots;
    slots.reserve(static_cast<std::size_t>(together));
    for (Index i = 0; i < together; ++i) slots.emplace_back(*this);
    for (Index done = 0; done < settings_.runs();) {
      const Index count = std::min(together, settings_.runs() - done);
      host_.parallel(count, [&](std::int64_t i, int) {
        follow(done + i, slots[static_cast<std::size_t>(i)]);
      });
      for (Index i = 0; i < count; ++i) all += slots[static_cast<std::size_t>(i)].tally;
      done += count;
      host_.progress("alignment", done, settings_.runs());
    }
    return all;
  }

 private:
  /// What one run works with.
  struct Slot {
    explicit Slot(const Measuring& m)
        : tally(m.extents_, m.groups_),
          gradient(m.model_, m.recurrent_, m.extents_.steps),
          ends(m.host_, m.recurrent_.units, m.extents_.singular, m.settings_.null),
          last(static_cast<std::size_t>(m.extents_.gates)),
          A(m.extents_.directions, 4 * m.extents_.singular),
          input(m.model_.inputs(), m.extents_.steps),
          target(m.data_.shape().targets,
                 m.data_.shape().last_step_only ? Index{1} : m.extents_.steps) {}

    Tally tally;
    WeightGradient gradient;
    SingularEnds ends;
    std::vector<Matrix> last;  // [gate] singular vectors of the loss at the last step
    Matrix A, input, target;
  };

  void follow(Index run, Slot& slot) const {
    const std::int64_t image = settings_.first + run / settings_.starts;
    const Index start = run % settings_.starts;
    const std::string name = std::to_string(image) + "/" + std::to_string(start);
    slot.tally = Tally(extents_, groups_);
    data_.fetch({settings_.split, {&image, 1}}, slot.input, slot.target);
    // Noise, of a cell that draws it in analyses too, follows the start.
    Pass pass = model_.begin(1, extents_.steps, false, "alignment/start/" + std::to_string(start));
    try {
      pass.start(starts_.col(start));
      pass.run(slot.input);
      slot.gradient.begin(pass);
      follow(pass, "null/" + name, slot);
    } catch (const PluginError& e) {
      if (e.code() != LYAP_NOT_FINITE) throw;
      throw NotFinite("sequence " + std::to_string(image) + ", start " + std::to_string(start) +
                      ", run alone: " + e.what());
    }
  }

  void follow(Pass& pass, const std::string& stream, Slot& slot) const {
    take_gradient(pass, extents_.steps, stream, slot, [&](Index gate) {
      slot.last[static_cast<std::size_t>(gate)] = slot.ends.vectors();
    });
    TangentFrame forward(host_, settings_.scope, analyses::Orientation::Forward, first_);
    TangentFrame transposed(host_, settings_.scope, analyses::Orientation::Transposed, first_);
    for (Index t = 1; t <= extents_.steps; ++t) {
      if (host_.stopped()) throw Stopped("the alignment was interrupted; none of it is kept");
      forward.step(pass, t, 0);
      transposed.step(pass, t, 0);
      take_gradient(pass, t, stream, slot, [&](Index gate) {
        slot.tally.add(t, slot.ends.values(), slot.ends.null(0), slot.ends.null(1));
        align(Forward, forward.Q(), gate, t, slot);
        align(Transposed, transposed.Q(), gate, t, slot);
      });
    }
  }

  /// Calls `each(gate)` with the singular vectors of the gradient of the loss at step t.
  template <class Each>
  void take_gradient(Pass& pass, Index t, const std::string& stream, Slot& slot,
                     Each&& each) const {
    const Matrix& G = slot.gradient.at(pass, slot.target, t);
    if (!G.allFinite())
      throw NotFinite("the gradient of the loss at step " + std::to_string(t) +
                      " is not finite; make the weights smaller");
    for (Index gate = 0; gate < extents_.gates; ++gate) {
      slot.ends.take(G.middleRows(gate * recurrent_.units, recurrent_.units),
                     stream + "/" + std::to_string(t) + "/" + std::to_string(gate));
      each(gate);
    }
  }

  void align(Orientation orientation, const Matrix& Q, Index gate, Index t, Slot& slot) const {
    const auto rows = Q.middleRows(recurrent_.row, recurrent_.units);
    slot.A.noalias() = rows.transpose() * slot.ends.vectors();
    slot.tally.add(orientation, PerStep, gate, t, slot.A);
    slot.A.noalias() = rows.transpose() * slot.last[static_cast<std::size_t>(gate)];
    slot.tally.add(orientation, Final, gate, t, slot.A);
  }

  const Model& model_;
  const Data& data_;
  const Settings& settings_;
  const Recurrent& recurrent_;
  const Groups& groups_;
  const Host& host_;
  Extents extents_;
  Matrix starts_, first_;
};

}  // namespace lyap::alignment
