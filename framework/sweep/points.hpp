// framework/sweep/points.hpp - every point of a sweep with its stable id and its plan.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/plan.hpp"
#include "pipeline/sweep.hpp"

namespace lyap::framework {

struct PlannedPoint {
  std::string id;  ///< 12 hexadecimal digits: SHA-256 of the resolved configuration
  std::uint64_t seed = 1;
  Point point;
};

/// A pipeline as many networks; one without `sweep` is a sweep of one.
class PlannedSweep {
 public:
  /// Reads the variables. MistakesError: what is wrong with them; what is wrong with the rest is
  /// kept, to be told by resolve_points() with all that is found then.
  PlannedSweep(Node tree, std::filesystem::path file, Mistakes mistakes = {});

  /// What the first point asks for: name, plugin folders, record, study, report.
  const Pipeline& asked() const { return asked_; }
  const Node& tree() const { return tree_; }
  const std::filesystem::path& file() const { return file_; }

  /// Resolves all points, which then have their ids. MistakesError: what is wrong at every point,
  /// or at the one that is named; two points that are the same network.
  void resolve_points(const Catalog& catalog);
  /// The ids of earlier resolve_points() of the same tree, as the folder of the sweep keeps them.
  void take_points(std::vector<PlannedPoint> points);

  const std::vector<PlannedPoint>& points() const { return points_; }
  std::vector<std::int64_t> order() const { return sweep_.order(); }
  std::int64_t size() const { return sweep_.size(); }
  /// The seed of the file, which the studies have.
  std::uint64_t seed() const;
  /// What is done with one network.
  Plan plan(std::int64_t index, const Catalog& catalog) const;
  /// The pipeline of one network, as a file that `lyap run` takes.
  std::string pipeline_text(std::int64_t index) const;

 private:
  Pipeline pipeline(std::int64_t index, Mistakes& mistakes) const;
  Node tree_of(std::int64_t index, Mistakes& mistakes) const;

  Node tree_;
  std::filesystem::path file_;
  Sweep sweep_;
  Pipeline asked_;
  Mistakes mistakes_;  // of the first point and the variables nobody uses
  std::vector<PlannedPoint> points_;
};

}  // namespace lyap::framework
