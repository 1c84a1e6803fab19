// apps/lyap/commands/run.cpp - `lyap run`: carries out a pipeline file into a folder of results.
#include "run/run.hpp"

#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/sha256.hpp"
#include "carry_out_sweep.hpp"
#include "command.hpp"
#include "program.hpp"
#include "run/headline.hpp"
#include "run/provenance.hpp"
#include "shell_word.hpp"
#include "sweep_commands.hpp"
#include "training_time.hpp"
#include "version.hpp"
#include "what_to_open.hpp"
#include "write_report.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;

namespace {

/// One line a checkpoint: what was measured where; below it the tables an analysis gave. `told`:
/// the lines were read as they came.
void print(const RunOutcome& outcome, const RunDirectory& directory, bool bits, bool told) {
  for (const Measurement& m : outcome.measurements) {
    if (!told)
      std::cout << fmt::format("{:<10} {:<20} {}\n", m.name, m.checkpoint,
                               headline(bits ? in_bits(m) : m));
    for (const std::string& table : tables(m)) std::cout << table << '\n';
  }
  std::cout << "results: " << directory.path().string() << '\n';
}

void print_json(const RunOutcome& outcome, const RunDirectory& directory,
                const std::string& status) {
  nlohmann::ordered_json json;
  json["status"] = status;
  json["folder"] = directory.path().string();
  json["record"] = nlohmann::ordered_json::parse(read_file(directory.file("record.json")));
  json["epochs"] = outcome.training.last_epoch;
  std::cout << json.dump(2) << '\n';
}

std::string short_hash(const std::string& text) {
  Sha256 hash;
  hash.add(text);
  return hash.hexadecimal().substr(0, 6);
}

struct Asked {
  fs::path file;
  RunCommand command;
  std::string out, resume;
  std::int64_t check_jacobian = 0;
  bool report = true, open = false;  ///< write report.html; show it
};

/// A pipeline of many networks, or one with studies: the folder of a sweep is what it needs.
bool is_sweep(const Asked& asked) {
  Mistakes mistakes;
  const Node tree = read_tree(asked.file, asked.command.presets, asked.command.overrides, mistakes);
  const Node* trials = tree.find("trials");
  return tree.find("study") || (trials && trials->find("sweep"));
}

/// A disk that is full ends the run and run.json too: the first reason is the one to be told.
void tell_failure(const Provenance& provenance, Exit code, const char* reason) try {
  provenance.finish("failed", static_cast<int>(code), reason);
} catch (const Error&) {
}

/// As run.json says it, and the exit code.
std::pair<const char*, Exit> ending(const RunOutcome& outcome) {
  switch (outcome.end) {
    case TrainingEnd::Diverged:
      return {"diverged", Exit::RunFailed};
    case TrainingEnd::Interrupted:
      return {"interrupted", Exit::Interrupted};
    case TrainingEnd::Done:
      break;
  }
  return {"done", Exit::Done};
}

void tell_cut_short(const RunOutcome& outcome, const RunDirectory& directory) {
  const std::string& sentence = outcome.training.sentence;
  if (outcome.end == TrainingEnd::Diverged)
    say_error(
        fmt::format("{}; the weights of epoch {} are kept", sentence, outcome.training.last_epoch));
  else
    say_error(sentence + "; go on with: lyap run --resume " + in_shell(directory.path().string()));
}

int carry_out(const Asked& asked, const Common& common) {
  Mistakes mistakes;
  const Pipeline pipeline =
      parse(asked.file, asked.command.presets, asked.command.overrides, mistakes);
  Program program(common, {pipeline.plugins.begin(), pipeline.plugins.end()});
  const Plan plan = resolve(pipeline, program.catalog, mistakes);
  const nlohmann::ordered_json settings = resolved(plan);
  const std::string in_full = settings.dump(2) + "\n";
  Surroundings surroundings = program.surroundings(pipeline.seed);
  surroundings.check_jacobian = asked.check_jacobian;
  const Trial trial(plan, surroundings);
  rehearse(trial);

  const bool resuming = !asked.resume.empty();
  const RunDirectory directory =
      resuming ? RunDirectory::open(asked.resume)
               : RunDirectory::create(asked.out, pipeline.name, short_hash(in_full));
  if (resuming)
    directory.remove_leftovers();
  else
    directory.write("pipeline.yaml", read_file(asked.file));
  directory.write("resolved.json", in_full);
  surroundings.log = [&](int level, const std::string& sentence) {
    program.terminal.say(level, sentence);
    directory.append("log.txt", (level >= LYAP_WARNING ? "warning: " : "") + sentence);
  };
  TrainingTime training(
      settings.value(nlohmann::ordered_json::json_pointer("/train/with/epochs"), std::int64_t{0}));
  surroundings.progress = [&](const std::string& stage, std::int64_t done, std::int64_t total) {
    program.terminal.progress(stage, done, total, training.left(stage, done, total));
  };
  RunCommand command = asked.command;
  command.version = version;
  command.workers = program.workers().count();
  const Provenance provenance(directory, plan, command);
  program.terminal.say(LYAP_INFO, "writing to " + directory.path().string());

  try {
    const RunOutcome outcome = run_trial(trial, directory, resuming);
    const auto [status, code] = ending(outcome);
    provenance.finish(status, static_cast<int>(code), outcome.training.sentence);
    if (asked.report) write_report(directory.path(), program.terminal);
    program.terminal.settle();
    if (common.json)
      print_json(outcome, directory, status);
    else
      print(outcome, directory, common.bits, program.terminal.shares_output());
    tell_what_to_open(directory.path(), program.terminal);
    if (asked.open) show(directory.file("report.html"), program.terminal);
    if (code != Exit::Done) tell_cut_short(outcome, directory);
    return static_cast<int>(code);
  } catch (const Error& e) {
    tell_failure(provenance, e.exit(), e.what());
    throw;
  } catch (const std::exception& e) {
    tell_failure(provenance, Exit::RunFailed, e.what());
    throw;
  }
}

}  // namespace

int run_command(const Words& words, Common common) {
  Arguments arguments(
      "run FILE.yaml [options]",
      "Carries out a pipeline: opens the task, builds the network, trains it, measures it, and\n"
      "writes a folder with the pipeline, all settings in full, checkpoints, figures and results.\n"
      "Ctrl-C keeps what is complete; --resume goes on from there and gives the same numbers.");
  arguments.add()                                                                      //
      ("pipeline", po::value<std::string>()->value_name("FILE"), "the pipeline file")  //
      ("set,s", po::value<Words>()->composing()->value_name("KEY=VALUE"),
       "replace a value of the file, e.g. -s trials.cell.use=gru (repeatable)")  //
      ("preset", po::value<Words>()->composing()->value_name("NAME"),
       "apply a named set of replacements from the file's `presets` (repeatable)")  //
      ("out", po::value<std::string>()->default_value("runs")->value_name("DIR"),
       "where the folder of the run is made")  //
      ("resume", po::value<std::string>()->value_name("DIR"),
       "go on with an interrupted run after its last complete epoch")  //
      ("check-jacobian", po::value<std::int64_t>()->default_value(0)->value_name("N"),
       "compare the Jacobian with differences every N steps; 0 = never")  //
      ("no-report", "write no report.html")                               //
      ("open", "show the report in the browser of the desktop");
  arguments.positional("pipeline");
  arguments.example("lyap run data/pipelines/quickstart.yaml");
  arguments.example("lyap run my.yaml -s trials.cell.use=gru -s seed=2 --out results");
  arguments.example("lyap run --resume runs/2026-11-22T01-30-00_quickstart_1f3a9c");
  if (!arguments.read(words, common)) return 0;

  Asked asked;
  asked.resume = arguments.text("resume");
  if (!asked.resume.empty()) asked.resume = fs::absolute(asked.resume).string();
  asked.check_jacobian = arguments.integer("check-jacobian");
  if (asked.check_jacobian < 0) throw UsageError("--check-jacobian takes a number of steps, or 0");
  if (asked.resume.empty()) {
    asked.file = arguments.required("pipeline", "the pipeline file");
    asked.command.presets = arguments.texts("preset");
    asked.command.overrides = arguments.texts("set");
    asked.command.pipeline = fs::absolute(asked.file).string();
    asked.command.folder = fs::current_path().string();
    asked.command.words = {"lyap", "run"};
    asked.command.words.insert(asked.command.words.end(), words.begin(), words.end());
  } else {
    if (arguments.has("pipeline") || arguments.has("set") || arguments.has("preset"))
      throw UsageError(
          "lyap run --resume takes the pipeline and its settings from the folder; "
          "give nothing else, or start a new run");
    const RunDirectory directory = RunDirectory::open(asked.resume);
    asked.command = command_of(directory);
    asked.file = file_of_earlier(asked.command, directory.file("pipeline.yaml"));
  }
  asked.out = arguments.text("out");
  asked.report = !arguments.has("no-report");
  asked.open = arguments.has("open");
  if (asked.open && !asked.report)
    arguments.refuse("--open shows the report that --no-report does not write; give one of them");
  if (asked.resume.empty() && is_sweep(asked)) {
    if (asked.check_jacobian)
      arguments.refuse("--check-jacobian is for a single network, and this pipeline has a sweep");
    OpenSweep open = open_sweep(arguments, asked.command.words, common);
    SweepRequest request;
    request.report = asked.report;
    try {
      const int code = carry_out_sweep(open, request);
      tell_what_to_open(open.folder, open.program->terminal);
      if (asked.open) show(open.folder / "report.html", open.program->terminal);
      return code;
    } catch (const Interrupted& e) {
      throw resumable(e, "run", open.folder);
    }
  }
  return carry_out(asked, common);
}

}  // namespace lyap::app
