// framework/run/notes_file.cpp - notes.json: what analyses said beside their numbers.
#include "run/notes_file.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "run/headline.hpp"

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;
using Notes = std::vector<std::pair<std::string, std::string>>;

Json json_of(const Notes& notes) {
  Json json = Json::object();
  for (const auto& [key, text] : notes)
    if (key != "table") json[key] = text;
  return json;
}

Notes notes_of(const Json& json) {
  Notes notes;
  for (const auto& [key, text] : json.items()) notes.emplace_back(key, text.get<std::string>());
  return notes;
}

}  // namespace

void write_notes(const std::filesystem::path& path, const std::vector<Measurement>& measurements) {
  Json all = Json::array();
  for (const Measurement& m : measurements) {
    Json results = Json::array();
    for (const MeasuredArray& array : m.arrays)
      results.push_back({{"result", array.port},
                         {"quantity", array.quantity.text()},
                         {"doc", array.doc},
                         {"notes", json_of(array.notes)}});
    all.push_back({{"name", m.name},
                   {"analysis", m.analysis},
                   {"checkpoint", m.checkpoint},
                   {"epoch", m.epoch},
                   {"seconds", m.seconds},
                   {"headline", headline(m)},
                   {"tables", tables(m)},
                   {"notes", json_of(m.notes)},
                   {"results", std::move(results)}});
  }
  write_file_atomically(path, all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::vector<Measurement> read_notes(const std::filesystem::path& path) try {
  std::vector<Measurement> all;
  for (const Json& json : Json::parse(read_file(path))) {
    Measurement& m = all.emplace_back();
    m.name = json.at("name");
    m.analysis = json.at("analysis");
    m.checkpoint = json.at("checkpoint");
    m.epoch = json.at("epoch");
    m.seconds = json.at("seconds");
    m.notes = notes_of(json.at("notes"));
    m.notes.emplace_back("headline", json.at("headline"));
    for (const std::string text : json.at("tables")) m.notes.emplace_back("table", text);
    for (const Json& result : json.at("results")) {
      MeasuredArray& array = m.arrays.emplace_back();
      array.port = result.at("result");
      array.group = m.name;
      array.doc = result.at("doc");
      array.quantity = Quantity::parse(result.at("quantity").get<std::string>());
      array.notes = notes_of(result.at("notes"));
    }
  }
  return all;
} catch (const nlohmann::json::exception& e) {
  throw InputError("'" + path.string() +
                   "' is not what a run or sweep writes as notes.json: " + e.what());
}

}  // namespace lyap::framework
