// spectrum/forward.hpp - the network run over all sequences, some of them side by side.
#pragma once
#include <algorithm>
#include <lyap/lyap.hpp>
#include <string>
#include <utility>
#include <vector>

namespace lyap::spectrum {

/// Groups of runs that step forward side by side, in parallel. Which runs form a group depends on
/// their number alone, so that results do not depend on that of the workers.
class Forward {
 public:
  struct Group {
    Index first, count;  ///< runs
    Pass pass;
    Matrix inputs = {};

    bool has(Index run) const { return run >= first && run < first + count; }
  };

  /// `steps`: the longest chunk, 0 = from the memory budget. Each group has a random stream.
  Forward(const Model& model, Index runs, Index steps, bool closed_loop, const std::string& stream,
          const Host& host)
      : host_(host), runs_(runs) {
    const Index groups = (runs + side_by_side - 1) / side_by_side;
    // The budget is that of all groups together.
    if (steps == 0 && groups > 1) steps = model.begin(runs, 0, closed_loop, stream).capacity();
    for (Index g = 0; g < groups; ++g) {
      const Index first = runs * g / groups, count = runs * (g + 1) / groups - first;
      const std::string name = g == 0 ? stream : stream + "/" + std::to_string(g);
      groups_.push_back({first, count, model.begin(count, steps, closed_loop, name, first)});
    }
  }

  Index groups() const { return static_cast<Index>(groups_.size()); }
  const Group& group(Index g) const { return groups_[static_cast<std::size_t>(g)]; }
  const Group& group_of(Index run) const {
    Index g = run * groups() / runs_;  // rounding may miss by one
    if (!group(g).has(run)) g += run < group(g).first ? -1 : 1;
    return group(g);
  }
  /// Steps of the longest chunk.
  Index capacity() const {
    Index least = groups_.front().pass.capacity();
    for (const Group& g : groups_) least = std::min(least, g.pass.capacity());
    return least;
  }

  /// From `states`, state x runs; without columns from the cell's own start.
  void start(const Matrix& states) {
    for (Group& g : groups_)
      if (states.cols() > 0)
        g.pass.start(states.middleCols(g.first, g.count));
      else
        g.pass.start();
  }

  /// The next `count` steps; inputs: inputs x count*runs, column t*runs + r. `after` is called with
  /// each group that has taken them, on its worker.
  template <class After>
  void run(Index count, const Matrix& inputs, After&& after) {
    each([&](Group& g) {
      g.inputs.resize(inputs.rows(), count * g.count);
      for (Index t = 0; t < count; ++t)
        g.inputs.middleCols(t * g.count, g.count) = inputs.middleCols(t * runs_ + g.first, g.count);
      g.pass.run(g.inputs);
      after(std::as_const(g));
    });
  }
  /// The same on the network's own output.
  template <class After>
  void run_closed(Index count, After&& after) {
    each([&](Group& g) {
      g.pass.run_closed(count);
      after(std::as_const(g));
    });
  }

  /// The readout of all runs after step t, outputs x runs.
  void output(Index t, Out out) const {
    for (const Group& g : groups_) g.pass.output(t, out.middleCols(g.first, g.count));
  }

 private:
  static constexpr Index side_by_side = 8;  // at most; more columns make products little faster

  template <class Body>
  void each(Body&& body) {
    host_.parallel(groups(),
                   [&](std::int64_t g, int) { body(groups_[static_cast<std::size_t>(g)]); });
  }

  const Host& host_;
  Index runs_;
  std::vector<Group> groups_;
};

}  // namespace lyap::spectrum
