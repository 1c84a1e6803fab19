// tests/framework/sweep/sweep_directory_test.cpp - the folder of a sweep and the state of its
// points.
#include "sweep/sweep_directory.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "../temporary_folder.hpp"
#include "base/file.hpp"
#include "small_sweep.hpp"
#include "sweep/merge.hpp"

using namespace lyap::framework;
namespace fs = std::filesystem;

namespace {

const std::string id = "1f3a9c00d2e4";

RunCommand command() {
  RunCommand asked;
  asked.words = {"lyap", "sweep", "run", "p.yaml"};
  asked.pipeline = "/there/p.yaml";
  asked.folder = "/there";
  asked.presets = {"desk"};
  asked.overrides = {"seed=3"};
  asked.version = "9.9";
  return asked;
}

struct Made {
  explicit Made(const std::string& variables = "cell: [rnn, gru], units: [3, 4]")
      : file(folder.file("p.yaml", pipeline_text(variables))), sweep(read_yaml(file), file) {
    sweep.resolve_points(catalog());
  }
  SweepDirectory make(bool extend = false) const {
    return SweepDirectory::make(folder / "sweep", sweep, command(), extend);
  }
  TemporaryFolder folder;
  fs::path file;
  PlannedSweep sweep;
};

/// What a worker leaves of a point.
void begin(const SweepDirectory& directory, const std::string& point, const std::string& status) {
  fs::create_directories(directory.work(point));
  write_file_atomically(directory.work(point) / "run.json", R"({"status": ")" + status + "\"}\n");
}

std::string status_of(const fs::path& folder) {
  return nlohmann::json::parse(read_file(folder / "run.json")).value("status", "");
}

}  // namespace

TEST_CASE("sweep folder: what was asked and every point stand in it, and read back") {
  const Made made;
  made.make();
  const SweepDirectory directory = SweepDirectory::open(made.folder / "sweep");
  const RunCommand again = directory.command();
  CHECK(again.words == command().words);
  CHECK(again.pipeline == "/there/p.yaml");
  CHECK(again.folder == "/there");
  CHECK(again.presets == command().presets);
  CHECK(again.overrides == command().overrides);
  CHECK(again.version == "9.9");
  CHECK(read_file(directory.file("pipeline.yaml")) == read_file(made.file));
  const auto points = directory.points();
  REQUIRE(points.size() == 4);
  for (std::size_t i = 0; i < points.size(); ++i) {
    CHECK(points[i].id == made.sweep.points()[i].id);
    CHECK(points[i].seed == made.sweep.points()[i].seed);
    CHECK(points[i].point.index == static_cast<std::int64_t>(i));
    CHECK(points[i].point.values == made.sweep.points()[i].point.values);
  }
}

TEST_CASE(
    "sweep folder: the same sweep goes on in it, one of other settings is shown the difference") {
  const Made made;
  const fs::path folder = made.make().path();
  CHECK_NOTHROW(made.make());
  Made other("cell: [rnn, gru], units: [3, 5]");
  CHECK_THROWS_WITH_AS(
      SweepDirectory::make(folder, other.sweep, command(), false),
      (folder.string() + ": this folder holds a sweep of other settings:"
                         "\n  trials.sweep.units.1: 4 there, 5 here"
                         "\ngive another folder with --out, or --extend to keep the points that "
                         "stay the same")
          .c_str(),
      InputError);
  CHECK(SweepDirectory::open(folder).points()[1].id == made.sweep.points()[1].id);
  CHECK_NOTHROW(SweepDirectory::make(folder, other.sweep, command(), true));
  CHECK(SweepDirectory::open(folder).points()[1].id == other.sweep.points()[1].id);
}

TEST_CASE("sweep folder: points that another version planned are not made again unasked") {
  const Made made;
  const SweepDirectory directory = made.make();
  const fs::path plan = directory.file("points.jsonl");
  std::string lines = read_file(plan);
  lines.replace(lines.find(made.sweep.points()[2].id), id.size(), id);
  write_file_atomically(plan, lines);
  CHECK_THROWS_WITH_AS(
      made.make(),
      (directory.path().string() +
       ": 1 of the 4 networks planned here are others under the same settings, for this lyap or a "
       "plugin of it has changed since; give another folder with --out, or --extend to keep the "
       "points that stay the same")
          .c_str(),
      InputError);
  CHECK(read_file(plan) == lines);
  CHECK_NOTHROW(made.make(true));
}

TEST_CASE("sweep folder: one that holds something else is left alone") {
  const Made made;
  made.folder.file("sweep/mine.txt", "mine");
  CHECK_THROWS_WITH_AS(made.make(),
                       ((made.folder / "sweep").string() +
                        ": is not empty and not the folder of a sweep; give another with --out")
                           .c_str(),
                       InputError);
  CHECK(std::distance(fs::directory_iterator(made.folder / "sweep"), {}) == 1);
  CHECK_THROWS_WITH_AS(SweepDirectory::open(made.folder.path()),
                       (made.folder.path().string() +
                        ": not the folder of a sweep (it has no sweep.json); give the folder that "
                        "`lyap sweep run` named")
                           .c_str(),
                       InputError);
}

TEST_CASE("sweep folder: a point goes from pending over running to done or failed, and back") {
  const Made made;
  const SweepDirectory directory = made.make();
  const Claims reader(directory.claims());
  Claims worker(directory.claims());
  CHECK(directory.state(id, reader) == PointState::Pending);
  REQUIRE(worker.take(id));
  begin(directory, id, "running");
  CHECK(directory.state(id, reader) == PointState::Running);
  directory.fail(id, "spectrum: not a number at step 3");
  CHECK(directory.state(id, reader) == PointState::Failed);
  CHECK(directory.reason(id) == "spectrum: not a number at step 3");
  CHECK(status_of(directory.failure(id)) == "failed");
  CHECK_FALSE(fs::exists(directory.work(id)));
  worker.release(id);
  CHECK(directory.state(id, reader) == PointState::Failed);
  directory.forgive(id);
  CHECK(directory.state(id, reader) == PointState::Pending);
  begin(directory, id, "done");
  CHECK(directory.state(id, reader) == PointState::Pending);  // begun, and nobody at it
  directory.publish({id});
  CHECK(directory.state(id, reader) == PointState::Done);
  CHECK_FALSE(fs::exists(directory.work(id)));
}

TEST_CASE("sweep folder: the first to publish a point wins, and so does the first failure") {
  const Made made;
  const SweepDirectory directory = made.make();
  begin(directory, id, "first");
  directory.publish({id});
  begin(directory, id, "second");
  directory.publish({id});
  CHECK(status_of(directory.point(id)) == "first");
  CHECK_FALSE(fs::exists(directory.work(id)));

  begin(directory, "aa", "running");
  directory.fail("aa", "one");
  directory.fail("aa", "other");  // of a worker that had begun nothing
  CHECK(directory.reason("aa") == "one");
  CHECK_FALSE(fs::exists(directory.work("aa")));
}

TEST_CASE("sweep folder: counts are those of what lies on the disk and is locked") {
  const Made made;
  const SweepDirectory directory = made.make();
  const auto& points = made.sweep.points();
  begin(directory, points[0].id, "done");
  directory.publish({points[0].id});
  begin(directory, points[1].id, "diverged");
  directory.publish({points[1].id});
  directory.fail(points[2].id, "why");
  Claims worker(directory.claims());
  REQUIRE(worker.take(points[3].id));
  SweepCounts counts = counts_of(directory, points);
  CHECK(counts.done == 1);
  CHECK(counts.diverged == 1);
  CHECK(counts.failed == 1);
  CHECK(counts.running == 1);
  CHECK(counts.pending == 0);
  CHECK(counts.total() == 4);
  CHECK_FALSE(counts.complete());
  worker.release(points[3].id);
  counts = counts_of(directory, points);
  CHECK(counts.pending == 1);
  write_file_atomically(directory.point(points[0].id) / "run.json", "{");
  CHECK_THROWS_WITH_AS(counts_of(directory, points),
                       ((directory.point(points[0].id) / "run.json").string() +
                        ": not a file that lyap wrote; remove the point's folder to have it "
                        "carried out again")
                           .c_str(),
                       InputError);
}

TEST_CASE("sweep folder: files that lyap did not write are named") {
  const Made made;
  const SweepDirectory directory = made.make();
  const std::string lines = read_file(directory.file("points.jsonl"));
  write_file_atomically(directory.file("points.jsonl"), lines + "{\"id\": 3}\n");
  CHECK_THROWS_WITH_AS(
      directory.points(),
      (directory.file("points.jsonl").string() + ":5: not a line that lyap wrote").c_str(),
      InputError);
  const std::string refused = directory.file("sweep.json").string() +
                              ": not a file that lyap wrote; start the sweep anew with another "
                              "--out";
  for (const std::string text : {"{", "[]", "{}", "{\"command\": 3}"}) {
    CAPTURE(text);
    write_file_atomically(directory.file("sweep.json"), text);
    CHECK_THROWS_WITH_AS(directory.command(), refused.c_str(), InputError);
    CHECK_THROWS_WITH_AS(made.make(), refused.c_str(), InputError);
  }
}

TEST_CASE("merge: the table of the complete points, in the order of the sweep") {
  const Made made;
  const SweepDirectory directory = made.make();
  const auto& points = made.sweep.points();
  for (const std::size_t i : {3u, 0u, 2u}) {
    begin(directory, points[i].id, "done");
    MeasuredArray column;
    column.port = column.quantity.name = "x";
    column.values = {static_cast<double>(i)};
    write_row(directory.work(points[i].id) / "row.safetensors", {column});
    directory.publish({points[i].id});
  }
  const auto half_written = directory.file(".trials.h5.1-0.tmp");   // by a process that was killed
  const auto of_a_report = directory.file(".report.html.1-0.tmp");  // perhaps by one that lives
  for (const auto& leftover : {half_written, of_a_report}) write_file_atomically(leftover, "half");
  const Table table = merge(directory, points, false);
  CHECK_FALSE(fs::exists(half_written));
  CHECK(fs::exists(of_a_report));
  CHECK(table.ids == std::vector<std::string>{points[0].id, points[2].id, points[3].id});
  CHECK(table.column("x")->values == std::vector<double>{0, 2, 3});
  CHECK(read_file(directory.file("trials.csv")) ==
        "point,x\n" + points[0].id + ",0\n" + points[2].id + ",2\n" + points[3].id + ",3\n");
  CHECK(fs::exists(directory.file("trials.h5")));
}
