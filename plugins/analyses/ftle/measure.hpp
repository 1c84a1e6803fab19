// ftle/measure.hpp - the loop: the network runs a chunk forward, then every run's tangent vectors
// follow it, in parallel, and every step is given away.
#pragma once
#include <algorithm>
#include <cmath>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

#include "driven_steps.hpp"
#include "ftle/pieces.hpp"
#include "ftle/rank_slope.hpp"
#include "ftle/settings.hpp"
#include "tangent_frame.hpp"

namespace lyap::ftle {

/// What is left of a run when its steps have been given away.
struct Measurement {
  Matrix last;    ///< k x runs: exponents at the last step, nats per step
  Matrix slopes;  ///< k x runs: of the sorted R values over their rank
};

/// lambda_k(t) = 1/t sum_{u<=t} ln R_u(k,k), Q_u R_u = J_u Q_{u-1}.
class Measuring {
 public:
  /// starts: state x runs, or without columns for the cell's own start.
  Measuring(Context& context, const Settings& settings, const analyses::DrivenSteps& driven,
            Matrix starts, const Host& host)
      : context_(context),
        settings_(settings),
        driven_(driven),
        host_(host),
        model_(context.model()),
        data_(context.data()),
        which_(analyses::spread(driven.sequences, data_.count(driven.split))),
        starts_(std::move(starts)),
        sizes_{model_.state(settings.frames.scope),
               settings.tracked(model_.state(settings.frames.scope)), model_.state()},
        first_(settings.frames.first(sizes_.n, sizes_.k, host, "ftle/q0")) {
    const Index runs = driven_.sequences * settings.runs.starts;
    result_.last.resize(sizes_.k, runs);
    result_.slopes.resize(sizes_.k, runs);
  }

  Measurement run() {
    announce();
    const Index together = sequences_at_once();
    for (Index first = 0; first < driven_.sequences; first += together)
      measure(first, std::min(together, driven_.sequences - first));
    return std::move(result_);
  }

 private:
  /// Runs that go through the steps side by side.
  struct Group {
    Index first;  ///< its first run
    analyses::Drive drive;
    Pass pass;
    std::vector<analyses::TangentFrame::State> frames;  ///< one a run, while nobody carries it on
    std::vector<Matrix> r;  ///< k x steps a run: their slope needs all of them
    Matrix sums;            ///< k x runs: ln r, nats
    std::vector<Pieces> pieces;

    Index runs() const { return drive.runs(); }
  };

  void announce() {
    const Index runs = driven_.sequences * settings_.runs.starts, steps = driven_.steps;
    const auto [n, k, state] = sizes_;
    context_.announce("exponent", {runs, steps, k});
    context_.announce("r", {runs, steps, k});
    if (settings_.keep.r_matrix) context_.announce("r_matrix", {runs, steps, k, k});
    if (settings_.keep.q) context_.announce("q", {runs, steps, n, k});
    if (settings_.keep.jacobian) context_.announce("jacobian", {runs, steps, n, n});
    if (settings_.keep.states) context_.announce("states", {runs, steps, state});
  }

  double budget() const { return static_cast<double>(context_.memory_budget()); }

  /// As many as a quarter of the memory holds Q and r of.
  Index sequences_at_once() const {
    const Index numbers = settings_.runs.starts * sizes_.k * (driven_.steps + sizes_.n);
    const double fit = budget() / 4 / (static_cast<double>(numbers) * sizeof(double));
    return std::clamp<Index>(static_cast<Index>(std::min(fit, 1e6)), 1, driven_.sequences);
  }

  Group group_of(Index sequence, Index count) const {
    const Index starts = settings_.runs.starts, runs = count * starts;
    const auto first = which_.begin() + sequence;
    // Another stream for every further group, or all groups would see the same noise.
    const std::string stream =
        "ftle/noise" + (sequence ? "/" + std::to_string(sequence) : std::string());
    Group group{
        sequence * starts,
        {data_, driven_.split, {first, first + count}, starts},
        model_.begin(
            runs,
            analyses::longest_chunk(driven_.total(), runs, sizes_.state, context_.memory_budget()),
            false, stream),
        std::vector<analyses::TangentFrame::State>(static_cast<std::size_t>(runs), {first_}),
        std::vector<Matrix>(static_cast<std::size_t>(runs)),
        Matrix::Zero(sizes_.k, runs),
        {}};
    for (Matrix& r : group.r) r.resize(sizes_.k, driven_.steps);
    for (int i = 0; i < host_.workers(); ++i)
      group.pieces.emplace_back(settings_.keep, sizes_, steps_in_piece(group.pass.capacity()));
    return group;
  }

  Index steps_in_piece(Index chunk) const {
    const double bytes = settings_.keep.bytes(sizes_) + static_cast<double>(2 * sizes_.k * 8);
    const double fit = budget() / 4 / host_.workers() / bytes;
    return std::clamp<Index>(static_cast<Index>(std::min(fit, 1e6)), 1,
                             std::min(chunk, driven_.total()));
  }

  void measure(Index sequence, Index sequences) {
    Group group = group_of(sequence, sequences);
    if (starts_.cols() > 0)
      group.pass.start(starts_.middleCols(group.first, group.runs()));
    else
      group.pass.start();
    for (Index at = 0, count = 0; at < driven_.total(); at += count) {
      count = std::min(driven_.total() - at, group.pass.capacity());
      group.pass.run(group.drive.inputs(at, count));
      if (settings_.keep.states) give_states(group, at, count);
      host_.parallel(group.runs(), [&](std::int64_t run, int worker) {
        follow(group, at, count, run, group.pieces[static_cast<std::size_t>(worker)]);
      });
      host_.progress("ftle", sequence * driven_.total() + (at + count) * sequences,
                     driven_.sequences * driven_.total());
    }
    host_.parallel(group.runs(), [&](std::int64_t run, int) { finish(group, run); });
  }

  /// States after the measured steps of a chunk, of all runs at once.
  void give_states(const Group& group, Index at, Index count) {
    const Index skipped = std::clamp<Index>(driven_.warmup - at, 0, count);
    const Index given = count - skipped;
    if (given == 0) return;
    Matrix states(sizes_.state, group.runs()), by_run(sizes_.state, group.runs() * given);
    for (Index t = 0; t < given; ++t) {
      group.pass.state(skipped + t + 1, states);
      for (Index run = 0; run < group.runs(); ++run) by_run.col(run * given + t) = states.col(run);
    }
    context_.piece("states", {group.first, at + skipped - driven_.warmup, 0},
                   {group.runs(), given, sizes_.state},
                   {by_run.data(), static_cast<std::size_t>(by_run.size())});
  }

  /// Carries the tangent vectors of one run over a chunk.
  void follow(Group& group, Index at, Index count, Index run, Pieces& pieces) {
    const auto r = static_cast<std::size_t>(run);
    const analyses::Wanted wanted = settings_.keep.jacobian     ? analyses::Wanted::FrameAndJ
                                    : settings_.keep.needs_QR() ? analyses::Wanted::Frame
                                                                : analyses::Wanted::Lengths;
    analyses::TangentFrame frame(host_, settings_.frames.scope, settings_.frames.orientation,
                                 std::move(group.frames[r]), wanted);
    auto sum = group.sums.col(run);
    for (Index t = 1; t <= count; ++t) {
      if (host_.stopped())
        throw Stopped("the finite-time exponents were interrupted at step " +
                      std::to_string(at + t) + "; none of them are kept");
      take(frame, group, at, t, run);
      const Index measured = at + t - driven_.warmup;
      if (measured < 1) continue;
      group.r[r].col(measured - 1) = frame.diagonal();
      // ln 0 = -infinity stays: the direction is dead.
      sum.array() += frame.diagonal().array().log();
      pieces.add(frame, sum / static_cast<double>(measured));
      if (pieces.full()) pieces.give(context_, group.first + run, measured);
    }
    pieces.give(context_, group.first + run, at + count - driven_.warmup);
    group.frames[r] = frame.state();
  }

  void take(analyses::TangentFrame& frame, const Group& group, Index at, Index t, Index run) const {
    try {
      frame.step(group.pass, t, run);
    } catch (const NotFinite&) {
      std::string text = "the tangent vectors are not finite after step " + std::to_string(at + t);
      if (driven_.warmup > 0)
        text += " (of which " + std::to_string(driven_.warmup) + " are warm-up)";
      const Index starts = settings_.runs.starts;
      text += " of sequence " + std::to_string((group.first + run) / starts);
      if (starts > 1) text += ", start " + std::to_string((group.first + run) % starts);
      throw NotFinite(text + ": the network diverges; measure fewer steps or smaller weights");
    }
  }

  void finish(const Group& group, Index run) {
    const Matrix& r = group.r[static_cast<std::size_t>(run)];
    std::vector<double> values(static_cast<std::size_t>(r.cols()));
    for (Index i = 0; i < sizes_.k; ++i) {
      for (Index t = 0; t < r.cols(); ++t) values[static_cast<std::size_t>(t)] = r(i, t);
      result_.slopes(i, group.first + run) = rank_slope(values);
    }
    result_.last.col(group.first + run) = group.sums.col(run) / static_cast<double>(driven_.steps);
  }

  Context& context_;
  const Settings& settings_;
  const analyses::DrivenSteps driven_;
  const Host& host_;
  const Model model_;
  const Data data_;
  const std::vector<std::int64_t> which_;
  const Matrix starts_;
  const Sizes sizes_;
  const Matrix first_;
  Measurement result_;
};

}  // namespace lyap::ftle
