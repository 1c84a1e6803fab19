// framework/sweep/merge.cpp - from the points of a sweep to its table.
#include "sweep/merge.hpp"

#include <nlohmann/json.hpp>

#include "base/file.hpp"

namespace lyap::framework {
namespace {

bool has_diverged(const SweepDirectory& directory, const std::string& id) try {
  const auto run = nlohmann::json::parse(read_file(directory.point(id) / "run.json"));
  return run.value("status", "") == "diverged";
} catch (const nlohmann::json::exception&) {
  throw InputError((directory.point(id) / "run.json").string() +
                   ": not a file that lyap wrote; remove the point's folder to have it carried out "
                   "again");
}

}  // namespace

SweepCounts counts_of(const SweepDirectory& directory, const std::vector<PlannedPoint>& points) {
  const Claims claims(directory.claims());
  SweepCounts counts;
  for (const PlannedPoint& point : points) switch (directory.state(point.id, claims)) {
      case PointState::Done:
        ++(has_diverged(directory, point.id) ? counts.diverged : counts.done);
        break;
      case PointState::Failed:
        ++counts.failed;
        break;
      case PointState::Running:
        ++counts.running;
        break;
      case PointState::Pending:
        ++counts.pending;
    }
  return counts;
}

Table merge(const SweepDirectory& directory, const std::vector<PlannedPoint>& points, bool arrays) {
  std::vector<std::string> ids;
  std::vector<Row> rows;
  for (const PlannedPoint& point : points) {
    const auto row = directory.point(point.id) / "row.safetensors";
    if (!std::filesystem::exists(row)) continue;
    ids.push_back(point.id);
    rows.push_back(read_row(row));
  }
  Table table = table_of(std::move(ids), rows);
  const RunCommand command = directory.command();
  std::string words;
  for (const std::string& word : command.words) words += (words.empty() ? "" : " ") + word;
  const WritingFiles alone(directory);
  write_table(directory.file("trials.h5"), table, {{"command", words}, {"lyap", command.version}});
  write_csv(directory.file("trials.csv"), table, arrays);
  return table;
}

}  // namespace lyap::framework
