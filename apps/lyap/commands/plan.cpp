// apps/lyap/commands/plan.cpp - `lyap plan`: what a pipeline would do, computing nothing.
#include <iostream>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "program.hpp"
#include "run/plan_text.hpp"

namespace lyap::app {
namespace po = boost::program_options;
using namespace framework;

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
  const Pipeline pipeline = parse(arguments.required("pipeline", "the pipeline file"),
                                  arguments.texts("preset"), arguments.texts("set"), mistakes);
  Program program(common, {pipeline.plugins.begin(), pipeline.plugins.end()});
  const Plan plan = resolve(pipeline, program.catalog, mistakes);
  if (common.json) {
    std::cout << resolved(plan).dump(2) << '\n';
    return 0;
  }
  const Surroundings surroundings = program.surroundings(pipeline.seed);
  std::cout << plan_text(Trial(plan, surroundings));
  return 0;
}

}  // namespace lyap::app
