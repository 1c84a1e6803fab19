// apps/lyap/write_report.cpp - report.html at the end of a run or sweep.
#include "write_report.hpp"

#include <cstdlib>

#include "program.hpp"
#include "report/report.hpp"
#include "shell_word.hpp"

namespace lyap::app {

std::filesystem::path chart_libraries() {
  return installed_prefix() / "share" / "lyap" / "assets";
}

void show(const std::filesystem::path& report, Terminal& terminal) {
  if (!std::filesystem::exists(report)) return;  // that there is none was said
  const std::string command = "xdg-open " + in_shell(report.string()) + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0)
    terminal.say(LYAP_WARNING, "no browser could be opened; the report is " + report.string());
}

void write_report(const std::filesystem::path& folder, Terminal& terminal) try {
  framework::write_report(folder, chart_libraries());
} catch (const std::exception& e) {
  terminal.say(LYAP_WARNING, std::string("there is no report: ") + e.what());
}

}  // namespace lyap::app
