// apps/lyap/commands/describe.cpp - `lyap describe`: what a plugin says about itself.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "command.hpp"
#include "plugin/describe.hpp"
#include "program.hpp"
#include "reference.hpp"

namespace lyap::app {
namespace {

struct Kind {
  int kind;
  const char* meaning;
};
constexpr Kind kinds[] = {
    {LYAP_CELL, "a recurrent map s' = f(x, s; W) and its derivatives"},
    {LYAP_TASK, "where sequences come from, and what counts as success"},
    {LYAP_TRAINER, "changes the weights until the network does the task"},
    {LYAP_ANALYSIS, "a measurement on a network"},
};

Words ids_of(const framework::Catalog& catalog, int kind) {
  Words ids;
  for (const framework::Plugin* plugin : catalog.plugins())
    if (plugin->kind() == kind) ids.emplace_back(plugin->id());
  return ids;
}

std::string kinds_text(const framework::Catalog& catalog) {
  std::string text = "Kinds of plugin, and those found; `lyap describe ID` explains one.\n\n";
  for (const auto& [kind, meaning] : kinds) {
    const Words ids = ids_of(catalog, kind);
    text += fmt::format("{:<9} {}\n          {}\n", framework::kind_name(kind), meaning,
                        ids.empty() ? "(none found)" : framework::join(ids));
  }
  return text;
}

std::string kinds_json(const framework::Catalog& catalog) {
  nlohmann::ordered_json json;
  for (const auto& [kind, meaning] : kinds)
    json[std::string(framework::kind_name(kind))] = {{"meaning", meaning},
                                                     {"ids", ids_of(catalog, kind)}};
  return json.dump(2) + "\n";
}

}  // namespace

int describe_command(const Words& words, Common common) {
  bool markdown = false;
  Arguments arguments(
      "describe [ID...] [options]",
      "Explains plugins in their own words: what they compute and where it is\n"
      "published, their options with type, default, range and unit, and for analyses\n"
      "what they take and give. These are the names a pipeline file uses.\n"
      "Without ID: the kinds of plugin. With --json: one object for each ID.");
  namespace po = boost::program_options;
  arguments.add()                                                              //
      ("id", po::value<Words>()->value_name("ID"), "which plugins")            //
      ("markdown", po::bool_switch(&markdown), "a Markdown page for each ID")  //
      ("pages", po::value<std::string>()->value_name("DIR"),
       "write the reference pages of everything into DIR: every plugin found, pipeline files, "
       "commands");
  arguments.positional("id", -1);
  arguments.example("lyap describe                     what there is");
  arguments.example("lyap describe spectrum            options, inputs and results of 'spectrum'");
  arguments.example("lyap describe lstm gru --json     two of them, for programs");
  arguments.example("lyap describe --pages reference   all of it, to be read");
  if (!arguments.read(words, common)) return 0;

  const Words ids = arguments.texts("id");
  if (markdown && (common.json || ids.empty()))
    arguments.refuse(ids.empty() ? "--markdown needs an ID" : "--markdown or --json, not both");
  if (arguments.has("pages") && !ids.empty())
    arguments.refuse("--pages writes the pages of all plugins; leave the IDs out");

  const Program program(common);
  if (arguments.has("pages")) {
    write_reference(program.catalog, arguments.text("pages"));
    return 0;
  }
  if (ids.empty())
    std::cout << (common.json ? kinds_json(program.catalog) : kinds_text(program.catalog));
  std::string text;  // whole: nothing is printed when one of the ids does not exist
  for (const std::string& id : ids) {
    const framework::Plugin& plugin = program.catalog.find(id);
    if (!text.empty() && !common.json) text += '\n';
    text += common.json ? framework::describe_json(plugin)
            : markdown  ? framework::describe_markdown(plugin)
                        : framework::describe(plugin);
  }
  std::cout << text;
  return 0;
}

}  // namespace lyap::app
