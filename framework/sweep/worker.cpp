// framework/sweep/worker.cpp - carries out points of a sweep, one after the other.
#include "sweep/worker.hpp"

#include <fmt/format.h>

#include <new>
#include <nlohmann/json.hpp>

#include "base/flush_later.hpp"
#include "data/safetensors.hpp"
#include "run/run.hpp"
#include "sweep/publisher.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

using What = PointReport::What;

/// Weights beyond those that are to be kept.
void prune(const RunDirectory& directory, Keep keep) {
  std::error_code ignored;
  fs::remove(directory.latest(), ignored);
  if (keep == Keep::Checkpoints) return;
  std::vector<fs::path> unwanted;
  for (const auto& entry : fs::directory_iterator(directory.file("checkpoints"), ignored))
    if (keep == Keep::Row || entry.path() != directory.final()) unwanted.push_back(entry.path());
  for (const fs::path& path : unwanted) fs::remove(path, ignored);
}

class PointRun {
 public:
  PointRun(const Assignment& assignment, const Surroundings& surroundings, std::int64_t index)
      : assignment_(assignment),
        index_(index),
        id_(assignment.sweep.points()[static_cast<std::size_t>(index)].id),
        directory_(RunDirectory::at(assignment.directory.work(id_))),
        surroundings_(surroundings) {
    surroundings_.log = [this](int level, const std::string& sentence) {
      directory_.append("log.txt", (level >= LYAP_WARNING ? "warning: " : "") + sentence);
    };
  }

  /// A point that was begun before goes on after its last complete epoch. Its files are complete,
  /// but not yet on the disk.
  PointReport carry_out() {
    const FlushLater until_published;
    directory_.remove_leftovers();
    remove_torn_checkpoint();
    const Plan plan = assignment_.sweep.plan(index_, assignment_.catalog);
    surroundings_.seed = plan.asked.seed;
    directory_.write("pipeline.yaml", assignment_.sweep.pipeline_text(index_));
    directory_.write("resolved.json", resolved(plan).dump(2) + "\n");
    const Provenance provenance(directory_, plan, assignment_.command);
    const Trial trial(plan, surroundings_);
    const RunOutcome outcome = run_trial(trial, directory_, true);
    if (outcome.end == TrainingEnd::Interrupted)
      return {What::Left, index_, outcome.training.sentence};
    const bool diverged = outcome.end == TrainingEnd::Diverged;
    provenance.finish(diverged ? "diverged" : "done", diverged ? 1 : 0, outcome.training.sentence);
    prune(directory_, assignment_.keep);
    return {diverged ? What::Diverged : What::Done, index_, outcome.training.sentence};
  }

 private:
  /// A power cut may have left the name of one that had not reached the disk.
  void remove_torn_checkpoint() const {
    const fs::path latest = directory_.latest();
    if (!fs::exists(latest)) return;
    try {
      read_safetensors(latest);
    } catch (const InputError&) {
      fs::remove(latest);
    }
  }

  const Assignment& assignment_;
  std::int64_t index_;
  const std::string& id_;
  RunDirectory directory_;
  Surroundings surroundings_;
};

PointReport carry_out(const Assignment& assignment, const Surroundings& surroundings,
                      std::int64_t index) {
  std::string why;
  try {
    return PointRun(assignment, surroundings, index).carry_out();
  } catch (const Interrupted& e) {
    return {What::Left, index, e.what()};
  } catch (const std::bad_alloc&) {
    why = "out of memory; lower --jobs, --memory or the batch";
  } catch (const std::exception& e) {
    why = e.what();
  }
  assignment.directory.fail(assignment.sweep.points()[static_cast<std::size_t>(index)].id, why);
  return {What::Failed, index, why};
}

}  // namespace

void carry_out_points(const Assignment& assignment, const Surroundings& surroundings,
                      const std::function<bool()>& enough,
                      const std::function<void(const PointReport&)>& tell) {
  Claims claims(assignment.directory.claims());
  Publisher publisher(assignment.directory, claims, tell);
  const auto& points = assignment.sweep.points();
  const auto is_open = [&](const std::string& id) {
    return !fs::exists(assignment.directory.point(id)) &&
           !fs::exists(assignment.directory.failure(id));
  };
  for (const std::int64_t index : assignment.order) {
    const bool late = assignment.until && std::chrono::steady_clock::now() >= *assignment.until;
    if (late || enough() || surroundings.stopped()) return;
    const std::string& id = points[static_cast<std::size_t>(index)].id;
    if (!is_open(id) || !claims.take(id)) continue;
    // Between the look and the lock somebody may have finished it.
    if (!is_open(id)) {
      claims.release(id);
      continue;
    }
    tell({What::Begun, index, ""});
    PointReport report = carry_out(assignment, surroundings, index);
    if (report.what == What::Done || report.what == What::Diverged) {
      publisher.add(id, std::move(report));
    } else {
      tell(report);
      claims.release(id);
    }
  }
}

}  // namespace lyap::framework
