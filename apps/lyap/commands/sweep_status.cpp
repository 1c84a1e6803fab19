// apps/lyap/commands/sweep_status.cpp - `lyap sweep status`, `merge` and `retry`: what there is of
// a sweep.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "carry_out_sweep.hpp"
#include "shell_word.hpp"
#include "sweep/merge.hpp"
#include "sweep_commands.hpp"
#include "what_to_open.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;
namespace {

/// FILE (with its presets) or DIR; only the folder is looked at.
SweepDirectory folder_of(const Arguments& arguments, const Common& common, const Words& words) {
  const std::string target =
      arguments.required("pipeline", "the folder of a sweep, or its pipeline file");
  if (fs::is_directory(target)) return SweepDirectory::open(target);
  return SweepDirectory::open(open_sweep(arguments, words, common).folder);
}

std::string state_name(PointState state) {
  switch (state) {
    case PointState::Done:
      return "done";
    case PointState::Running:
      return "running";
    case PointState::Failed:
      return "failed";
    case PointState::Pending:
      break;
  }
  return "to be done";
}

void print_json(const SweepDirectory& directory, const std::vector<PlannedPoint>& points) {
  const Claims claims(directory.claims());
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const PlannedPoint& point : points) {
    const PointState state = directory.state(point.id, claims);
    nlohmann::ordered_json line{{"id", point.id}, {"state", state_name(state)}};
    for (const auto& [name, value] : point.point.values) line["variables"][name] = value;
    if (state == PointState::Failed) line["reason"] = directory.reason(point.id);
    json.push_back(std::move(line));
  }
  std::cout << json.dump(2) << '\n';
}

}  // namespace

int sweep_status(const Words& words, Common common) {
  Arguments arguments(
      "sweep status DIR|FILE.yaml [options]",
      "Tells how far a sweep has come: points that are complete, that somebody works on at this\n"
      "moment (proved by the lock, not by a word on the disk), that failed and why, and that are\n"
      "left. With --json: every point with its variables.");
  add_sweep_options(arguments);
  arguments.example("lyap sweep status runs/aelle-force-desk");
  if (!arguments.read(words, common)) return 0;
  const SweepDirectory directory = folder_of(arguments, common, words);
  const std::vector<PlannedPoint> points = directory.points();
  if (common.json) {
    print_json(directory, points);
    return 0;
  }
  const SweepCounts counts = counts_of(directory, points);
  std::cout << fmt::format(
      "{} networks: {} done, {} diverged, {} failed, {} running, {} to be done\n", counts.total(),
      counts.done, counts.diverged, counts.failed, counts.running, counts.pending);
  for (const PlannedPoint& point : points)
    if (fs::exists(directory.failure(point.id)))
      std::cout << fmt::format("failed {} ({}): {}\n", point.id, point.point.text(),
                               directory.reason(point.id));
  return 0;
}

int sweep_merge(const Words& words, Common common) {
  Arguments arguments(
      "sweep merge DIR|FILE.yaml [options]",
      "Makes the table of the networks that are complete (trials.h5, trials.csv) and runs the\n"
      "studies on it (study.h5, study.txt, report.html). A sweep that ends does this by itself;\n"
      "here it is done after shards, or again after the `study` of the pipeline has changed.");
  add_sweep_options(arguments);
  arguments.add()  //
      ("arrays",
       "trials.csv has every element of every column, not only single numbers")  //
      ("no-report", "write no report.html");
  arguments.example("lyap sweep merge runs/aelle-force-desk --arrays");
  arguments.example("lyap sweep merge my.yaml --preset desk");
  if (!arguments.read(words, common)) return 0;
  OpenSweep open = open_sweep(arguments, words, common);
  SweepDirectory::open(open.folder);  // there is one
  const SweepDirectory directory =
      SweepDirectory::make(open.folder, *open.sweep, open.command, false);
  try {
    const int code =
        merge_sweep(open, directory, arguments.has("arrays"), !arguments.has("no-report"));
    std::cout << "results: " << directory.path().string() << '\n';
    tell_what_to_open(directory.path(), open.program->terminal);
    return code;
  } catch (const Interrupted& e) {
    throw resumable(e, "merge", open.folder);
  }
}

Interrupted resumable(const Interrupted& what, const char* part, const fs::path& folder) {
  return Interrupted(fmt::format("{}; complete networks are; go on with: lyap sweep {} {}",
                                 what.what(), part, in_shell(folder.string())));
}

int sweep_retry(const Words& words, Common common) {
  Arguments arguments(
      "sweep retry DIR|FILE.yaml [options]",
      "Forgets that points have failed, so that the next `lyap sweep run` tries them again.");
  add_sweep_options(arguments);
  arguments.add()("point", po::value<Words>()->composing()->value_name("ID"),
                  "only this one (repeatable)");
  arguments.example("lyap sweep retry runs/aelle-force-desk");
  if (!arguments.read(words, common)) return 0;
  const SweepDirectory directory = folder_of(arguments, common, words);
  const Words only = arguments.texts("point");
  const std::vector<PlannedPoint> points = directory.points();
  for (const std::string& id : only)
    if (std::ranges::none_of(points, [&](const PlannedPoint& point) { return point.id == id; }))
      throw InputError(
          fmt::format("{}: there is no point '{}'; lyap sweep status names those that "
                      "have failed",
                      directory.path().string(), id));
  std::int64_t forgiven = 0;
  for (const PlannedPoint& point : points) {
    const bool asked = only.empty() || std::count(only.begin(), only.end(), point.id);
    if (!asked || !fs::exists(directory.failure(point.id))) continue;
    directory.forgive(point.id);
    ++forgiven;
  }
  if (forgiven == 0)
    std::cout << (only.empty() ? "no point has failed\n" : "none of these points has failed\n");
  else
    std::cout << fmt::format("{} to be tried again; go on with: lyap sweep run {}\n", forgiven,
                             in_shell(directory.path().string()));
  return 0;
}

}  // namespace lyap::app
