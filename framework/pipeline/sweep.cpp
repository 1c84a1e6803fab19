// framework/pipeline/sweep.cpp - the points of a sweep.
#include "pipeline/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "base/text.hpp"
#include "pipeline/fields.hpp"
#include "pipeline/sobol.hpp"
#include "pipeline/sweep_number.hpp"

namespace lyap::framework {
namespace {

using Kind = Node::Kind;

constexpr std::int64_t most_checked = 10'000;

/// The middle of one of 2^52 equal parts of (0, 1): never an end, where a normal value is infinite.
double inner(std::uint64_t bits) {
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

/// Point `index` of dimension `dimension`, each of its 64 bits flipped or not by the stream: a
/// digital shift, which keeps how evenly the points lie.
double shifted_sobol(int dimension, std::int64_t index, Random stream) {
  const std::uint64_t point = sobol(dimension, static_cast<std::uint32_t>(index));
  return inner(point << 32 ^ stream.bits());
}

/// Finds variables that need themselves.
class Circles {
 public:
  Circles(const std::vector<Variable>& variables, Mistakes& mistakes)
      : variables_(variables), mistakes_(mistakes), state_(variables.size(), State::New) {}

  /// The expressions, each after those that it needs.
  std::vector<std::size_t> order() {
    for (std::size_t i = 0; i < variables_.size(); ++i) visit(i);
    return std::move(done_);
  }

 private:
  enum class State { New, Open, Done };

  void visit(std::size_t i) {
    const auto* expression = variables_[i].as<Expression>();
    if (!expression || state_[i] == State::Done) return;
    if (state_[i] == State::Open) return refuse(i);
    state_[i] = State::Open;
    path_.push_back(i);
    for (const std::string& name : expression->variables())
      for (std::size_t k = 0; k < variables_.size(); ++k)
        if (variables_[k].name == name) visit(k);
    path_.pop_back();
    state_[i] = State::Done;
    done_.push_back(i);
  }

  /// The path has come back to variable i.
  void refuse(std::size_t i) {
    const auto first = std::find(path_.begin(), path_.end(), i);
    std::string circle = quoted(variables_[i].name);
    for (auto at = first + 1; at != path_.end(); ++at)
      circle += (at == first + 1 ? " needs " : ", which needs ") + quoted(variables_[*at].name);
    circle +=
        first + 1 == path_.end() ? " needs itself" : ", which needs " + quoted(variables_[i].name);
    mistakes_.add(variables_[i].place, circle + "; give one of them values of its own");
  }

  const std::vector<Variable>& variables_;
  Mistakes& mistakes_;
  std::vector<State> state_;
  std::vector<std::size_t> path_, done_;
};

/// A value of the variable that is no number, or "" when all are.
std::string word_in(const Variable& variable) {
  if (const auto* listed = variable.as<Listed>())
    for (const std::string& word : listed->words)
      if (!parse_real(word)) return word;
  return "";
}

}  // namespace

const std::string* Point::value(std::string_view name) const {
  for (const auto& [variable, text] : values)
    if (variable == name) return &text;
  return nullptr;
}

std::string Point::text() const {
  if (values.empty()) return "the only network";
  std::vector<std::string> parts;
  for (const auto& [name, value] : values) parts.push_back(name + " = " + value);
  return join(parts);
}

Sweep Sweep::read(const Node& sweep, const Node& sampling, std::uint64_t seed, Mistakes& mistakes) {
  Sweep read;
  read.seed_ = seed;
  if (!sampling.is(Kind::Null)) {
    Fields fields(sampling, "'sampling'", mistakes);
    read.sobol_ = fields.choice("draws", {"random", "sobol"}, "random") == "sobol";
    read.random_order_ = fields.choice("order", {"listed", "random"}, "listed") == "random";
    read.shared_seeds_ =
        fields.choice("seeds", {"independent", "shared"}, "independent") == "shared";
    fields.finish();
  }
  if (!sweep.is(Kind::Map)) return read;
  const std::size_t before = mistakes.size();
  read.read_variables(sweep, mistakes);
  read.count_points(sweep, mistakes);
  read.count_draws(sweep, mistakes);
  // What could not be read would be called unknown by the expressions that name it.
  if (mistakes.size() == before) read.link_expressions(mistakes);
  if (mistakes.size() == before) read.check_values(mistakes);
  return read;
}

void Sweep::read_variables(const Node& sweep, Mistakes& mistakes) {
  for (const Node& entry : sweep.children)
    if (auto variable = read_variable(entry, mistakes)) variables_.push_back(std::move(*variable));
  for (std::size_t i = 0; i < variables_.size(); ++i)
    if (variables_[i].is_axis()) axes_.push_back(i);
  std::sort(axes_.begin(), axes_.end(),
            [&](std::size_t a, std::size_t b) { return variables_[a].name < variables_[b].name; });
}

void Sweep::count_points(const Node& sweep, Mistakes& mistakes) {
  double product = 1;
  for (const Variable& variable : variables_) product *= static_cast<double>(variable.length());
  if (product > static_cast<double>(most_points)) {
    mistakes.add(sweep.key_place,
                 fmt::format("'sweep' has {} networks, more than {}; give its axes "
                             "fewer values",
                             number_text(product), most_points));
    return;
  }
  size_ = static_cast<std::int64_t>(product);
}

void Sweep::count_draws(const Node& sweep, Mistakes& mistakes) const {
  const auto draws = std::count_if(variables_.begin(), variables_.end(),
                                   [](const Variable& v) { return v.as<Draw>() != nullptr; });
  if (sobol_ && draws > sobol_dimensions)
    mistakes.add(sweep.key_place,
                 fmt::format("'draws: sobol' reaches {} drawn variables, 'sweep' has {}; use "
                             "'draws: random'",
                             sobol_dimensions, draws));
}

void Sweep::link_expressions(Mistakes& mistakes) {
  const std::size_t before = mistakes.size();
  for (const Variable& variable : variables_) {
    const auto* expression = variable.as<Expression>();
    if (!expression) continue;
    for (const std::string& name : expression->variables())
      if (index_of(name) == variables_.size())
        mistakes.add(variable.place, fmt::format("'sweep' has no variable {}{}", quoted(name),
                                                 did_you_mean(name, names())));
  }
  if (mistakes.size() > before) return;
  expressions_ = Circles(variables_, mistakes).order();
}

/// Words that are calculated with, and values that are not finite.
void Sweep::check_values(Mistakes& mistakes) const {
  const std::size_t before = mistakes.size();
  for (const std::size_t i : expressions_) {
    const Expression& expression = *variables_[i].as<Expression>();
    for (const std::string& name : expression.variables()) {
      // `$kind` may be a word, and so may be what copies it.
      std::size_t origin = index_of(name);
      while (variables_[origin].as<Expression>() && variables_[origin].as<Expression>()->is_name())
        origin = index_of(variables_[origin].as<Expression>()->variables()[0]);
      const std::string word = expression.is_name() ? "" : word_in(variables_[origin]);
      if (!word.empty())
        mistakes.add(variables_[i].place,
                     fmt::format("the expression calculates with {}, which has the value {}; only "
                                 "numbers can be calculated with",
                                 quoted(name), quoted(word)));
    }
  }
  if (mistakes.size() > before || expressions_.empty()) return;
  try {
    for (std::int64_t i = 0; i < std::min(size_, most_checked); ++i) point(i);
  } catch (const MistakesError& error) {
    for (const Mistake& m : error.mistakes().list()) mistakes.add(m.place, m.sentence);
  }
}

std::vector<std::string> Sweep::names() const {
  std::vector<std::string> names;
  for (const Variable& variable : variables_) names.push_back(variable.name);
  return names;
}

std::size_t Sweep::index_of(std::string_view name) const {
  const auto found = std::find_if(variables_.begin(), variables_.end(),
                                  [&](const Variable& v) { return v.name == name; });
  return static_cast<std::size_t>(found - variables_.begin());
}

Point Sweep::point(std::int64_t index) const {
  assert(index >= 0 && index < size_);
  Point point;
  point.index = index;
  for (const Variable& variable : variables_) point.values.emplace_back(variable.name, "");
  std::int64_t rest = index;
  for (std::size_t i = variables_.size(); i-- > 0;) {
    if (!variables_[i].is_axis()) continue;
    point.values[i].second = variables_[i].text(rest % variables_[i].length());
    rest /= variables_[i].length();
  }
  const std::string axes = axes_text(point, false);
  int dimension = 0;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const auto* draw = variables_[i].as<Draw>();
    if (!draw) continue;
    const std::string stream = "sweep/" + variables_[i].name;
    point.values[i].second =
        draw->text(sobol_ ? shifted_sobol(dimension, index, Random(seed_, stream + "/sobol"))
                          : inner(Random(seed_, stream + axes).bits()));
    ++dimension;
  }
  for (const std::size_t i : expressions_)
    point.values[i].second = calculated(variables_[i], point);
  return point;
}

/// "/cell=lstm/network=3": what tells the point apart from all others.
std::string Sweep::axes_text(const Point& point, bool counts_only) const {
  std::string text;
  for (const std::size_t i : axes_)
    if (!counts_only || variables_[i].as<Counted>())
      text += "/" + variables_[i].name + "=" + point.values[i].second;
  return text;
}

std::string Sweep::calculated(const Variable& variable, const Point& point) const {
  const Expression& expression = *variable.as<Expression>();
  if (expression.is_name()) return *point.value(expression.variables()[0]);
  std::vector<double> values;
  std::vector<std::string> given;
  for (const std::string& name : expression.variables()) {
    const std::string& text = *point.value(name);
    values.push_back(parse_real(text).value_or(std::nan("")));
    given.push_back(name + " = " + text);
  }
  const double value = expression.value(values);
  if (std::isfinite(value)) return number_text(value);
  Mistakes mistakes;
  mistakes.add(variable.place,
               fmt::format("{} is {} at {}; keep its variables where the expression "
                           "is a finite number",
                           quoted(variable.name), std::isnan(value) ? "no number" : "infinite",
                           given.empty() ? "every point" : join(given)));
  throw MistakesError(mistakes);
}

std::vector<std::int64_t> Sweep::order() const {
  if (random_order_) return Random(seed_, "sweep/order").permutation(size_);
  std::vector<std::int64_t> order(static_cast<std::size_t>(size_));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::uint64_t Sweep::seed(const Point& point) const {
  const std::string axes = axes_text(point, shared_seeds_);
  // 53 bits: a seed survives JSON and every other place where numbers are doubles.
  return axes.empty() ? seed_ : Random(seed_, "sweep/seed" + axes).bits() >> 11;
}

}  // namespace lyap::framework
