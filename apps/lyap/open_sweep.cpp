// apps/lyap/open_sweep.cpp - which sweep a command means: a pipeline file, or the folder of one.
#include "open_sweep.hpp"

#include "base/file.hpp"
#include "version.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace framework;

void add_sweep_options(Arguments& arguments) {
  arguments.add()  //
      ("pipeline", po::value<std::string>()->value_name("FILE|DIR"),
       "the pipeline file, or the folder of a sweep that was begun")  //
      ("set,s", po::value<Words>()->composing()->value_name("KEY=VALUE"),
       "replace a value of the file (repeatable)")  //
      ("preset", po::value<Words>()->composing()->value_name("NAME"),
       "apply a named set of replacements from the file's `presets` (repeatable)")  //
      ("out", po::value<std::string>()->default_value("runs")->value_name("DIR"),
       "where the folder of the sweep, NAME-PRESET, is or is made");
  arguments.positional("pipeline");
}

fs::path file_of_earlier(const RunCommand& command, const fs::path& copy) {
  std::error_code gone;
  const fs::path kept = fs::absolute(copy);
  fs::current_path(command.folder, gone);
  const bool same =
      fs::is_regular_file(command.pipeline, gone) && read_file(command.pipeline) == read_file(kept);
  return same ? fs::path(command.pipeline) : kept;
}

namespace {

/// Reading a folder's sweep changes to where it was asked for; words of this command are meant from
/// here.
Common from_here(Common common) {
  for (std::string& folder : common.plugins) folder = fs::absolute(folder).string();
  if (!common.data.empty()) common.data = fs::absolute(common.data).string();
  return common;
}

OpenSweep with_program(OpenSweep open, Node tree, const fs::path& file, Mistakes mistakes,
                       const Common& common) {
  open.sweep = std::make_unique<PlannedSweep>(std::move(tree), file, std::move(mistakes));
  const std::vector<std::string>& further = open.sweep->asked().plugins;
  open.program =
      std::make_unique<Program>(common, std::vector<fs::path>{further.begin(), further.end()});
  open.command.workers = 1;
  return open;
}

OpenSweep of_folder(const fs::path& folder, const Common& common) {
  const SweepDirectory directory = SweepDirectory::open(fs::absolute(folder));
  OpenSweep open;
  open.command = directory.command();
  open.folder = directory.path();
  const fs::path file = file_of_earlier(open.command, directory.file("pipeline.yaml"));
  Mistakes mistakes;
  Node tree = read_tree(file, open.command.presets, open.command.overrides, mistakes);
  open = with_program(std::move(open), std::move(tree), file, std::move(mistakes), common);
  open.sweep->take_points(directory.points());
  return open;
}

}  // namespace

OpenSweep open_sweep(const Arguments& arguments, const Words& words, const Common& given) {
  const Common common = from_here(given);
  const std::string target =
      arguments.required("pipeline", "the pipeline file, or the folder of a sweep");
  if (fs::is_directory(target)) {
    if (arguments.has("set") || arguments.has("preset"))
      arguments.refuse(
          "the settings of a folder's sweep stand in it; give the pipeline file and "
          "another --out for new ones");
    return of_folder(target, common);
  }
  OpenSweep open;
  open.command.presets = arguments.texts("preset");
  open.command.overrides = arguments.texts("set");
  open.command.pipeline = fs::absolute(target).string();
  open.command.folder = fs::current_path().string();
  open.command.words = {"lyap"};
  open.command.words.insert(open.command.words.end(), words.begin(), words.end());
  open.command.version = version;
  Mistakes mistakes;
  Node tree = read_tree(target, open.command.presets, open.command.overrides, mistakes);
  open = with_program(std::move(open), std::move(tree), target, std::move(mistakes), common);
  std::string name = open.sweep->asked().name;
  for (const std::string& preset : open.command.presets) name += "-" + preset;
  open.folder = fs::absolute(fs::path(arguments.text("out")) / name);
  open.sweep->resolve_points(open.program->catalog);
  return open;
}

}  // namespace lyap::app
