// framework/model/initialiser_rules.hpp - the initialisers there are, and what each draws.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"

namespace lyap::framework {

struct InitialiserParameter {
  std::string name;
  std::optional<double> fallback;  ///< none: must be given
  double low, high;                ///< closed range
};

struct InitialiserRule {
  std::string name;
  std::vector<InitialiserParameter> parameters;
  /// Fills a rows x cols tensor, column by column.
  void (*draw)(const std::vector<double>& arguments, std::int64_t rows, std::int64_t cols,
               Random& random, std::span<double> values);
};

const std::vector<InitialiserRule>& initialiser_rules();

}  // namespace lyap::framework
