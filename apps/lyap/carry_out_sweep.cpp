// apps/lyap/carry_out_sweep.cpp - all points of a sweep, then its table and its studies, told to a
// person.
#include "carry_out_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/stop.hpp"
#include "launched.hpp"
#include "pipeline/write_yaml.hpp"
#include "run/headline.hpp"
#include "run/run.hpp"
#include "shell_word.hpp"
#include "sweep/merge.hpp"
#include "write_report.hpp"

namespace lyap::app {
using namespace framework;
namespace {

using Clock = std::chrono::steady_clock;

std::string text_of(const SweepCounts& counts) {
  std::string text = fmt::format("{} networks: {} done", counts.total(), counts.done);
  const std::pair<std::int64_t, const char*> others[] = {{counts.diverged, "diverged"},
                                                         {counts.failed, "failed"},
                                                         {counts.running, "being carried out"},
                                                         {counts.pending, "to be done"}};
  for (const auto& [count, what] : others)
    if (count) text += fmt::format(", {} {}", count, what);
  return text;
}

/// What one process of the machine tells while its workers are at work.
class Reporting {
 public:
  Reporting(Terminal& terminal, const PlannedSweep& sweep, std::int64_t done, std::int64_t total)
      : terminal_(terminal), sweep_(sweep), before_(done), done_(done), total_(total) {}

  void tell(const PointReport& report) {
    using What = PointReport::What;
    if (report.what == What::Begun) return;
    const bool bad = report.what == What::Failed;
    if (bad || report.what == What::Diverged || (report.what == What::Left && report.index < 0))
      terminal_.say(bad ? LYAP_WARNING : LYAP_INFO,
                    fmt::format("{}{}", place(report.index), report.sentence));
    failed_ += bad;
    done_ += report.what != What::Left;
    show();
  }

  void show() {
    terminal_.progress("networks", done_, total_,
                       failed_ ? fmt::format("  {} failed", failed_) : "");
    // A log file is told once a minute.
    if (terminal_.interactive() || Clock::now() - last_line_ < std::chrono::minutes(1)) return;
    last_line_ = Clock::now();
    const double minutes = std::chrono::duration<double>(last_line_ - begin_).count() / 60;
    const double rate = static_cast<double>(done_ - before_) / minutes;
    if (rate > 0)
      terminal_.say(
          LYAP_INFO,
          fmt::format("{} of {} networks, {} failed, {:.3g} a minute, {} left", done_, total_,
                      failed_, rate, duration(static_cast<double>(total_ - done_) / rate * 60)));
  }

 private:
  std::string place(std::int64_t index) const {
    if (index < 0) return "a worker: ";
    const PlannedPoint& point = sweep_.points()[static_cast<std::size_t>(index)];
    return fmt::format("point {} ({}): ", point.id, point.point.text());
  }

  Terminal& terminal_;
  const PlannedSweep& sweep_;
  std::int64_t before_, done_, total_, failed_ = 0;
  Clock::time_point begin_ = Clock::now(), last_line_ = begin_;
};

/// One network of every architecture is made before any worker begins: what is wrong with options,
/// data or initialisers is told at once, and what is read then is shared by all workers.
void rehearse_kinds(const PlannedSweep& sweep, const Catalog& catalog,
                    const Surroundings& surroundings, const SweepDirectory& directory) {
  std::set<std::string> seen;
  Workers alone(1);  // starts no thread, which a process that forks must not have
  for (const PlannedPoint& point : sweep.points()) {
    if (std::filesystem::exists(directory.point(point.id))) continue;
    if (seen.size() > 64 || (seen.size() && sweep.points().size() > 20000)) return;
    const Plan plan = sweep.plan(point.point.index, catalog);
    if (!seen.insert(plan.cell.plugin->title() + plan.task.plugin->title()).second) continue;
    Surroundings of_point = surroundings;
    of_point.seed = point.seed;
    of_point.workers = &alone;
    rehearse(Trial(plan, of_point));
  }
}

std::vector<std::int64_t> sharded(std::vector<std::int64_t> order,
                                  const std::pair<std::int64_t, std::int64_t>& shard) {
  std::vector<std::int64_t> ours;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (static_cast<std::int64_t>(i) % shard.second == shard.first - 1) ours.push_back(order[i]);
  return ours;
}

/// The first of these points that is in this state; none: -1.
std::int64_t first_that_is(PointState wanted, const Assignment& assignment) {
  const Claims claims(assignment.directory.claims());
  for (const std::int64_t index : assignment.order) {
    const std::string& id = assignment.sweep.points()[static_cast<std::size_t>(index)].id;
    if (assignment.directory.state(id, claims) == wanted) return index;
  }
  return -1;
}

void wait_a_moment() {
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

/// Others may be at work on points of ours. True: one of them has left a point undone, which is
/// then for us; false: there is none, or no more time.
bool others_leave_points(const Assignment& assignment, const Surroundings& surroundings) {
  for (;; wait_a_moment()) {
    if (surroundings.stopped() || (assignment.until && Clock::now() >= *assignment.until))
      return false;
    // Pending is asked last: a point that is given up in between is found the next time.
    const bool running = first_that_is(PointState::Running, assignment) >= 0;
    if (first_that_is(PointState::Pending, assignment) >= 0) return true;
    if (!running) return false;
  }
}

/// Carries out all points of the assignment that others do not.
PoolOutcome share_points(const Assignment& assignment, const Surroundings& surroundings,
                         const PoolSettings& settings, Reporting& reporting) {
  PoolOutcome all;
  do {
    const PoolOutcome outcome = run_pool(
        assignment, surroundings, settings,
        [&](const PointReport& report) { reporting.tell(report); }, [&] { reporting.show(); });
    all.failed += outcome.failed;
    all.left += outcome.left;  // also what a worker could not go on with, such as a full disk
    all.stopped = outcome.stopped || surroundings.stopped();
  } while (!all.stopped && !all.left && (!settings.failures || all.failed < settings.failures) &&
           others_leave_points(assignment, surroundings));
  all.stopped = surroundings.stopped();
  return all;
}

Assignment assignment_of(const OpenSweep& open, const SweepDirectory& directory,
                         const SweepRequest& request) {
  Assignment assignment{*open.sweep,
                        directory,
                        open.program->catalog,
                        sharded(open.sweep->order(), request.shard),
                        request.keep,
                        open.command,
                        {}};
  if (request.seconds)
    assignment.until = Clock::now() + std::chrono::milliseconds(
                                          static_cast<std::int64_t>(*request.seconds * 1000));
  return assignment;
}

PoolSettings pool_settings(const Common& common, const SweepRequest& request, const Launched& place,
                           std::int64_t pending) {
  const auto cores = std::max<std::int64_t>(std::thread::hardware_concurrency(), 1);
  const std::int64_t wished = request.jobs ? request.jobs : place.ranks > 1 ? 1 : cores;
  PoolSettings settings;
  settings.jobs = static_cast<int>(std::clamp<std::int64_t>(pending, 1, wished));
  settings.threads =
      static_cast<int>(common.workers    ? common.workers
                       : place.ranks > 1 ? 1
                                         : std::max<std::int64_t>(cores / settings.jobs, 1));
  settings.failures = request.failures;
  settings.point_seconds = request.point_seconds;
  return settings;
}

void print_json(const SweepCounts& counts, const SweepDirectory& directory, const char* status) {
  std::cout << nlohmann::ordered_json{{"status", status},
                                      {"folder", directory.path().string()},
                                      {"networks", counts.total()},
                                      {"done", counts.done},
                                      {"diverged", counts.diverged},
                                      {"failed", counts.failed},
                                      {"pending", counts.pending + counts.running}}
                   .dump(2)
            << '\n';
}

}  // namespace

int merge_sweep(OpenSweep& open, const SweepDirectory& directory, bool arrays, bool report) {
  Program& program = *open.program;
  const Table table = merge(directory, open.sweep->points(), arrays);
  if (table.ids.empty())
    throw Error(directory.path().string() + ": no network is complete yet; there is no table");
  for (const MeasuredArray& column : table.columns)
    if (std::all_of(column.values.begin(), column.values.end(),
                    [](double value) { return std::isnan(value); }))
      program.terminal.say(LYAP_WARNING,
                           "column '" + column.port +
                               "' is missing in every network; the log.txt of a point "
                               "says why");
  const Plan plan = open.sweep->plan(0, program.catalog);
  const auto report_at_end = [&](bool wanted) {
    if (wanted) write_report(directory.path(), program.terminal);
    return 0;
  };
  if (plan.studies.empty()) return report_at_end(report);
  const Surroundings surroundings = program.surroundings(open.sweep->seed());
  const auto tell = [&](const Measurement& study) {
    program.terminal.say(
        LYAP_INFO, fmt::format("{}: {} ({:.1f} s)", study.name, headline(study), study.seconds));
  };
  std::vector<Measurement> studies;
  const auto keep = [&] {
    const WritingFiles alone(directory);
    write_findings(directory.path(), studies, write_yaml(open.sweep->tree()),
                   {{"pipeline", open.sweep->asked().name},
                    {"networks", static_cast<std::int64_t>(table.ids.size())}});
    if (program.common.json) return;
    for (const Measurement& study : studies) {
      const std::vector<std::string> shown = tables(study);
      if (!shown.empty()) std::cout << study.name << " (" << study.analysis << ")\n";
      for (const std::string& text : shown) std::cout << text << '\n';
      if (!shown.empty()) std::cout << '\n';
    }
  };
  try {
    run_studies(plan, table, surroundings, studies, tell);
  } catch (...) {
    keep();  // the studies above the one that failed
    throw;
  }
  keep();
  return report_at_end(report);
}

int carry_out_sweep(OpenSweep& open, const SweepRequest& request) {
  Program& program = *open.program;
  const PlannedSweep& sweep = *open.sweep;
  const Launched place = launched();
  const SweepDirectory directory =
      SweepDirectory::make(open.folder, sweep, open.command, request.extend);
  const Surroundings surroundings = program.surroundings_without_workers(sweep.seed());
  const SweepCounts before = counts_of(directory, sweep.points());
  program.terminal.say(LYAP_INFO,
                       fmt::format("{} into {}", text_of(before), directory.path().string()));

  const Assignment assignment = assignment_of(open, directory, request);
  PoolOutcome outcome;
  if (before.pending + before.running > 0) {
    rehearse_kinds(sweep, program.catalog, surroundings, directory);
    Reporting reporting(program.terminal, sweep, before.total() - before.pending - before.running,
                        before.total());
    outcome =
        share_points(assignment, surroundings,
                     pool_settings(program.common, request, place, before.pending), reporting);
  }
  if (place.rank > 0) return 0;  // the first speaks; a launcher would end it for our exit code
  while (place.ranks > 1 && first_that_is(PointState::Running, assignment) >= 0) wait_a_moment();

  const SweepCounts counts = counts_of(directory, sweep.points());
  const bool sharded_run = request.shard.second > 1;
  const char* status = outcome.stopped     ? "interrupted"
                       : counts.complete() ? "complete"
                                           : "incomplete";
  if (counts.complete() && !sharded_run && counts.done + counts.diverged > 0)
    merge_sweep(open, directory, false, request.report);
  if (program.common.json)
    print_json(counts, directory, status);
  else
    std::cout << text_of(counts) << "\nresults: " << directory.path().string() << '\n';
  const std::string again = in_shell(directory.path().string());
  if (!counts.complete() && !sharded_run)
    std::cerr << "lyap: the sweep is not complete; go on with: lyap sweep run " << again << '\n';
  if (counts.failed)
    std::cerr << "lyap: " << counts.failed << " failed; lyap sweep status " << again
              << " says why, lyap sweep retry " << again << " tries them again\n";
  if (outcome.stopped) return static_cast<int>(Exit::Interrupted);
  const bool incomplete = counts.failed > 0 || (!counts.complete() && !sharded_run);
  return static_cast<int>(incomplete ? Exit::SweepIncomplete : Exit::Done);
}

}  // namespace lyap::app
