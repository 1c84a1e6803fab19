// framework/plugin/describe_markdown.cpp - what plugins say about themselves, as reference pages.
#include <fmt/format.h>

#include <algorithm>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "plugin/describe.hpp"
#include "plugin/markdown.hpp"
#include "plugin/option_words.hpp"

namespace lyap::framework {
namespace {

using Rows = std::vector<std::vector<std::string>>;

bool is_study(const Plugin& plugin) {
  const auto ports = plugin.ports();
  return plugin.kind() == LYAP_ANALYSIS &&
         std::none_of(ports.begin(), ports.end(),
                      [](const lyap_port& port) { return port.role == LYAP_MODEL_PORT; });
}

/// Where in a pipeline file the plugin stands.
std::string place_of(const Plugin& plugin) {
  switch (plugin.kind()) {
    case LYAP_CELL:
      return "trials: {cell: {use: " + std::string(plugin.id()) + ", with: {...}}}";
    case LYAP_TASK:
      return "trials: {task: {use: " + std::string(plugin.id()) + ", with: {...}}}";
    case LYAP_TRAINER:
      return "trials: {train: {use: " + std::string(plugin.id()) + ", with: {...}}}";
    default:
      return is_study(plugin)
                 ? fmt::format("study: [{{use: {}, as: NAME, from: {{...}}, with: {{...}}}}]",
                               plugin.id())
                 : fmt::format("trials: {{measure: [{{use: {}, as: NAME, with: {{...}}}}]}}",
                               plugin.id());
  }
}

std::string allowed(const lyap_option& option) {
  if (option.type != LYAP_CHOICE) return range_text(option);
  std::vector<std::string> words;
  for (const char* const* word = option.choices; *word; ++word) words.push_back(as_code(*word));
  return join(words);
}

std::string fallback_of(const lyap_option& option) {
  if (!option.fallback) return "required";
  return *option.fallback ? as_code(option.fallback) : "empty";
}

std::string options_table(const Plugin& plugin) {
  Rows rows;
  for (const lyap_option& option : plugin.options())
    rows.push_back({as_code(option.name), std::string(type_name(option)), fallback_of(option),
                    allowed(option), in_markdown(option.unit), in_markdown(option.doc)});
  const std::string table =
      markdown_table({"option", "type", "default", "allowed", "unit", "meaning"}, rows);
  return table.empty() ? "\nIt has no options.\n" : "\n## Options\n\n" + table;
}

std::vector<std::string> port_row(const lyap_port& port, const std::string& doc) {
  const Quantity quantity = Quantity::parse(port.quantity);
  return {as_code(port.name), in_markdown(quantity.name), in_markdown(join(quantity.axes)),
          in_markdown(quantity.unit), in_markdown(doc)};
}

std::string inputs_table(const Plugin& plugin) {
  Rows rows;
  for (const lyap_port& port : plugin.ports()) {
    if (port.role == LYAP_MODEL_PORT || port.role == LYAP_DATA_PORT)
      rows.push_back({as_code(port.name), "", "", "", in_markdown(port.doc)});
    else if (port.role != LYAP_RESULT)
      rows.push_back(port_row(
          port, std::string(port.doc) + (port.role == LYAP_OPTIONAL ? " (optional)" : "")));
  }
  const std::string table = markdown_table({"input", "quantity", "axes", "unit", "meaning"}, rows);
  return table.empty() ? "" : "\n## Inputs\n\n" + table;
}

std::string results_table(const Plugin& plugin) {
  Rows rows;
  for (const lyap_port& port : plugin.ports())
    if (port.role == LYAP_RESULT) rows.push_back(port_row(port, port.doc));
  const std::string table = markdown_table({"result", "quantity", "axes", "unit", "meaning"}, rows);
  return table.empty() ? "" : "\n## Results\n\n" + table;
}

}  // namespace

std::string describe_markdown(const Plugin& plugin) {
  std::string text =
      fmt::format("# {}\n\n{}.\n\nThis is {}, version {}, in `{}`. In a pipeline: `{}`\n",
                  plugin.id(), in_markdown(plugin.summary()),
                  is_study(plugin) ? "a study" : kind_with_article(plugin.kind()), plugin.version(),
                  plugin.file().filename().string(), place_of(plugin));
  if (!plugin.reference().empty()) text += "\nSource: " + in_markdown(plugin.reference()) + "\n";
  return text + options_table(plugin) + inputs_table(plugin) + results_table(plugin);
}

std::string index_markdown(const Catalog& catalog, const std::string& folder) {
  const std::vector<const Plugin*> plugins = catalog.plugins();
  const auto table = [&](const char* head, auto&& belongs) {
    Rows rows;
    for (const Plugin* plugin : plugins)
      if (belongs(*plugin))
        rows.push_back({fmt::format("[{0}]({1}{0}.md)", plugin->id(), folder),
                        in_markdown(plugin->summary())});
    const std::string body = markdown_table({"id", "what"}, rows);
    return body.empty() ? "" : fmt::format("\n## {}\n\n{}", head, body);
  };
  const auto of_kind = [](int kind) {
    return [kind](const Plugin& plugin) { return plugin.kind() == kind && !is_study(plugin); };
  };
  return table("Cells", of_kind(LYAP_CELL)) + table("Tasks", of_kind(LYAP_TASK)) +
         table("Trainers", of_kind(LYAP_TRAINER)) +
         table("Measurements on a network", of_kind(LYAP_ANALYSIS)) +
         table("Studies of many networks", is_study);
}

}  // namespace lyap::framework
