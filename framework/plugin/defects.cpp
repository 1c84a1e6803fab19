// framework/plugin/defects.cpp - are the tables of a loaded library what abi.h says they are?
#include "plugin/defects.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "base/quantity.hpp"
#include "base/text.hpp"
#include "plugin/identifier.hpp"
#include "plugin/option_words.hpp"
#include "plugin/plugin.hpp"

namespace lyap::framework {
namespace {

bool is_blank(const char* text) {
  return !text || !*text;
}

std::string defect_of_option(const lyap_option& option) {
  if (option.type < LYAP_INTEGER || option.type > LYAP_TEXTS)
    return fmt::format("has the unknown type {}", option.type);
  if (is_blank(option.doc)) return "has no doc; say in one sentence what it does";
  if (!option.unit) return "has a null unit; give \"\" for none";
  if (std::isnan(option.low) || std::isnan(option.high) || option.low > option.high)
    return fmt::format("has the empty range {} to {}", option.low, option.high);
  if (option.type == LYAP_CHOICE && (!option.choices || !*option.choices))
    return "offers no choices";
  if (!option.fallback) return "";
  const std::string mistake = mistake_in(option, option_words(option, option.fallback));
  return mistake.empty() ? "" : fmt::format("cannot take its own default: {}", mistake);
}

std::string defect_of_options(const lyap_plugin& plugin) {
  if (plugin.option_count > 0 && !plugin.options) return "announces options and gives none";
  std::set<std::string> names;
  for (std::uint32_t i = 0; i < plugin.option_count; ++i) {
    const lyap_option& option = plugin.options[i];
    if (is_blank(option.name) || !is_snake_case(option.name))
      return fmt::format("has an option called {}, which is no snake_case word",
                         quoted(option.name ? option.name : ""));
    if (!names.insert(option.name).second)
      return fmt::format("has two options called '{}'", option.name);
    const std::string reason = defect_of_option(option);
    if (!reason.empty()) return fmt::format("has an option '{}' that {}", option.name, reason);
  }
  return "";
}

std::string defect_of_port(const lyap_port& port) {
  if (port.role < LYAP_MODEL_PORT || port.role > LYAP_RESULT)
    return fmt::format("has the unknown role {}", port.role);
  if (is_blank(port.doc)) return "has no doc; say in one sentence what it carries";
  if (port.role == LYAP_MODEL_PORT || port.role == LYAP_DATA_PORT) return "";
  try {
    Quantity::parse(port.quantity ? port.quantity : "");
    return "";
  } catch (const InputError& error) {
    return fmt::format("carries no quantity: {}", error.what());
  }
}

std::string defect_of_ports(const lyap_plugin& plugin) {
  if (plugin.port_count > 0 && !plugin.ports) return "announces ports and gives none";
  std::set<std::string> names;
  for (std::uint32_t i = 0; i < plugin.port_count; ++i) {
    const lyap_port& port = plugin.ports[i];
    if (is_blank(port.name) || !is_snake_case(port.name))
      return fmt::format("has a port called {}, which is no snake_case word",
                         quoted(port.name ? port.name : ""));
    if (!names.insert(port.name).second) return fmt::format("has two ports called '{}'", port.name);
    const std::string reason = defect_of_port(port);
    if (!reason.empty()) return fmt::format("has a port '{}' that {}", port.name, reason);
  }
  return "";
}

struct Operation {
  template <class Function>
  Operation(const char* name, Function* function) : name(name), present(function != nullptr) {}

  const char* name;
  bool present;
};

// What every kind must offer; the rest of its table may be null.
std::vector<Operation> required_operations(const lyap_plugin& plugin) {
  const auto cell = static_cast<const lyap_cell_ops*>(plugin.ops);
  const auto task = static_cast<const lyap_task_ops*>(plugin.ops);
  const auto trainer = static_cast<const lyap_trainer_ops*>(plugin.ops);
  const auto analysis = static_cast<const lyap_analysis_ops*>(plugin.ops);
  switch (plugin.kind) {
    case LYAP_CELL:
      return {{"create", cell->create}, {"destroy", cell->destroy}, {"shape", cell->shape},
              {"open", cell->open},     {"close", cell->close},     {"bind", cell->bind},
              {"step", cell->step}};
    case LYAP_TASK:
      return {{"create", task->create},
              {"destroy", task->destroy},
              {"shape", task->shape},
              {"fetch", task->fetch},
              {"drive", task->drive}};
    case LYAP_TRAINER:
      return {{"create", trainer->create}, {"destroy", trainer->destroy}, {"fit", trainer->fit}};
    default:
      return {{"create", analysis->create}, {"destroy", analysis->destroy}, {"run", analysis->run}};
  }
}

std::string defect_of_operations(const lyap_plugin& plugin, const lyap_identity& identity) {
  const std::uint32_t sizes[] = {identity.cell_ops_size, identity.task_ops_size,
                                 identity.trainer_ops_size, identity.analysis_ops_size};
  if (plugin.kind < LYAP_CELL || plugin.kind > LYAP_ANALYSIS)
    return fmt::format("is of the unknown kind {}", plugin.kind);
  if (!plugin.ops) return "has no operations";
  const auto size = *static_cast<const std::uint32_t*>(plugin.ops);
  const std::uint32_t expected = sizes[plugin.kind - LYAP_CELL];
  if (size != expected)
    return fmt::format("has a table of operations of {} bytes instead of {}", size, expected);
  for (const Operation& operation : required_operations(plugin))
    if (!operation.present)
      return fmt::format("is {} without the operation '{}'", kind_with_article(plugin.kind),
                         operation.name);
  if (plugin.kind != LYAP_CELL) return "";
  const auto& cell = *static_cast<const lyap_cell_ops*>(plugin.ops);
  if (!cell.output != !cell.output_push || !cell.output != !cell.output_pull)
    return "has some of output, output_push and output_pull; give all three or none";
  return "";
}

std::string defect_of_plugin(const lyap_plugin& plugin, const lyap_identity& identity) {
  if (is_blank(plugin.version)) return "has no version";
  if (is_blank(plugin.summary)) return "has no summary; say in one line what it is";
  if (!plugin.reference) return "has a null reference; give \"\" for none";
  for (const std::string& reason :
       {defect_of_operations(plugin, identity), defect_of_options(plugin), defect_of_ports(plugin)})
    if (!reason.empty()) return reason;
  return "";
}

}  // namespace

std::string defect(const lyap_library& library) {
  if (library.plugin_count == 0 || !library.plugin)
    return "holds no plugins; name them in LYAP_PLUGINS(...)";
  std::set<std::string> ids;
  for (std::uint32_t i = 0; i < library.plugin_count; ++i) {
    const lyap_plugin* plugin = library.plugin(i);
    if (!plugin)
      return fmt::format("announces {} plugins and has no number {}", library.plugin_count, i);
    if (plugin->size != library.identity.plugin_size)
      return fmt::format("its plugin number {} says it has {} bytes instead of {}", i, plugin->size,
                         library.identity.plugin_size);
    const std::string id = plugin->id ? plugin->id : "";
    if (!is_snake_case(id) && !is_reverse_domain(id))
      return fmt::format(
          "its plugin number {} is called {}; an id is a snake_case word or a "
          "reverse domain name such as 'org.example.my_cell'",
          i, quoted(id));
    if (!ids.insert(id).second) return fmt::format("holds two plugins called '{}'", id);
    const std::string reason = defect_of_plugin(*plugin, library.identity);
    if (!reason.empty()) return fmt::format("its plugin '{}' {}", id, reason);
  }
  return "";
}

}  // namespace lyap::framework
