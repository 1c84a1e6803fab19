// apps/lyap/commands/report.cpp - `lyap report`: report.html of runs and sweeps, and comparisons.
#include "report/report.hpp"

#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "command.hpp"
#include "program.hpp"
#include "write_report.hpp"

namespace lyap::app {
namespace fs = std::filesystem;
namespace po = boost::program_options;

namespace {

/// Before charts/ is made beside it.
void check_place(const fs::path& file) {
  const fs::path folder = fs::absolute(file).parent_path();
  const char* wrong = fs::is_directory(file)                       ? "it is a folder"
                      : !fs::is_directory(folder)                  ? "its folder is not there"
                      : ::access(folder.c_str(), W_OK | X_OK) != 0 ? "its folder takes no files"
                                                                   : nullptr;
  if (wrong)
    throw framework::InputError("'" + file.string() + "' cannot be written: " + wrong +
                                "; name another file with --out");
}

}  // namespace

int report_command(const Words& words, Common common) {
  Arguments arguments(
      "report DIR... [options]",
      "Writes report.html into the folder of a run or of a sweep again: one file with numbers,\n"
      "tables and charts that needs no network; charts/ beside it holds the Vega-Lite\n"
      "specification and the data of every chart. Several folders are compared in one file:\n"
      "settings that differ, headlines, spectra and curves of training beside each other.");
  arguments.add()  //
      ("folder", po::value<Words>()->composing()->value_name("DIR"),
       "the folder of a run or of a sweep; several are compared")  //
      ("out", po::value<std::string>()->value_name("FILE"),
       "where a comparison is written (default: comparison.html)")  //
      ("open", "show the report in the browser of the desktop");
  arguments.positional("folder", -1);
  arguments.example("lyap report runs/2026-11-22T01-30-00_quickstart_1f3a9c --open");
  arguments.example("lyap report runs/lstm runs/gru runs/rnn --out cells.html");
  if (!arguments.read(words, common)) return 0;
  const Words folders = arguments.texts("folder");
  if (folders.empty()) arguments.refuse("give the folder of a run or of a sweep");
  if (folders.size() == 1 && arguments.has("out"))
    arguments.refuse("--out is for a comparison; the report of one folder is report.html in it");
  Terminal terminal(common.quiet);
  fs::path file;
  if (folders.size() == 1) {
    file = framework::write_report(folders.front(), chart_libraries());
  } else {
    file = arguments.has("out") ? arguments.text("out") : "comparison.html";
    check_place(file);
    framework::write_comparison({folders.begin(), folders.end()}, file, chart_libraries());
  }
  if (common.json)
    std::cout << nlohmann::ordered_json{{"report", file.string()}}.dump(2) << '\n';
  else
    std::cout << "report: " << file.string() << '\n';
  if (arguments.has("open")) show(file, terminal);
  return 0;
}

}  // namespace lyap::app
