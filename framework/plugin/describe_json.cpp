// framework/plugin/describe_json.cpp - what plugins say about themselves, for programs.
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/quantity.hpp"
#include "plugin/describe.hpp"
#include "plugin/option_words.hpp"

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;

Json finite_or_null(double number) {
  return std::isfinite(number) ? Json(number) : Json(nullptr);
}

Json json_of(const lyap_option& option) {
  Json json{{"name", option.name}, {"type", type_name(option)}};
  json["default"] = option.fallback ? Json(option.fallback) : Json(nullptr);
  json["required"] = option.fallback == nullptr;
  if (is_number(option)) {
    json["low"] = finite_or_null(option.low);
    json["high"] = finite_or_null(option.high);
  }
  if (option.type == LYAP_CHOICE) {
    json["choices"] = Json::array();
    for (const char* const* word = option.choices; *word; ++word) json["choices"].push_back(*word);
  }
  json["unit"] = option.unit;
  json["doc"] = option.doc;
  return json;
}

Json json_of(const lyap_port& port) {
  const bool given = port.role == LYAP_MODEL_PORT || port.role == LYAP_DATA_PORT;
  const char* roles[] = {"model", "data", "input", "optional", "result"};
  Json json{{"name", port.name}, {"role", roles[port.role - LYAP_MODEL_PORT]}};
  if (!given) {
    const Quantity quantity = Quantity::parse(port.quantity);
    json["quantity"] = quantity.name;
    json["axes"] = quantity.axes;
    json["unit"] = quantity.unit;
  }
  json["doc"] = port.doc;
  return json;
}

Json summary_of(const Plugin& plugin) {
  return {{"id", plugin.id()},
          {"kind", kind_name(plugin.kind())},
          {"version", plugin.version()},
          {"summary", plugin.summary()},
          {"library", plugin.file().string()},
          {"sha256", plugin.sha256()}};
}

// Text of plugins and paths may be no UTF-8: replaced, not refused.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string describe_json(const Plugin& plugin) {
  const lyap_identity& identity = plugin.library().identity();
  Json json = summary_of(plugin);
  json["reference"] = plugin.reference();
  json["made_with"] = {
      {"abi", std::to_string(identity.abi_major) + "." + std::to_string(identity.abi_minor)},
      {"sdk", identity.sdk},
      {"compiler", identity.compiler},
      {"eigen", identity.eigen}};
  json["options"] = Json::array();
  for (const lyap_option& option : plugin.options()) json["options"].push_back(json_of(option));
  json["ports"] = Json::array();
  for (const lyap_port& port : plugin.ports()) json["ports"].push_back(json_of(port));
  return text_of(json);
}

std::string list_json(const Catalog& catalog) {
  Json json;
  json["folders"] = Json::array();
  for (const auto& folder : catalog.folders()) json["folders"].push_back(folder.string());
  json["plugins"] = Json::array();
  for (const Plugin* plugin : catalog.plugins()) json["plugins"].push_back(summary_of(*plugin));
  json["refused"] = Json::array();
  for (const RefusedLibrary& library : catalog.refused())
    json["refused"].push_back({{"file", library.file.string()}, {"reason", library.reason}});
  return text_of(json);
}

}  // namespace lyap::framework
