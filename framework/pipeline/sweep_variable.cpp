// framework/pipeline/sweep_variable.cpp - reading the forms in which a sweep gives values.
#include "pipeline/sweep_variable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "pipeline/fields.hpp"
#include "pipeline/sweep_number.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

const Range any_finite = {-1e300, 1e300, ""};
const Range counts = {1, static_cast<double>(most_points), ""};
constexpr const char* all_forms =
    "[values], {from, to, count}, {from, to, step}, {count}, {uniform}, {log_uniform}, {normal}, "
    "{integer} or an expression";

std::optional<Listed> read_list(const Node& list, Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  Listed listed;
  for (const Node& item : list.children) {
    if (!item.is(Kind::Scalar))
      mistakes.add(item.place, fmt::format("{} is a list of plain values, got {} in it",
                                           quoted(list.key), shown(item)));
    else if (item.text.find('$') != item.text.npos)
      mistakes.add(item.place,
                   "an expression cannot stand in a list; give it a variable of its own");
    else if (std::find(listed.words.begin(), listed.words.end(), item.text) != listed.words.end())
      mistakes.add(item.place,
                   fmt::format("{} has {} twice, which would be the same networks again; "
                               "use a variable with {{count: 2}} for repetitions",
                               quoted(list.key), shown(item)));
    else
      listed.words.push_back(item.text);
  }
  if (list.children.empty())
    mistakes.add(list.place, fmt::format("{} has no values in its list", quoted(list.key)));
  if (mistakes.size() > before) return std::nullopt;
  return listed;
}

/// The step of a grid as its last value and its count.
void step_to_count(const Node& node, Grid& grid, Mistakes& mistakes) {
  const auto step = to_real(node, "step", any_finite, mistakes);
  if (!step) return;
  const double steps = (grid.to - grid.from) / *step;
  if (*step == 0 || steps < 0) {
    mistakes.add(node.place, fmt::format("'step' leads away from 'to'; from {} to {} it is {} 0",
                                         number_text(grid.from), number_text(grid.to),
                                         grid.to > grid.from ? "above" : "below"));
    return;
  }
  // A little more than the quotient: 0.9 / 0.1 is below 9 by its rounding.
  const double count = std::floor(steps * (1 + 1e-12) + 1e-12) + 1;
  if (count > counts.high) {
    mistakes.add(node.place, fmt::format("'step' makes {} values, more than {} networks",
                                         number_text(count), most_points));
    return;
  }
  grid.count = static_cast<std::int64_t>(count);
  grid.to = grid.from + static_cast<double>(grid.count - 1) * *step;
}

std::optional<Grid> read_grid(const Node& map, Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  Fields fields(map, quoted(map.key), mistakes);
  Grid grid;
  const Node* from = fields.require("from", "the first value");
  const Node* to = fields.require("to", "the last value");
  if (from) grid.from = to_real(*from, "from", any_finite, mistakes).value_or(0);
  if (to) grid.to = to_real(*to, "to", any_finite, mistakes).value_or(0);
  grid.logarithmic = fields.choice("spacing", {"linear", "log"}, "linear") == "log";
  const Node* step = fields.take("step");
  const Node* count = step ? fields.take("count") : fields.require("count", "how many, or 'step'");
  fields.finish();
  if (mistakes.size() > before) return std::nullopt;
  if (grid.from == grid.to)
    mistakes.add(to->place, "'from' and 'to' are the same; write one value in place of the grid");
  else if (grid.logarithmic && (grid.from <= 0 || grid.to <= 0))
    mistakes.add((grid.from <= 0 ? from : to)->place,
                 "a grid with 'spacing: log' needs numbers above 0");
  else if (step && count)
    mistakes.add(step->place,
                 "'step' and 'count' both say how many values there are; take one out");
  else if (step && grid.logarithmic)
    mistakes.add(step->place, "a grid with 'spacing: log' has no 'step'; give 'count'");
  else if (step)
    step_to_count(*step, grid, mistakes);
  else
    grid.count = to_integer(*count, "count", counts, mistakes).value_or(1);
  if (mistakes.size() > before) return std::nullopt;
  return grid;
}

std::optional<Counted> read_count(const Node& map, Mistakes& mistakes) {
  Fields fields(map, quoted(map.key), mistakes);
  const Node* count = fields.require("count", "how many networks");
  fields.finish();
  const auto number = count ? to_integer(*count, "count", counts, mistakes) : std::nullopt;
  if (!number) return std::nullopt;
  return Counted{*number};
}

void refuse_form(const Node& map, Mistakes& mistakes) {
  const std::vector<std::string> words = {"from",        "to",     "count",  "uniform",
                                          "log_uniform", "normal", "integer"};
  for (const Node& child : map.children)
    if (const std::string near = did_you_mean(child.key, words); !near.empty()) {
      mistakes.add(child.key_place,
                   fmt::format("{} has no key {}{}", quoted(map.key), quoted(child.key), near));
      return;
    }
  mistakes.add(map.place, fmt::format("{} takes {}", quoted(map.key), all_forms));
}

/// Fills in the values; whether they could be read.
template <class Form>
bool put(std::optional<Form> read, Variable& variable) {
  if (!read) return false;
  variable.values = std::move(*read);
  return true;
}

bool read_values(const Node& entry, Variable& variable, Mistakes& mistakes) {
  if (entry.is(Kind::List)) return put(read_list(entry, mistakes), variable);
  if (entry.is(Kind::Scalar)) {
    if (entry.text.find('$') != entry.text.npos)
      return put(Expression::read(entry, mistakes), variable);
    return put(std::optional(Listed{{entry.text}}), variable);
  }
  if (entry.find("from") || entry.find("to")) return put(read_grid(entry, mistakes), variable);
  if (!law_of(entry).empty()) return put(read_draw(entry, mistakes), variable);
  if (entry.find("count")) return put(read_count(entry, mistakes), variable);
  refuse_form(entry, mistakes);
  return false;
}

}  // namespace

double Grid::value(std::int64_t index) const {
  if (index == 0 || count == 1) return from;
  const double share = static_cast<double>(index) / static_cast<double>(count - 1);
  return without_noise(logarithmic ? from * std::pow(to / from, share)
                                   : from + static_cast<double>(index) * (to - from) /
                                                static_cast<double>(count - 1));
}

std::int64_t Variable::length() const {
  if (const auto* listed = as<Listed>()) return static_cast<std::int64_t>(listed->words.size());
  if (const auto* grid = as<Grid>()) return grid->count;
  if (const auto* counted = as<Counted>()) return counted->count;
  return 1;
}

std::string Variable::text(std::int64_t index) const {
  if (const auto* listed = as<Listed>()) return listed->words[static_cast<std::size_t>(index)];
  if (const auto* grid = as<Grid>()) return number_text(grid->value(index));
  return number_text(static_cast<double>(index));
}

std::optional<Variable> read_variable(const Node& entry, Mistakes& mistakes) {
  Variable variable;
  variable.name = entry.key;
  variable.place = entry.is(Kind::Null) ? entry.key_place : entry.place;
  if (!is_variable_name(entry.key)) {
    mistakes.add(
        entry.key_place,
        fmt::format("{} cannot be written after '$'; a variable's name has letters, digits "
                    "and _, no digit first",
                    quoted(entry.key)));
    return std::nullopt;
  }
  if (entry.is(Kind::Null)) {
    mistakes.add(entry.key_place, fmt::format("{} takes {}", quoted(entry.key), all_forms));
    return std::nullopt;
  }
  if (!read_values(entry, variable, mistakes)) return std::nullopt;
  return variable;
}

}  // namespace lyap::framework
