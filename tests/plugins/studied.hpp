// tests/plugins/studied.hpp - studies of small tables of networks, from arrays to results.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "measured.hpp"
#include "model/border.hpp"

namespace studied {

using lyap::framework::MeasuredArray;
using lyap::framework::Measurement;
using measured::Field;
using measured::Place;

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// What a port is given: axes with their extents and numbers, last axis fastest; `words` when the
/// numbers are codes.
inline MeasuredArray array(const std::string& quantity, std::vector<std::int64_t> shape,
                           std::vector<double> values, const std::string& words = "") {
  MeasuredArray made;
  made.quantity = lyap::framework::Quantity::parse(quantity);
  made.port = made.quantity.name;
  made.shape = std::move(shape);
  made.values = std::move(values);
  REQUIRE(made.size() == static_cast<std::int64_t>(made.values.size()));
  if (!words.empty()) made.notes.emplace_back("flag_meanings", words);
  return made;
}

/// One study with its options, e.g. study("embed", "components: 2", {{"spectra", spectra}}); its
/// random streams are those of seed 1 and the name `as`.
inline Measurement study(const std::string& id, const std::string& with,
                         const std::map<std::string, MeasuredArray>& inputs,
                         const Place& place = Place(), const std::string& as = "") {
  using namespace lyap::framework;
  static const Catalog catalog({LYAP_PLUGIN_DIR});
  const Plugin& plugin = catalog.find(LYAP_ANALYSIS, id);
  const auto source = std::make_shared<Source>(Source{"small", "with: {" + with + "}\n", ""});
  const Node tree = parse_yaml(source);
  Mistakes mistakes;
  const std::vector<Option> asked = read_options(&tree.children.at(0), "with", mistakes);
  const OptionValues values =
      check_options({"analysis", id, {}}, plugin.options(), asked, mistakes);
  mistakes.throw_if_any();
  MeasurementRequest request;
  request.name = as.empty() ? id : as;
  for (const auto& [port, given] : inputs) request.inputs[port] = &given;
  return Analysis(plugin, values.values())
      .run(model_ops(), nullptr, nullptr, place.surroundings, request);
}

}  // namespace studied
