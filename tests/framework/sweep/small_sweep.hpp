// tests/framework/sweep/small_sweep.hpp - sweeps of small networks out of texts.
#pragma once
#include <string>
#include <vector>

#include "../pipeline/swept.hpp"
#include "plugin/catalog.hpp"
#include "sweep/points.hpp"

namespace lyap::framework {

inline const Catalog& catalog() {
  static const Catalog all({LYAP_PLUGIN_DIR});
  return all;
}

/// A pipeline with these variables and parts of `trials`, a line each.
inline std::string pipeline_text(const std::string& variables,
                                 const std::string& trials =
                                     "  task: {use: digits, with: {train: 20, test: 6}}\n"
                                     "  cell: {use: $cell, with: {units: $units}}\n",
                                 const std::string& rest = "seed: 5\n") {
  return "lyap: 1\nname: small\n" + rest + "trials:\n  sweep: {" + variables + "}\n" + trials;
}

inline PlannedSweep planned(const std::string& text) {
  return PlannedSweep(yaml(text), "p.yaml");
}

/// The same, its points resolved.
inline PlannedSweep resolved_sweep(const std::string& text) {
  PlannedSweep sweep = planned(text);
  sweep.resolve_points(catalog());
  return sweep;
}

}  // namespace lyap::framework
