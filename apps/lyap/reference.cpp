// apps/lyap/reference.cpp - the reference pages: what the program says about itself, as files.
#include "reference.hpp"

#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command.hpp"
#include "pipeline/reference_page.hpp"
#include "plugin/describe.hpp"
#include "plugin/markdown.hpp"
#include "version.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace {

constexpr const char* told_by_program =
    "These pages are what the program says about itself: `lyap describe --pages DIR` writes them, "
    "with\nyour own plugins when `--plugins` names their folder.\n";

/// What a command prints for --help.
std::string help_of(const Command& command) {
  std::ostringstream text;
  std::streambuf* terminal = std::cout.rdbuf(text.rdbuf());
  try {
    command.run({"--help"}, {});
  } catch (...) {
    std::cout.rdbuf(terminal);
    throw;
  }
  std::cout.rdbuf(terminal);
  return text.str();
}

/// Every help ends with the options of every command, which are told once.
std::string without_common_options(const std::string& help) {
  return help.substr(0, help.find("\nOptions of every command:"));
}

std::string command_section(const std::string& name, const Command& command) {
  std::string help = without_common_options(help_of(command));
  while (help.ends_with('\n')) help.pop_back();
  std::string text = fmt::format("\n## lyap {}\n\n```text\n{}\n```\n", name, help);
  if (command.parts)
    for (const Command& part : command.parts())
      text += command_section(name + " " + part.name, part);
  return text;
}

std::string commands_page() {
  std::string page = "# Commands\n";
  for (const Command& command : commands()) page += command_section(command.name, command);
  Common unused;
  std::ostringstream options;
  options << common_options(unused);
  page += "\n## Options of every command\n\n```text\n" + options.str() + "```\n";
  std::vector<std::vector<std::string>> rows;
  for (const ExitCode& exit : exit_codes())
    rows.push_back({std::to_string(exit.code), framework::in_markdown(exit.meaning)});
  return page + "\n## Exit codes\n\n" + framework::markdown_table({"code", "meaning"}, rows);
}

std::string index_page(const framework::Catalog& catalog) {
  return fmt::format(
      "# lyap {}, reference\n\n{}\n* [Pipeline files](pipeline.md): every key, sweeps, columns, "
      "charts, initialisers\n* [Commands](commands.md): arguments, options, exit codes\n{}",
      version, told_by_program, framework::index_markdown(catalog, "plugins/"));
}

}  // namespace

void write_reference(const framework::Catalog& catalog, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / "plugins", error);
  if (error)
    throw framework::InputError(fmt::format("no folder {} can be made: {}",
                                            (folder / "plugins").string(), error.message()));
  using framework::write_file_atomically;
  for (const framework::Plugin* plugin : catalog.plugins())
    write_file_atomically(folder / "plugins" / fmt::format("{}.md", plugin->id()),
                          framework::describe_markdown(*plugin));
  write_file_atomically(folder / "pipeline.md", framework::pipeline_page());
  write_file_atomically(folder / "commands.md", commands_page());
  write_file_atomically(folder / "README.md", index_page(catalog));
}

}  // namespace lyap::app
