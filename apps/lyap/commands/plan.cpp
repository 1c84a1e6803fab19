// apps/lyap/commands/plan.cpp - `lyap plan`: what a pipeline would do, computing nothing.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "program.hpp"
#include "run/plan_text.hpp"
#include "sweep/points.hpp"

namespace lyap::app {
namespace po = boost::program_options;
using namespace framework;

namespace {

/// How many networks there are, and the first of them, whose plan follows.
std::string trials_text(const PlannedSweep& sweep) {
  if (sweep.points().front().point.values.empty()) return "1: the file has no `sweep`";
  constexpr std::size_t shown = 3;
  std::string text = fmt::format("{} networks; the plan is that of the first", sweep.size());
  const auto& points = sweep.points();
  for (std::size_t i = 0; i < std::min(shown, points.size()); ++i)
    text += fmt::format("\n{:<9} {}: {}", "", points[i].id, points[i].point.text());
  return points.size() > shown ? text + fmt::format("\n{:<9} ...", "") : text;
}

}  // namespace

int plan_command(const Words& words, Common common) {
  Arguments arguments(
      "plan FILE.yaml [options]",
      "Tells what a pipeline would do: shapes through the network, weights and initialisers, who\n"
      "provides the Jacobian, every option with its value, cost in time and memory. Nothing is\n"
      "computed and nothing is written; all mistakes of the file are listed at once.\n"
      "With --json: the configuration in full, as resolved.json will hold it.");
  arguments.add()                                                                      //
      ("pipeline", po::value<std::string>()->value_name("FILE"), "the pipeline file")  //
      ("set,s", po::value<Words>()->composing()->value_name("KEY=VALUE"),
       "replace a value of the file (repeatable)")  //
      ("preset", po::value<Words>()->composing()->value_name("NAME"),
       "apply a named set of replacements (repeatable)");
  arguments.positional("pipeline");
  arguments.example("lyap plan data/pipelines/quickstart.yaml");
  arguments.example("lyap plan my.yaml -s trials.cell.with.units=512 --json");
  if (!arguments.read(words, common)) return 0;

  Mistakes mistakes;
  const std::string file = arguments.required("pipeline", "the pipeline file");
  Node tree = read_tree(file, arguments.texts("preset"), arguments.texts("set"), mistakes);
  PlannedSweep sweep(std::move(tree), file, std::move(mistakes));
  const std::vector<std::string>& further = sweep.asked().plugins;
  Program program(common, {further.begin(), further.end()});
  sweep.resolve_points(program.catalog);
  const Plan plan = sweep.plan(0, program.catalog);
  if (common.json) {
    std::cout << resolved(plan).dump(2) << '\n';
    return 0;
  }
  const Surroundings surroundings = program.surroundings(plan.asked.seed);
  std::cout << plan_text(Trial(plan, surroundings), trials_text(sweep));
  return 0;
}

}  // namespace lyap::app
