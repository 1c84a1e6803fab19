// apps/lyap/commands/new.cpp - `lyap new`: a plugin of one's own, begun from a template.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "plugin/identifier.hpp"
#include "program.hpp"
#include "shell_word.hpp"
#include "template.hpp"

namespace lyap::app {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;
using framework::InputError;
using framework::quoted;
using framework::UsageError;

constexpr std::size_t longest_name = 64;

/// "my-cell" and "MyCell" as "my_cell"; empty when the word does not become a name that easily.
std::string in_snake_case(const std::string& word) {
  std::string name;
  for (const char letter : word) {
    const bool capital = letter >= 'A' && letter <= 'Z';
    const bool gap = letter == '-' || letter == ' ' || letter == '.';
    if ((capital || gap) && !name.empty() && name.back() != '_') name += '_';
    if (!gap) name += capital ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return framework::is_snake_case(name) ? name : "";
}

void refuse_bad_name(const std::string& name, const framework::Catalog& catalog) {
  if (!framework::is_snake_case(name)) {
    const std::string better = in_snake_case(name);
    throw UsageError(quoted(name) +
                     " cannot be a plugin's id: that is lower-case words, digits and single "
                     "underscores, a letter first; take " +
                     quoted(better.empty() ? "my_cell" : better));
  }
  if (name.size() > longest_name)
    throw UsageError(fmt::format("a plugin's id has at most {} letters, this one has {}",
                                 longest_name, name.size()));
  // Names of CMake's own targets, and a namespace that the class would collide with.
  for (const char* taken : {"all", "clean", "eigen", "help", "install", "package", "test"})
    if (name == taken)
      throw UsageError(quoted(name) + " means something else to CMake or to the compiler; take " +
                       quoted("my_" + name));
  for (const framework::Plugin* plugin : catalog.plugins())
    if (plugin->id() == name)
      throw UsageError(
          fmt::format("there is a {} already, in {}; of two with one id only the first "
                      "is used: take {}",
                      plugin->title(), plugin->file().string(), quoted("my_" + name)));
}

/// What cmake must be told to find the SDK; nothing where it looks by itself.
std::string prefix_option() {
  const fs::path prefix = installed_prefix();
  if (prefix == "/usr" || prefix == "/usr/local") return "";
  return " -DCMAKE_PREFIX_PATH=" + in_shell(prefix.string());
}

/// Where the author's guide lies; nothing where documents are not installed.
std::string guide() {
  const fs::path file = installed_prefix() / "share" / "doc" / "lyap" / "sdk" / "README.md";
  return fs::exists(file) ? fmt::format("\nThe guide for authors of plugins: {}\n", file.string())
                          : "";
}

}  // namespace

int new_command(const Words& words, Common common) {
  const Words kinds = {"cell", "task", "analysis", "study", "trainer"};
  std::string parent = ".";
  bool by_hand = false;
  Arguments arguments(
      "new KIND NAME [options]",
      "Makes a folder NAME with a plugin that builds, passes `lyap check` and runs:\n"
      "30 to 100 lines of C++, a CMakeLists.txt, a pipeline and a README to begin\n"
      "from. Nothing but the installed SDK, Eigen and a compiler is needed. KIND is\n"
      "  cell      a recurrent map, as equations: derivatives come by themselves;\n"
      "            with --by-hand the same cell with its derivatives written out\n"
      "  task      where sequences come from and what counts as success\n"
      "  analysis  a measurement on one network\n"
      "  study     a computation on the table of many networks\n"
      "  trainer   changes the weights until the network does the task");
  arguments.add()                                                             //
      ("kind", po::value<std::string>()->value_name("KIND"), "one of these")  //
      ("name", po::value<std::string>()->value_name("NAME"),
       "the plugin's id and its folder's name, in words_like_these")                     //
      ("by-hand", po::bool_switch(&by_hand), "a cell with its derivatives written out")  //
      ("into", po::value(&parent)->value_name("DIR"),
       "the folder to make the new one in (default: this one)");
  arguments.positional("kind");
  arguments.positional("name");
  arguments.example("lyap new cell my_cell");
  arguments.example("lyap new cell my_fast_cell --by-hand");
  arguments.example("lyap new analysis growth --into ~/plugins");
  if (!arguments.read(words, common)) return 0;

  const std::string kind =
      arguments.required("kind", "what to make (" + framework::join(kinds) + ")");
  const std::string name = arguments.required("name", "the name of the new " + kind);
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    const std::string near = framework::did_you_mean(kind, kinds);
    arguments.refuse("there is no template for " + quoted(kind) +
                     (near.empty() ? "; there are " + framework::join(kinds) : near));
  }
  if (by_hand && kind != "cell") arguments.refuse("--by-hand is about cells");
  refuse_bad_name(name, Program(common).catalog);

  const fs::path from = template_folder(by_hand ? "cell_by_hand" : kind);
  const fs::path folder = (parent == "." ? fs::path() : fs::path(parent)) / name;
  copy_template(from, folder, "my_" + kind, name);

  const std::string at = in_shell(folder.string());
  std::cout << fmt::format(
      "{0}/ holds the {1} '{2}', ready to build; {2}.cpp is where to begin. Next:\n\n"
      "  cmake -S {0} -B {0}/build{3} && cmake --build {0}/build\n"
      "  lyap check {0}/build/{2}.lyap.so\n"
      "  lyap run {0}/{2}.yaml --plugins {0}/build\n{4}",
      at, kind, name, prefix_option(), guide());
  return 0;
}

}  // namespace lyap::app
