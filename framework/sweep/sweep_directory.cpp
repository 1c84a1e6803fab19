// framework/sweep/sweep_directory.cpp - the folder of a sweep.
#include "sweep/sweep_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/file.hpp"
#include "base/flush_later.hpp"
#include "sweep/configuration.hpp"

namespace lyap::framework {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// What `act` makes of a file of ours.
template <class Act>
auto read_json(const fs::path& path, const Act& act) try {
  return act(Json::parse(read_file(path)));
} catch (const Json::exception&) {
  throw InputError(path.string() +
                   ": not a file that lyap wrote; start the sweep anew with another --out");
}

std::string line_of(const PlannedPoint& point) {
  Json variables = Json::object();
  for (const auto& [name, value] : point.point.values) variables[name] = value;
  return Json{{"index", point.point.index},
              {"id", point.id},
              {"seed", point.seed},
              {"variables", variables}}
             .dump() +
         "\n";
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw InputError(fmt::format("{}: cannot be made ({}); choose another place with --out",
                                 folder.string(), error.message()));
}

/// The claims are the first that a folder of ours has.
void require_ours_or_empty(const fs::path& folder) {
  if (!fs::exists(folder) || fs::is_empty(folder)) return;
  if (fs::exists(folder / "claims") || fs::exists(folder / "sweep.json")) return;
  throw InputError(folder.string() +
                   ": is not empty and not the folder of a sweep; give another with --out");
}

/// Moves a folder to a name that is not taken. False: it is taken.
bool move_folder(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  // Some shared file systems do not know RENAME_NOREPLACE; a folder that is not empty is never
  // replaced by rename either.
  if (errno == EINVAL && ::rename(from.c_str(), to.c_str()) == 0) return true;
  if (errno == EEXIST || errno == ENOTEMPTY) return false;
  throw Error(fmt::format("{}: cannot be moved to {} ({})", from.string(), to.string(),
                          std::strerror(errno)));
}

}  // namespace

SweepDirectory SweepDirectory::make(const fs::path& folder, const PlannedSweep& sweep,
                                    const RunCommand& command, bool extend) {
  SweepDirectory directory(folder);
  const auto here = configuration_of(sweep.tree());
  require_ours_or_empty(folder);
  make_folder(folder);
  // Ranks and shards that begin at the same moment all come by here.
  const WritingFiles alone(directory);
  if (fs::exists(directory.file("sweep.json"))) {
    const auto there = read_json(directory.file("sweep.json"), [](const Json& json) {
      return json.at("configuration").get<std::map<std::string, std::string>>();
    });
    if (there != here && !extend)
      throw InputError(fmt::format(
          "{}: this folder holds a sweep of other settings:{}\ngive another folder with --out, or "
          "--extend to keep the points that stay the same",
          folder.string(), differences(there, here)));
    if (!extend) directory.expect_points_of(sweep);
  }
  for (const char* name : {"points", "work", "failed"}) make_folder(folder / name);
  directory.write_plan(sweep, command);
  return directory;
}

void SweepDirectory::expect_points_of(const PlannedSweep& sweep) const {
  std::set<std::string> planned;
  for (const PlannedPoint& point : sweep.points()) planned.insert(point.id);
  const std::vector<PlannedPoint> there = points();
  const auto unknown = std::count_if(there.begin(), there.end(), [&](const PlannedPoint& point) {
    return planned.count(point.id) == 0;
  });
  if (unknown > 0)
    throw InputError(fmt::format(
        "{}: {} of the {} networks planned here are others under the same settings, for this lyap "
        "or a plugin of it has changed since; give another folder with --out, or --extend to keep "
        "the points that stay the same",
        path_.string(), unknown, there.size()));
}

void SweepDirectory::write_plan(const PlannedSweep& sweep, const RunCommand& command) const {
  std::string lines;
  for (const PlannedPoint& point : sweep.points()) lines += line_of(point);
  write_file_atomically(file("points.jsonl"), lines);
  write_file_atomically(file("pipeline.yaml"), read_file(sweep.file()));
  const Json json = {
      {"schema", "lyap-sweep-1"},     {"name", sweep.asked().name},
      {"points", sweep.size()},       {"command", command.words},
      {"pipeline", command.pipeline}, {"folder", command.folder},
      {"presets", command.presets},   {"overrides", command.overrides},
      {"lyap", command.version},      {"configuration", configuration_of(sweep.tree())}};
  write_file_atomically(file("sweep.json"), json.dump(2) + "\n");
}

SweepDirectory SweepDirectory::open(const fs::path& folder) {
  if (!fs::is_regular_file(folder / "sweep.json"))
    throw InputError(folder.string() +
                     ": not the folder of a sweep (it has no sweep.json); give "
                     "the folder that `lyap sweep run` named");
  return SweepDirectory(folder);
}

RunCommand SweepDirectory::command() const {
  return read_json(file("sweep.json"), [](const Json& json) {
    RunCommand command;
    command.words = json.at("command").get<std::vector<std::string>>();
    command.pipeline = json.at("pipeline");
    command.folder = json.at("folder");
    command.presets = json.at("presets").get<std::vector<std::string>>();
    command.overrides = json.at("overrides").get<std::vector<std::string>>();
    command.version = json.at("lyap");
    return command;
  });
}

std::vector<PlannedPoint> SweepDirectory::points() const {
  std::vector<PlannedPoint> points;
  std::istringstream lines(read_file(file("points.jsonl")));
  for (std::string line; std::getline(lines, line);) try {
      const Json json = Json::parse(line);
      PlannedPoint point{json.at("id"), json.at("seed"), {json.at("index"), {}}};
      for (const auto& [name, value] : json.at("variables").items())
        point.point.values.emplace_back(name, value.get<std::string>());
      points.push_back(std::move(point));
    } catch (const Json::exception&) {
      throw InputError(fmt::format("{}:{}: not a line that lyap wrote",
                                   file("points.jsonl").string(), points.size() + 1));
    }
  return points;
}

PointState SweepDirectory::state(const std::string& id, const Claims& claims) const {
  // The lock first: it is given back after the point has been moved.
  const bool taken = claims.taken(id);
  if (fs::exists(point(id))) return PointState::Done;
  if (fs::exists(failure(id))) return PointState::Failed;
  return taken ? PointState::Running : PointState::Pending;
}

std::string SweepDirectory::reason(const std::string& id) const {
  return read_json(failure(id) / "run.json", [](const Json& json) {
    return json.value("reason", std::string("it is not said why"));
  });
}

void SweepDirectory::publish(const std::vector<std::string>& ids) const {
  std::vector<fs::path> folders;
  for (const std::string& id : ids) folders.push_back(work(id));
  flush_all(folders);
  for (const std::string& id : ids)
    if (!move_folder(work(id), point(id))) fs::remove_all(work(id));
  OpenFile::folder(file("points")).flush_to_disk();
}

void SweepDirectory::fail(const std::string& id, const std::string& why) const {
  make_folder(work(id));
  const fs::path run = work(id) / "run.json";
  Json json =
      fs::exists(run) ? read_json(run, [](const Json& read) { return read; }) : Json::object();
  json["status"] = "failed";
  json["reason"] = why;
  json["exit"] = static_cast<int>(Exit::RunFailed);
  write_file_atomically(run, json.dump(2) + "\n");
  if (!move_folder(work(id), failure(id))) fs::remove_all(work(id));
}

void SweepDirectory::forgive(const std::string& id) const {
  fs::remove_all(failure(id));
}

WritingFiles::WritingFiles(const SweepDirectory& directory) : claims_(directory.claims()) {
  claims_.take_files();
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".tmp")) continue;
    for (const char* ours : {"points.jsonl", "pipeline.yaml", "sweep.json", "trials.h5",
                             "trials.csv", "study.h5", "study.txt", "notes.json"})
      if (name.starts_with(fmt::format(".{}.", ours))) leftovers.push_back(entry.path());
  }
  std::error_code ignored;
  for (const fs::path& leftover : leftovers) fs::remove(leftover, ignored);
}

}  // namespace lyap::framework
