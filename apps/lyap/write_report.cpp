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

void show(const std::filesystem::path& file, Terminal& terminal) {
  const std::string command = "xdg-open " + in_shell(file.string()) + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0)
    terminal.say(LYAP_WARNING, "no browser could be opened; the report is " + file.string());
}

void write_report(const std::filesystem::path& folder, Terminal& terminal, bool open) try {
  const auto file = framework::write_report(folder, chart_libraries());
  terminal.say(LYAP_INFO, "report: " + file.string());
  if (open) show(file, terminal);
} catch (const std::exception& e) {
  terminal.say(LYAP_WARNING, std::string("there is no report: ") + e.what());
}

}  // namespace lyap::app
