// framework/run/row_file.cpp - a row of the table of networks in its two files.
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "data/safetensors.hpp"
#include "run/row.hpp"

namespace lyap::framework {
namespace {

using Json = nlohmann::ordered_json;

/// The numbers from `at` on as lists within lists, one level for every axis from `axis` on.
Json nested(const MeasuredArray& array, std::size_t axis, std::size_t& at) {
  if (axis == array.shape.size()) {
    const double value = array.values[at++];
    return std::isfinite(value) ? Json(value) : Json(nullptr);
  }
  Json list = Json::array();
  for (std::int64_t i = 0; i < array.shape[axis]; ++i) list.push_back(nested(array, axis + 1, at));
  return list;
}

Json shown(const MeasuredArray& array) {
  if (const std::string* word = array.note("word")) return *word;
  if (const std::string* field = array.note("field")) return *field;
  std::size_t at = 0;
  return nested(array, 0, at);
}

}  // namespace

std::string json_of(const Row& row) {
  Json json = Json::object();
  for (const MeasuredArray& array : row) json[array.port] = shown(array);
  return json.dump(2) + "\n";
}

void write_row(const std::filesystem::path& path, const Row& row) {
  TensorFile file;
  Json columns = Json::array();
  for (const MeasuredArray& array : row) {
    if (!array.field.empty()) continue;  // too large for a table; named in record.json
    file.tensors[array.port] = Tensor::of(array.shape, array.values);
    Json notes = Json::object();
    for (const auto& [key, text] : array.notes) notes[key] = text;
    columns.push_back({{"name", array.port},
                       {"quantity", array.quantity.text()},
                       {"doc", array.doc},
                       {"notes", notes}});
  }
  file.metadata["lyap_row"] = columns.dump();
  write_safetensors(path, file);
}

Row read_row(const std::filesystem::path& path) {
  const TensorFile file = read_safetensors(path);
  const auto columns = file.metadata.find("lyap_row");
  if (columns == file.metadata.end())
    throw InputError(path.string() + ": not a row of a table of networks");
  Row row;
  try {
    for (const Json& column : Json::parse(columns->second)) {
      const Tensor& tensor = file.tensor(column.at("name"), path);
      MeasuredArray array;
      array.port = column.at("name");
      array.doc = column.at("doc");
      array.quantity = Quantity::parse(column.at("quantity").get<std::string>());
      array.shape = tensor.shape;
      array.values = tensor.to_doubles();
      for (const auto& [key, text] : column.at("notes").items())
        array.notes.emplace_back(key, text.get<std::string>());
      row.push_back(std::move(array));
    }
  } catch (const Json::exception& e) {
    throw InputError(path.string() + ": not a row of a table of networks: " + e.what());
  }
  return row;
}

}  // namespace lyap::framework
