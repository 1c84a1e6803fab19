// framework/plugin/describe.cpp - what plugins say about themselves, for people.
#include "plugin/describe.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "plugin/columns.hpp"
#include "plugin/option_words.hpp"

namespace lyap::framework {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string allowed(const lyap_option& option) {
  if (option.type != LYAP_CHOICE) return range_text(option);
  std::vector<std::string> words;
  for (const char* const* word = option.choices; *word; ++word) words.emplace_back(*word);
  return join(words, " | ");
}

std::string options_text(const Plugin& plugin) {
  Rows rows;
  for (const lyap_option& option : plugin.options())
    rows.push_back({option.name, std::string(type_name(option)),
                    option.fallback ? (*option.fallback ? option.fallback : "''") : "required",
                    allowed(option), option.unit, option.doc});
  return rows.empty() ? "" : "\n  with:\n" + columns(rows, "    ");
}

// Model and data need no explanation and stand in the first line.
std::string inputs_text(const Plugin& plugin) {
  std::vector<std::string> givens;
  Rows rows;
  for (const lyap_port& port : plugin.ports()) {
    if (port.role == LYAP_MODEL_PORT || port.role == LYAP_DATA_PORT)
      givens.emplace_back(port.name);
    else if (port.role != LYAP_RESULT)
      rows.push_back({port.name, port.quantity,
                      port.doc + std::string(port.role == LYAP_OPTIONAL ? " (optional)" : "")});
  }
  std::string text = givens.empty() ? "" : "  from:  " + join(givens) + "\n";
  if (!rows.empty()) text += columns(rows, text.empty() ? "  from:  " : "         ");
  return text;
}

std::string results_text(const Plugin& plugin) {
  Rows rows;
  for (const lyap_port& port : plugin.ports())
    if (port.role == LYAP_RESULT) rows.push_back({port.name, port.quantity, port.doc});
  return rows.empty() ? "" : columns(rows, "  gives: ");
}

}  // namespace

std::string describe(const Plugin& plugin) {
  std::string text =
      fmt::format("{} {} - {}   {}   {}\n", plugin.id(), plugin.version(), plugin.summary(),
                  kind_name(plugin.kind()), plugin.file().filename().string());
  if (!plugin.reference().empty()) text += fmt::format("  {}\n", plugin.reference());
  text += options_text(plugin);
  return text + inputs_text(plugin) + results_text(plugin);
}

std::string list(const Catalog& catalog) {
  std::string text;
  const std::vector<const Plugin*> plugins = catalog.plugins();
  for (const int kind : {LYAP_CELL, LYAP_TASK, LYAP_TRAINER, LYAP_ANALYSIS}) {
    Rows rows;
    for (const Plugin* plugin : plugins)
      if (plugin->kind() == kind)
        rows.push_back({std::string(plugin->id()), std::string(plugin->version()),
                        std::string(plugin->summary()), plugin->file().filename().string()});
    if (!rows.empty()) text += std::string(kind_plural(kind)) + "\n" + columns(rows, "  ");
  }
  const std::vector<RefusedLibrary> refused = catalog.refused();
  if (!refused.empty()) text += "refused\n";
  for (const RefusedLibrary& library : refused)
    text += fmt::format("  {}\n    {}\n", library.file.string(), library.reason);
  if (!text.empty()) return text;
  std::vector<std::string> places;
  for (const auto& folder : catalog.folders()) places.push_back(folder.string());
  return fmt::format(
      "no plugins in {}; name the folder of yours with --plugins or in "
      "LYAP_PLUGIN_PATH\n",
      places.empty() ? "the search path, which is empty" : join(places));
}

}  // namespace lyap::framework
