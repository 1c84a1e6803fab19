// tests/plugins/studies/small_study.hpp - tables of a few networks, as studies are given them.
#pragma once
#include <functional>

#include "model/border.hpp"

#include "../studied.hpp"

namespace studied {

using measured::gap;
using measured::Index;
using measured::Matrix;
using measured::note;
using measured::refusal;
using measured::Vector;

inline constexpr double inf = std::numeric_limits<double>::infinity();

/// One number, or one code, for each network.
inline MeasuredArray column(const std::string& name, std::vector<double> values,
                            const std::string& words = "") {
  const auto n = static_cast<std::int64_t>(values.size());
  return array(name + "[network]", {n}, std::move(values), words);
}
inline MeasuredArray spectra_of(std::int64_t networks, std::int64_t checkpoints,
                                std::int64_t exponents, std::vector<double> values) {
  return array("exponent[network, checkpoint, index] nats/step", {networks, checkpoints, exponents},
               std::move(values));
}

inline bool contains(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) MESSAGE(text);
  return found;
}

}  // namespace studied
