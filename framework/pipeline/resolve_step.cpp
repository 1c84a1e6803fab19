// framework/pipeline/resolve_step.cpp - one step: its plugin found, its options checked.
#include "pipeline/resolve_step.hpp"

#include <algorithm>

namespace lyap::framework {

void resolve_step(const Catalog& catalog, int kind, const Step& asked, PlannedStep& planned,
                  Mistakes& mistakes) {
  planned.as = asked.as.empty() ? asked.use : asked.as;
  planned.place = asked.place;
  if (asked.use.empty()) return;  // told while the file was read
  try {
    planned.plugin = &catalog.find(kind, asked.use);
  } catch (const InputError& e) {
    mistakes.add(asked.place, e.what(), "lyap plugins lists what is installed");
    return;
  }
  const Owner owner{std::string(kind_name(kind)), asked.use, asked.place};
  planned.values = check_options(owner, planned.plugin->options(), asked.with, mistakes);
}

bool is_study(const Plugin& analysis) {
  const auto ports = analysis.ports();
  return std::none_of(ports.begin(), ports.end(), [](const lyap_port& port) {
    return port.role == LYAP_MODEL_PORT || port.role == LYAP_DATA_PORT;
  });
}

}  // namespace lyap::framework
