// framework/pipeline/sweep_variable.hpp - one variable of a sweep and the values it takes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/expression.hpp"
#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"
#include "pipeline/sweep_draw.hpp"

namespace lyap::framework {

/// More networks than anyone has carried out; a typing error rather.
inline constexpr std::int64_t most_points = 10'000'000;

/// `[lstm, gru]`; a single value is a list of one.
struct Listed {
  std::vector<std::string> words;
};

/// `{from, to, count}` with equal steps, or equal ratios; `{from, to, step}`.
struct Grid {
  double from = 0, to = 0;  ///< the last value, which a step may put below what was written
  std::int64_t count = 1;
  bool logarithmic = false;

  double value(std::int64_t index) const;
};

/// `{count: n}`: 0 .. n-1.
struct Counted {
  std::int64_t count = 1;
};

struct Variable {
  std::string name;
  Place place;  ///< of what it was given
  std::variant<Listed, Grid, Counted, Draw, Expression> values;

  template <class Form>
  const Form* as() const {
    return std::get_if<Form>(&values);
  }
  /// Whether the points are a product over its values.
  bool is_axis() const { return !as<Draw>() && !as<Expression>(); }
  /// How many values an axis has; 1 of anything else.
  std::int64_t length() const;
  /// A value of an axis.
  std::string text(std::int64_t index) const;
};

/// The variable that an entry of `sweep` describes, or nothing and a mistake.
std::optional<Variable> read_variable(const Node& entry, Mistakes& mistakes);

}  // namespace lyap::framework
