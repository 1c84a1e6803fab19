// apps/lyap/commands/plugins.cpp - `lyap plugins`: what is found, and what is refused and why.
#include <iostream>

#include "command.hpp"
#include "plugin/describe.hpp"
#include "program.hpp"

namespace lyap::app {

int plugins_command(const Words& words, Common common) {
  Arguments arguments(
      "plugins [options]",
      "Lists every plugin of the search path by kind: id, version, what it is, and\n"
      "its library. Libraries that cannot be used stand at the end with the reason;\n"
      "one of them never keeps the others from working.\n"
      "The search path: --plugins, then LYAP_PLUGIN_PATH, then ../lib/lyap/plugins\n"
      "beside the program. Of two plugins with one id the first found is used.");
  arguments.example("lyap plugins                      those that came with lyap");
  arguments.example("lyap plugins --plugins build      yours too");
  arguments.example("lyap plugins --json               for programs");
  if (!arguments.read(words, common)) return 0;
  const Program program(common);
  std::cout << (common.json ? framework::list_json(program.catalog)
                            : framework::list(program.catalog));
  return 0;
}

}  // namespace lyap::app
