// apps/lyap/commands/sweep_run.cpp - `lyap sweep run`: the points that are left, then the studies.
#include <fmt/format.h>

#include "base/text.hpp"
#include "carry_out_sweep.hpp"
#include "launched.hpp"
#include "sweep_commands.hpp"
#include "what_to_open.hpp"

namespace lyap::app {
namespace po = boost::program_options;
using namespace framework;
namespace {

/// "3/8".
std::pair<std::int64_t, std::int64_t> shard_of(const Arguments& arguments) {
  const std::string text = arguments.text("shard");
  const std::size_t slash = text.find('/');
  const auto i = parse_integer(text.substr(0, slash));
  const auto n = slash == std::string::npos ? std::nullopt : parse_integer(text.substr(slash + 1));
  if (!i || !n || *n < 1 || *i < 1 || *i > *n)
    arguments.refuse("--shard takes I/N with 1 <= I <= N, such as 3/8; got " + quoted(text));
  return {*i, *n};
}

/// "90", "90s", "20m", "1.5h".
double seconds_of(const Arguments& arguments, const char* option) {
  std::string text = arguments.text(option);
  double unit = 1;
  for (const auto& [ending, seconds] : {std::pair{'s', 1.0}, {'m', 60.0}, {'h', 3600.0}})
    if (text.ends_with(ending)) {
      unit = seconds;
      text.pop_back();
      break;
    }
  const auto number = parse_real(text);
  if (!number || *number < 0)
    arguments.refuse("--" + std::string(option) +
                     " takes a duration such as 90s, 20m or 1.5h; got " +
                     quoted(arguments.text(option)));
  return *number * unit;
}

}  // namespace

Keep keep_of(const Arguments& arguments) {
  const std::string word = arguments.text("keep");
  if (word == "row") return Keep::Row;
  if (word == "final") return Keep::Final;
  if (word == "checkpoints") return Keep::Checkpoints;
  arguments.refuse("--keep takes row, final or checkpoints; got " + quoted(word) +
                   did_you_mean(word, {"row", "final", "checkpoints"}));
}

int sweep_run(const Words& words, Common common) {
  Arguments arguments(
      "sweep run FILE.yaml|DIR [options]",
      "Carries out the points of a sweep that are left, one network each, in worker processes, "
      "and\n"
      "then makes the table of networks and runs the studies. Several of these commands, on one\n"
      "machine or on many that share a folder, share the points. Ctrl-C keeps complete points and\n"
      "complete epochs; the same command goes on. Under mpirun or srun every rank is a worker.");
  add_sweep_options(arguments);
  arguments.add()  //
      ("jobs", po::value<std::int64_t>()->default_value(0)->value_name("N"),
       "worker processes; 0 = one per core")  //
      ("shard", po::value<std::string>()->default_value("1/1")->value_name("I/N"),
       "only every N-th point, from the I-th: for schedulers that start N of these")  //
      ("time", po::value<std::string>()->value_name("T"),
       "begin no point after so long: 90s, 20m, 1.5h")  //
      ("point-timeout", po::value<std::string>()->value_name("T"),
       "a point that takes longer has failed, and its worker is ended")  //
      ("failures", po::value<std::int64_t>()->default_value(0)->value_name("N"),
       "begin no point after so many have failed; 0 = any number")  //
      ("fail-fast", "the same as --failures 1")                     //
      ("keep", po::value<std::string>()->default_value("final")->value_name("WHAT"),
       "what stays of a network's weights: row (none), final, or checkpoints")  //
      ("extend",
       "go on in a folder whose settings were others: points that stay the same are kept")  //
      ("no-report", "write no report.html at the end");
  arguments.example("lyap sweep run data/pipelines/aelle-force.yaml --preset smoke");
  arguments.example("lyap sweep run my.yaml --jobs 8 --time 2h");
  arguments.example("lyap sweep run runs/aelle-force-smoke");
  arguments.example("parallel lyap sweep run my.yaml --shard {}/8 --jobs 1 ::: $(seq 8)");
  if (!arguments.read(words, common)) return 0;
  SweepRequest request;
  request.jobs = arguments.integer("jobs");
  if (request.jobs < 0) arguments.refuse("--jobs takes a number of processes, or 0");
  request.shard = shard_of(arguments);
  if (arguments.has("time")) request.seconds = seconds_of(arguments, "time");
  if (arguments.has("point-timeout"))
    request.point_seconds = seconds_of(arguments, "point-timeout");
  request.failures = arguments.has("fail-fast") ? 1 : arguments.integer("failures");
  if (request.failures < 0) arguments.refuse("--failures takes a number of points, or 0");
  request.keep = keep_of(arguments);
  request.extend = arguments.has("extend");
  request.report = !arguments.has("no-report");
  if (launched().rank > 0) common.quiet = true;  // the first rank speaks for all
  Words all = {"sweep", "run"};
  all.insert(all.end(), words.begin(), words.end());
  OpenSweep open = open_sweep(arguments, all, common);
  try {
    const int code = carry_out_sweep(open, request);
    if (launched().rank == 0) tell_what_to_open(open.folder, open.program->terminal);
    return code;
  } catch (const Interrupted& e) {
    throw resumable(e, "run", open.folder);
  }
}

}  // namespace lyap::app
