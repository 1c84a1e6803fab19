// framework/sweep/sweep_directory.hpp - the folder of a sweep: what was asked, and every point's
// state.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "run/provenance.hpp"
#include "sweep/claims.hpp"
#include "sweep/points.hpp"

namespace lyap::framework {

enum class PointState { Pending, Running, Done, Failed };

/// runs/aelle-force-desk/ with pipeline.yaml, sweep.json (how it was asked for), points.jsonl (id,
/// seed and variables of every point), claims (locks), work/ID (points begun), points/ID (complete:
/// each the folder of a run), failed/ID (with the reason in run.json), and, once merged, trials.h5,
/// trials.csv, study.h5 and study.txt. A point appears under points/ in one step, complete.
class SweepDirectory {
 public:
  /// The folder of this sweep, made when it is not there. InputError: it holds a sweep of other
  /// settings, which are shown, or of another version of the plugins (but `extend`: the points that
  /// stay the same are kept).
  static SweepDirectory make(const std::filesystem::path& folder, const PlannedSweep& sweep,
                             const RunCommand& command, bool extend);
  /// InputError: not the folder of a sweep.
  static SweepDirectory open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(const std::string& name) const { return path_ / name; }
  std::filesystem::path work(const std::string& id) const { return path_ / "work" / id; }
  std::filesystem::path point(const std::string& id) const { return path_ / "points" / id; }
  std::filesystem::path failure(const std::string& id) const { return path_ / "failed" / id; }
  std::filesystem::path claims() const { return path_ / "claims"; }

  /// How the sweep was asked for.
  RunCommand command() const;
  /// What stands in points.jsonl.
  std::vector<PlannedPoint> points() const;

  PointState state(const std::string& id, const Claims& claims) const;
  /// "spectrum: ..." of a failed point.
  std::string reason(const std::string& id) const;
  /// Publishes complete points: the first one of an id wins, a second is dropped.
  void publish(const std::vector<std::string>& ids) const;
  /// Moves a point to the failed ones; its run.json says why.
  void fail(const std::string& id, const std::string& reason) const;
  /// Lets a failed point be tried again.
  void forgive(const std::string& id) const;

 private:
  explicit SweepDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  /// InputError: points planned here are not among those of this sweep of the same settings.
  void expect_points_of(const PlannedSweep& sweep) const;
  void write_plan(const PlannedSweep& sweep, const RunCommand& command) const;
  std::filesystem::path path_;
};

/// While there is one, its process alone writes the sweep's own files: plan, table, studies. What a
/// process that was killed left half-written of them is removed.
class WritingFiles {
 public:
  /// Waits until nobody else does.
  explicit WritingFiles(const SweepDirectory& directory);

 private:
  Claims claims_;
};

}  // namespace lyap::framework
