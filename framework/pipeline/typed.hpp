// framework/pipeline/typed.hpp - a written value as the type that its receiver wants.
//
// Each function gives the value, or nothing and a mistake whose sentence begins with 'name'. A text
// in quotes is never a number or a truth value.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

/// The closed range of a number and its unit, which sentences name.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::string unit;
};

std::optional<std::int64_t> to_integer(const Node& node, const std::string& name,
                                       const Range& range, Mistakes& mistakes);
std::optional<double> to_real(const Node& node, const std::string& name, const Range& range,
                              Mistakes& mistakes);
/// true, on, yes or false, off, no.
std::optional<bool> to_boolean(const Node& node, const std::string& name, Mistakes& mistakes);
std::optional<std::string> to_text(const Node& node, const std::string& name, Mistakes& mistakes);
std::optional<std::string> to_choice(const Node& node, const std::string& name,
                                     const std::vector<std::string>& choices, Mistakes& mistakes);
std::optional<std::vector<double>> to_reals(const Node& node, const std::string& name,
                                            const Range& range, Mistakes& mistakes);
std::optional<std::vector<std::string>> to_texts(const Node& node, const std::string& name,
                                                 Mistakes& mistakes);

}  // namespace lyap::framework
