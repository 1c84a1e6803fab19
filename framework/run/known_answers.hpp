// framework/run/known_answers.hpp - networks whose exponents are known, computed by the plugins
// that are installed.
#pragma once
#include <string>
#include <vector>

#include "plugin/catalog.hpp"
#include "run/host.hpp"

namespace lyap::framework {

struct KnownAnswer {
  std::string name;                   ///< "orthogonal"
  std::string truth;                  ///< what holds, in a sentence
  double expected = 0, computed = 0;  ///< of the exponent that is furthest off, nats/step
  double error = 0, tolerance = 0;
  bool passed = false;
  std::string failure;  ///< why nothing was computed, or ""
};

/// All of them, each through a pipeline: task, cell, initialisers, spectrum.
std::vector<KnownAnswer> compute_known_answers(const Catalog& catalog,
                                               const Surroundings& surroundings);

}  // namespace lyap::framework
