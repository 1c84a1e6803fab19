// spectrum/measure.hpp - the loop: the network runs a chunk forward, then every run's tangent
// vectors follow it, in parallel.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <memory>
#include <string>
#include <vector>

#include "closed_loop.hpp"
#include "driven_steps.hpp"
#include "forward.hpp"
#include "frame.hpp"
#include "propagator.hpp"
#include "settings.hpp"
#include "statistics.hpp"
#include "window.hpp"

namespace lyap::spectrum {

struct Measurement {
  Matrix exponents;             ///< k x runs, nats per step
  std::vector<Index> marks;     ///< measured steps at which the history was taken
  std::vector<Matrix> history;  ///< one k x runs a mark, nats per step
  Index steps = 0;              ///< measured
  bool converged = false;       ///< stopped by `until`
  double log_determinant = 0;   ///< mean of ln|det J| over the steps of run 0, if asked for
  Motion motion;                ///< in closed loop
};

/// lambda_i = 1/T sum_t ln R_t(i, i), Q_t R_t = J_t Q_{t-1}.  Benettin et al. (1980); Vogt et al.
/// (2022), Algorithm 2.  In closed loop s_t = F(C o(s_{t-1}) + d, s_{t-1}), of scores of classes
/// with their softmax for the input, and J is its derivative.
class Measuring {
 public:
  /// start: state x runs, or without columns for the cell's own start.
  Measuring(const Model& model, const Data& data, const Settings& settings, const Window& window,
            Matrix start, std::int64_t memory_budget, const Host& host)
      : settings_(settings),
        window_(window),
        host_(host),
        drive_(data, window, settings.starts),
        n_(model.state(settings.scope)),
        k_(settings.tracked(n_)),
        measured_(settings.drop_tail ? window.steps - window.steps % settings.every : window.steps),
        states_(model.state()),
        forward_(
            model, drive_.runs(),
            analyses::longest_chunk(window.total(), drive_.runs(), model.state(), memory_budget),
            settings.closed_loop, "spectrum/noise", host),
        outputs_(model.outputs(), drive_.runs()) {
    if (measured_ == 0)
      throw BadOption("`tail: drop` with `every` " + std::to_string(settings.every) +
                      " above the " + std::to_string(window.steps) +
                      " measured steps leaves nothing to measure");
    if (settings.closed_loop)
      start = synchronised(model, drive_, window_, std::move(start), forward_.capacity(),
                           result_.motion);
    forward_.start(start);
    const Matrix first = first_vectors();
    frames_.reserve(static_cast<std::size_t>(drive_.runs()));
    for (Index run = 0; run < drive_.runs(); ++run)
      frames_.emplace_back(first, Propagator::by_rows(k_, settings));
    frames_[0].with_determinant = settings.sum_rule && k_ == n_;
    for (int i = 0; i < host.workers(); ++i)
      propagators_.push_back(std::make_unique<Propagator>(n_, k_, settings_, host_));
    set_marks();
  }

  Measurement run() {
    const Index end = window_.warmup + measured_;
    Index at = 0;
    for (std::size_t mark = 0; at < end && !result_.converged;) {
      const Index count = std::min(chunk_end(at, mark) - at, forward_.capacity());
      advance(at, count);
      follow_all(at, count);
      at += count;
      host_.progress("spectrum", at, end);
      while (mark < result_.marks.size() && window_.warmup + result_.marks[mark] <= at)
        result_.converged |= stop_here(result_.history[mark++]);
      if (result_.converged) result_.marks.resize(mark), result_.history.resize(mark);
    }
    finish(at - window_.warmup);
    return std::move(result_);
  }

 private:
  Matrix first_vectors() const {
    if (!settings_.random_frame) return Matrix::Identity(n_, k_);
    Matrix Q(n_, k_), diagonal(k_, 1);
    host_.normal("spectrum/q0", Q);
    host_.qr(Q, diagonal);
    return Q;
  }

  void set_marks() {
    const Index wanted = settings_.history || settings_.until == 0 ? settings_.history : 20;
    const Index points = std::min(wanted, measured_);
    for (Index i = 1; i <= points; ++i)
      result_.marks.push_back(static_cast<Index>(std::ceil(
          static_cast<double>(i) * static_cast<double>(measured_) / static_cast<double>(points))));
    result_.history.assign(result_.marks.size(), Matrix(k_, drive_.runs()));
  }

  /// Chunks end with the warm-up, whose inputs may not be contiguous with the measured ones, and
  /// where the stop rule looks.
  Index chunk_end(Index at, std::size_t mark) const {
    if (at < window_.warmup) return window_.warmup;
    if (settings_.until > 0) return window_.warmup + result_.marks[mark];
    return window_.warmup + measured_;
  }

  /// Runs the next chunk of the network.
  void advance(Index at, Index count) {
    const auto check = [&](const Forward::Group& group) { expect_finite_states(at, count, group); };
    if (!settings_.closed_loop) return forward_.run(count, drive_.inputs(at, count), check);
    forward_.run_closed(count, check);
    if (at < window_.warmup) return;
    for (Index t = 1; t <= count; ++t) {
      forward_.output(t, outputs_);
      if (window_.classes) soften(outputs_);
      result_.motion.closed.add(outputs_);
    }
  }

  void follow_all(Index at, Index count) {
    if (Propagator::pushes(n_, k_))
      return host_.parallel(forward_.groups(), [&](std::int64_t g, int worker) {
        follow_first(at, count, forward_.group(g), *propagators_[static_cast<std::size_t>(worker)]);
      });
    host_.parallel(drive_.runs(), [&](std::int64_t run, int worker) {
      follow(at, count, run, *propagators_[static_cast<std::size_t>(worker)]);
    });
  }

  /// Carries the tangent vectors of one run over a chunk.
  void follow(Index at, Index count, Index run, Propagator& propagator) {
    Frame& frame = frames_[static_cast<std::size_t>(run)];
    const Forward::Group& group = forward_.group_of(run);
    propagator.load(frame);
    for (Index t = 1; t <= count; ++t) {
      before(at + t, propagator, frame);
      naming(at + t, run,
             [&] { propagator.step(group.pass, t, run - group.first, spacing(at + t), frame); });
      after(at + t, run, propagator, frame);
    }
    propagator.store(frame);
  }

  /// Carries the only tangent vector of each run of a group over a chunk, side by side.
  void follow_first(Index at, Index count, const Forward::Group& group, Propagator& propagator) {
    Matrix vectors = Matrix::Zero(n_, group.count), products(n_, group.count);
    const auto each = [&](const auto& body) {
      for (Index r = 0; r < group.count; ++r) {
        Frame& frame = frames_[static_cast<std::size_t>(group.first + r)];
        propagator.load(frame);
        body(r, frame);
        propagator.store(frame);
      }
    };
    for (Index t = 1; t <= count; ++t) {
      each([&](Index, Frame& frame) { before(at + t, propagator, frame); });
      for (Index r = 0; r < group.count; ++r)
        vectors.col(r) = frames_[static_cast<std::size_t>(group.first + r)].Z.col(0);
      if (settings_.transposed)
        group.pass.pull({t, 0, group.count}, settings_.scope, vectors, products);
      else
        group.pass.push({t, 0, group.count}, settings_.scope, vectors, products);
      each([&](Index r, Frame& frame) {
        const Index run = group.first + r;
        naming(at + t, run, [&] { propagator.step(products.col(r), spacing(at + t), frame); });
        after(at + t, run, propagator, frame);
      });
    }
  }

  /// `step` since the beginning of the warm-up.
  Index spacing(Index step) const {
    if (step > window_.warmup) return settings_.every;
    return settings_.warmup_qr == WarmupQR::Every ? 1 : window_.warmup;
  }
  void before(Index step, Propagator& propagator, Frame& frame) const {
    if (host_.stopped())
      throw Stopped("the spectrum was interrupted at step " + std::to_string(step) +
                    "; none of it is kept");
    if (step - window_.warmup == 1) propagator.begin_measurement(frame);
  }
  void after(Index step, Index run, Propagator& propagator, const Frame& frame) {
    const Index measured = step - window_.warmup;
    const auto mark = std::lower_bound(result_.marks.begin(), result_.marks.end(), measured);
    if (mark == result_.marks.end() || *mark != measured) return;
    // What finish() works out in the end need not be worked out here.
    if (measured < measured_ || settings_.until > 0)
      result_.history[static_cast<std::size_t>(mark - result_.marks.begin())].col(run) =
          in_order(propagator.rough_growth(frame) / static_cast<double>(measured));
  }
  /// What is not finite is told with its place.
  template <class Body>
  void naming(Index step, Index run, Body&& body) const {
    try {
      body();
    } catch (const NotFinite& e) {
      throw NotFinite(std::string(e.what()) + place(step, run));
    }
  }

  void finish(Index steps) {
    // With `tail: drop` the steps after the last block are lost while T stays: that is its point.
    result_.steps = result_.converged ? steps : window_.steps;
    const auto divisor = static_cast<double>(result_.steps);
    result_.exponents.resize(k_, drive_.runs());
    host_.parallel(drive_.runs(), [&](std::int64_t run, int worker) {
      Propagator& propagator = *propagators_[static_cast<std::size_t>(worker)];
      Frame& frame = frames_[static_cast<std::size_t>(run)];
      propagator.load(frame);
      propagator.flush(frame);
      const Vector growth = propagator.total_growth(frame);
      result_.exponents.col(run) = in_order(growth / divisor);
      if (!result_.marks.empty() && result_.marks.back() == steps)
        result_.history.back().col(run) = in_order(growth / static_cast<double>(steps));
    });
    result_.log_determinant = frames_[0].determinant.value() / divisor;
  }

  Vector in_order(Vector exponents) const {
    if (settings_.sorted) std::sort(exponents.begin(), exponents.end(), std::greater<>());
    return exponents;
  }

  bool stop_here(const Matrix& exponents) const {
    return settings_.until > 0 && largest_standard_error(exponents) < settings_.until;
  }

  void expect_finite_states(Index at, Index count, const Forward::Group& group) const {
    Matrix states(states_, group.count);
    for (Index t = 1; t <= count; ++t) {
      group.pass.state(t, states);
      if (states.allFinite()) continue;
      Index r = 0;
      while (states.col(r).allFinite()) ++r;
      throw NotFinite("the state is not finite" + place(at + t, group.first + r));
    }
  }

  std::string place(Index step, Index run) const {
    std::string text = " at step " + std::to_string(step);
    if (window_.warmup > 0)
      text += " (of which " + std::to_string(window_.warmup) + " are warm-up)";
    text += " of sequence " + std::to_string(run / settings_.starts);
    if (settings_.starts > 1) text += ", start " + std::to_string(run % settings_.starts);
    return text + ": the network diverges; measure fewer steps or smaller weights";
  }

  const Settings& settings_;
  const Window window_;
  const Host& host_;
  Drive drive_;
  Index n_, k_, measured_, states_;
  Forward forward_;
  Matrix outputs_;
  std::vector<Frame> frames_;
  std::vector<std::unique_ptr<Propagator>> propagators_;
  Measurement result_;
};

}  // namespace lyap::spectrum
