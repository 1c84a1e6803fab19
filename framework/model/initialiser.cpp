// framework/model/initialiser.cpp - reads "xavier_normal(gain=2)".
#include "model/initialiser.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/initialiser_rules.hpp"

namespace lyap::framework {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

[[noreturn]] void refuse(std::string_view text, const std::string& what) {
  throw InputError("initialiser " + quoted(text) + ": " + what);
}

/// The parts of "a, b, c"; none of "".
std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  if (trimmed(list).empty()) return parts;
  for (std::size_t comma; (comma = list.find(',')) != std::string_view::npos;
       list.remove_prefix(comma + 1))
    parts.push_back(trimmed(list.substr(0, comma)));
  parts.push_back(trimmed(list));
  return parts;
}

const InitialiserRule& find_rule(std::string_view text, std::string_view name) {
  std::vector<std::string> known;
  for (const InitialiserRule& rule : initialiser_rules()) {
    if (rule.name == name) return rule;
    known.push_back(rule.name);
  }
  const std::string guess = did_you_mean(name, known);
  refuse(text, "there is no " + quoted(name) +
                   (guess.empty() ? "; the known ones are " + join(known) : guess));
}

std::size_t find_parameter(std::string_view text, const InitialiserRule& rule,
                           std::string_view name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < rule.parameters.size(); ++i) {
    if (rule.parameters[i].name == name) return i;
    known.push_back(rule.parameters[i].name);
  }
  const std::string guess = did_you_mean(name, known);
  refuse(text, "no argument is called " + quoted(name) +
                   (!guess.empty()  ? guess
                    : known.empty() ? "; '" + rule.name + "' takes none"
                                    : "; there is " + join(known)));
}

double number(std::string_view text, const InitialiserParameter& parameter,
              std::string_view value) {
  const std::optional<double> real = parse_real(value);
  if (!real) refuse(text, quoted(value) + " is not a number");
  if (*real < parameter.low || *real > parameter.high)
    refuse(text, parameter.name + " = " + shortest(*real) + " is outside " +
                     shortest(parameter.low) + " .. " + shortest(parameter.high));
  return *real;
}

std::vector<double> read_arguments(std::string_view text, const InitialiserRule& rule,
                                   const std::vector<std::string_view>& parts) {
  std::vector<std::optional<double>> given(rule.parameters.size());
  for (std::size_t position = 0; position < parts.size(); ++position) {
    const std::size_t equals = parts[position].find('=');
    const bool named = equals != std::string_view::npos;
    if (!named && position >= given.size())
      refuse(text, "takes at most " + std::to_string(given.size()) + " argument" +
                       (given.size() == 1 ? "" : "s"));
    const std::size_t index =
        named ? find_parameter(text, rule, trimmed(parts[position].substr(0, equals))) : position;
    if (given[index]) refuse(text, "'" + rule.parameters[index].name + "' is given twice");
    given[index] = number(text, rule.parameters[index],
                          named ? trimmed(parts[position].substr(equals + 1)) : parts[position]);
  }
  if (rule.name == "uniform" && parts.size() == 1 && parts[0].find('=') == std::string_view::npos)
    given = {-*given[0], *given[0]};
  std::vector<double> arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!given[i]) given[i] = rule.parameters[i].fallback;
    if (!given[i]) refuse(text, "'" + rule.parameters[i].name + "' must be given");
    arguments.push_back(*given[i]);
  }
  if (rule.name == "uniform" && arguments[0] > arguments[1])
    refuse(text, "the lower bound " + shortest(arguments[0]) + " is above the upper one " +
                     shortest(arguments[1]));
  return arguments;
}

}  // namespace

Initialiser::Initialiser(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const std::size_t open = whole.find('(');
  const std::string_view name = trimmed(whole.substr(0, open));
  std::string_view list;
  if (open != std::string_view::npos) {
    if (whole.back() != ')') refuse(text, "the closing parenthesis is missing");
    list = whole.substr(open + 1, whole.size() - open - 2);
  }
  const InitialiserRule& rule = find_rule(text, name);
  rule_ = rule.name;
  arguments_ = read_arguments(text, rule, split(list));
}

std::vector<double> Initialiser::draw(std::int64_t rows, std::int64_t cols, Random& random) const {
  const auto& rules = initialiser_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const InitialiserRule& r) { return r.name == rule_; });
  std::vector<double> values(static_cast<std::size_t>(rows * cols));
  rule->draw(arguments_, rows, cols, random, values);
  return values;
}

}  // namespace lyap::framework
