// framework/pipeline/resolve_step.cpp - one step: its plugin found, its options checked.
#include "pipeline/resolve_step.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace lyap::framework {

void resolve_step(const Catalog& catalog, int kind, const Step& asked, PlannedStep& planned,
                  Mistakes& mistakes) {
  planned.as = asked.as.empty() ? asked.use : asked.as;
  planned.place = asked.place;
  if (asked.use.empty()) return;  // told while the file was read
  try {
    planned.plugin = &catalog.find(kind, asked.use);
  } catch (const InputError& e) {
    mistakes.add(asked.place, e.what(),
                 "lyap plugins lists what is found; --plugins DIR finds yours");
    return;
  }
  const Owner owner{std::string(kind_name(kind)), asked.use, asked.place};
  planned.values = check_options(owner, planned.plugin->options(), asked.with, mistakes);
}

const lyap_port* input_port(const Plugin& analysis, const Connection& connection,
                            Mistakes& mistakes) {
  std::vector<std::string> inputs;
  for (const lyap_port& port : analysis.ports()) {
    if (port.role != LYAP_INPUT && port.role != LYAP_OPTIONAL) continue;
    if (connection.port == port.name) return &port;
    inputs.emplace_back(port.name);
  }
  const std::string id(analysis.id());
  mistakes.add(connection.port_place,
               fmt::format("analysis '{}' has no port '{}'{}", id, connection.port,
                           did_you_mean(connection.port, inputs)),
               "lyap describe " + id + " lists its ports");
  return nullptr;
}

bool is_study(const Plugin& analysis) {
  const auto ports = analysis.ports();
  return std::none_of(ports.begin(), ports.end(), [](const lyap_port& port) {
    return port.role == LYAP_MODEL_PORT || port.role == LYAP_DATA_PORT;
  });
}

}  // namespace lyap::framework
