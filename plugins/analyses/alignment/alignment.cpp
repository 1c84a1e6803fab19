// alignment/alignment.cpp - do Lyapunov vectors line up with the singular vectors of the gradient?
#include <lyap/lyap.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "groups.hpp"
#include "measure.hpp"
#include "notes.hpp"
#include "recurrent_weight.hpp"
#include "settings.hpp"
#include "table.hpp"
#include "tally.hpp"

namespace lyap::alignment {

class Alignment final : public Analysis {
 public:
  static constexpr About about{
      "alignment", "1.0.0",
      "Alignment of Q vectors with the leading singular vectors of the gradient by the recurrent "
      "matrix",
      "Linking finite-time Lyapunov exponents to RNN gradient subspaces and input sensitivity, "
      "Figs. 1 and 2; Q: Benettin et al. 1980"};
  static void options(Options& o) { Settings::declare(o); }
  static void ports(Ports& p);

  explicit Alignment(const Values& v) : settings_(v) {}
  void run(Context& context, const Host& host) override;
  Estimate estimate(const lyap_model_shape* model, const lyap_task_shape* task) const override;

 private:
  void give_figures(Context& context, const Tally& tally, const Groups& members) const;
  void give_curves(Context& context, const Tally& tally) const;
  void give_notes(Context& context, const Model& model, const Recurrent& recurrent,
                  const Tally& tally, const Groups& members) const;
  Settings settings_;
};

void Alignment::ports(Ports& p) {
  p.model("model");
  p.data("data");
  p.result("headline", "deviation[group]",
           "std of A = q^T e with the first singular vectors, of the groups first, last and random "
           "of Q, in the combination that the options name");
  p.result("deviation", "deviation[combination, group]",
           "the same of all eight: 4*orientation + 2*side + gradient of forward/transposed, "
           "left/right, per_step/final");
  p.result("gate_deviation", "deviation[gate, combination, group]",
           "the same of each row block of the recurrent matrix");
  p.result("spread", "deviation[combination, end, time, index]",
           "std of A over sequences, starts, gates and singular vectors, the first or the last "
           "ones, for each vector of Q and step");
  p.result("histogram", "count[combination, group, singular, bin]",
           "values of A with each of the first singular vectors");
  p.result("bin_edge", "alignment[edge]", "where the bins of the histogram begin and end");
  p.result("singular_value", "value[time, value]",
           "mean of the first singular values of the per_step gradient");
  p.result("null_share", "share[end, time]",
           "of the first and of the last singular vectors of the per_step gradient: those in its "
           "null space");
}

/// BadOption when the statistics of all workers do not fit.
void require_memory(const Extents& extents, int workers, std::int64_t budget) {
  const double needed = extents.size() * sizeof(double) * (workers + 1);
  const auto mib = [](double bytes) { return std::to_string(std::llround(bytes / (1 << 20))); };
  if (needed > static_cast<double>(budget))
    throw BadOption("the statistics of " + std::to_string(extents.steps) + " steps x " +
                    std::to_string(extents.directions) + " directions need " + mib(needed) +
                    " MiB with " + std::to_string(workers) + " workers, more than the " +
                    mib(static_cast<double>(budget)) +
                    " MiB of the memory budget; raise --memory or take fewer --workers");
}

void Alignment::run(Context& context, const Host& host) {
  const Model model = context.model();
  const Data data = context.data();
  require_sequences(settings_, data.shape());
  const Recurrent recurrent = recurrent_of(model.shape(), settings_.layer, settings_.weight);
  require_memory(extents_of(settings_, recurrent, model.state(settings_.scope), data.shape().steps),
                 host.workers(), context.memory_budget());
  const Groups members = groups_of(model.state(settings_.scope), settings_.group, host);
  const Tally tally = Measuring(model, data, settings_, recurrent, members, host).run();
  give_figures(context, tally, members);
  give_curves(context, tally);
  give_notes(context, model, recurrent, tally, members);
}

void Alignment::give_figures(Context& context, const Tally& tally, const Groups& members) const {
  std::array<Triple, combinations> triples;
  std::vector<double> all, each;
  double mean = 0;
  for (Index c = 0; c < combinations; ++c)
    for (Index g = 0; g < groups; ++g) {
      const Moments moments = tally.group(c, g);
      all.push_back(moments.deviation());
      triples[static_cast<std::size_t>(c)][static_cast<std::size_t>(g)] = all.back();
      if (moments.count > 0) mean = std::max(mean, std::abs(moments.mean()));
    }
  const Index gates = tally.extents().gates;
  for (Index gate = 0; gate < gates; ++gate)
    for (Index c = 0; c < combinations; ++c)
      for (Index g = 0; g < groups; ++g) each.push_back(tally.group(c, g, gate).deviation());
  context.result("headline", {groups}, triples[static_cast<std::size_t>(settings_.headline)]);
  context.result("deviation", {combinations, groups}, all);
  context.result("gate_deviation", {gates, combinations, groups}, each);

  std::array<std::size_t, groups> sizes;
  for (std::size_t g = 0; g < groups; ++g) {
    sizes[g] = members[g].size();
    context.note("deviation", std::string("group_") + group_names[g], text_of(members[g]));
  }
  context.note("deviation", "largest_mean", number(mean));
  context.note("deviation", "table",
               table_of(triples, sizes, baseline(tally.extents().directions), settings_.published));
  if (!settings_.published.empty())
    context.note("deviation", "closest", label(closest(triples, settings_.published)));
}

void Alignment::give_curves(Context& context, const Tally& tally) const {
  const Extents& e = tally.extents();
  std::vector<double> spread;
  for (Index c = 0; c < combinations; ++c)
    for (int end = 0; end < 2; ++end)
      for (Index t = 1; t <= e.steps; ++t)
        for (Index i = 0; i < e.directions; ++i)
          spread.push_back(tally.spread(c, end, t, i).deviation());
  context.result("spread", {combinations, 2, e.steps, e.directions}, spread);
  context.result("histogram", {combinations, groups, e.singular, e.bins}, tally.histogram());
  const Vector edges = Vector::LinSpaced(e.bins + 1, -1, 1);
  context.result("bin_edge", {e.bins + 1}, {edges.data(), static_cast<std::size_t>(e.bins + 1)});
  const Matrix values = tally.mean_values(), null = tally.null_share();
  const auto matrix = [&](const char* port, const Matrix& m) {
    context.result(port, {m.cols(), m.rows()}, {m.data(), static_cast<std::size_t>(m.size())});
  };
  matrix("singular_value", values);
  matrix("null_share", null);
}

void Alignment::give_notes(Context& context, const Model& model, const Recurrent& recurrent,
                           const Tally& tally, const Groups& members) const {
  const lyap_task_shape& task = context.data().shape();
  const Extents& e = tally.extents();
  for (const auto& [key, value] : notes_of(settings_, recurrent, e, model, task))
    context.note("", key, value);
  context.note("", "groups", "first, last, random");
  context.note("", "ends", "first singular vectors, last singular vectors");
  if (static_cast<Index>(members[0].size()) < settings_.group)
    context.note("", "group_clipped",
                 std::to_string(settings_.group) + " were asked for of " +
                     std::to_string(e.directions) + " directions");
  const Matrix null = tally.null_share();
  context.note("null_share", "mean",
               number(null.col(0).mean()) + " of the first, " + number(null.col(1).mean()) +
                   " of the last singular vectors");
}

Estimate Alignment::estimate(const lyap_model_shape* model, const lyap_task_shape* task) const {
  if (task) require_sequences(settings_, *task);
  Estimate e;
  e.text = std::to_string(settings_.runs()) + " runs";
  if (!model || !task) return e;
  const Recurrent r = recurrent_of(*model, settings_.layer, settings_.weight);
  const Index directions = settings_.scope == Scope::Full ? model->state : model->hidden;
  const Extents extents = extents_of(settings_, r, directions, task->steps);
  const auto n = static_cast<double>(r.units), S = static_cast<double>(directions);
  const auto steps = static_cast<double>(task->steps), gates = static_cast<double>(r.gates);
  const auto runs = static_cast<double>(settings_.runs());
  // A divide-and-conquer SVD with vectors; J Q and a QR with its Q, twice; back-propagation from
  // every step through all the steps.
  const double svd = 22 * n * n * n, frames = 2 * (2 + 8.0 / 3) * S * S * S;
  const double backward = 6 * steps * gates * n * n;
  e.flops = runs * steps * (gates * svd + frames + backward);
  e.bytes = sizeof(double) * (3 * extents.size() + 12 * (n * n + S * S));
  e.text += " of " + std::to_string(task->steps) + " steps, an SVD of " + std::to_string(r.gates) +
            " x " + std::to_string(r.units) + " x " + std::to_string(r.units) + " and two QR of " +
            std::to_string(directions) + " x " + std::to_string(directions) +
            " at each; gradient by " + r.name;
  return e;
}

}  // namespace lyap::alignment

LYAP_PLUGINS(lyap::alignment::Alignment)
