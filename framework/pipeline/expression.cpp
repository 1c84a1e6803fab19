// framework/pipeline/expression.cpp - reading a formula by recursive descent, and its value on a
// stack.
#include "pipeline/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <numbers>

#include "base/text.hpp"

namespace lyap::framework {
namespace {

using Values = std::span<const double>;

constexpr std::size_t any_number = 0;

struct Function {
  const char* name;   ///< operators have a sign, which no one can write as a function
  std::size_t count;  ///< of values; any_number: two or more
  double (*of)(Values);
};

constexpr std::array<Function, 17> functions = {{
    {"sqrt", 1, [](Values x) { return std::sqrt(x[0]); }},
    {"exp", 1, [](Values x) { return std::exp(x[0]); }},
    {"log", 1, [](Values x) { return std::log(x[0]); }},
    {"log2", 1, [](Values x) { return std::log2(x[0]); }},
    {"log10", 1, [](Values x) { return std::log10(x[0]); }},
    {"abs", 1, [](Values x) { return std::abs(x[0]); }},
    {"round", 1, [](Values x) { return std::round(x[0]); }},
    {"floor", 1, [](Values x) { return std::floor(x[0]); }},
    {"ceil", 1, [](Values x) { return std::ceil(x[0]); }},
    {"min", any_number, [](Values x) { return *std::min_element(x.begin(), x.end()); }},
    {"max", any_number, [](Values x) { return *std::max_element(x.begin(), x.end()); }},
    {"+", 2, [](Values x) { return x[0] + x[1]; }},
    {"-", 2, [](Values x) { return x[0] - x[1]; }},
    {"*", 2, [](Values x) { return x[0] * x[1]; }},
    {"/", 2, [](Values x) { return x[0] / x[1]; }},
    {"^", 2, [](Values x) { return std::pow(x[0], x[1]); }},
    {"negative", 1, [](Values x) { return -x[0]; }},
}};
constexpr std::size_t named_functions = 11;

std::size_t function_called(std::string_view name) {
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const Function& f) { return name == f.name; });
  return static_cast<std::size_t>(found - functions.begin());
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The length of the name that begins at `at`.
std::size_t name_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || !is_letter(text[at])) return 0;
  std::size_t end = at + 1;
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
  return end - at;
}

/// What makes a text no expression, to follow "the expression".
struct Wrong {
  std::string sentence;
};

}  // namespace

bool is_variable_name(std::string_view name) {
  return !name.empty() && name_length(name, 0) == name.size();
}

VariableName variable_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '$') return {};
  const bool braces = at + 1 < text.size() && text[at + 1] == '{';
  const std::size_t begin = at + 1 + braces, length = name_length(text, begin);
  const std::size_t end = begin + length;
  if (length == 0 || (braces && (end >= text.size() || text[end] != '}'))) return {};
  return {end + braces - at, text.substr(begin, length)};
}

/// One walk through a text; each rule of the grammar is a function that appends to the code.
class ExpressionParser {
 public:
  explicit ExpressionParser(Expression& out) : out_(out), text_(out.text_) {}

  void parse() {
    sum();
    if (!next().empty())
      throw Wrong{
          fmt::format("cannot go on with {} after {}; remove it, or put one of + - * / ^ "
                      "before it",
                      quoted(rest_shown()), quoted(last_))};
  }

 private:
  void sum() {
    if (++depth_ > deepest) throw Wrong{"has too many parentheses in each other"};
    product();
    for (std::string_view sign = next(); sign == "+" || sign == "-"; sign = next()) {
      const std::string op(take(1));
      product();
      call(op, 2);
    }
    --depth_;
  }

  void product() {
    signed_power();
    for (std::string_view sign = next(); sign == "*" || sign == "/"; sign = next()) {
      const std::string op(take(1));
      signed_power();
      call(op, 2);
    }
  }

  void signed_power() {
    bool negative = false;
    for (std::string_view sign = next(); sign == "-" || sign == "+"; sign = next())
      negative ^= take(1) == "-";
    power();
    if (negative) call("negative", 1);
  }

  void power() {
    atom();
    if (next() != "^") return;
    take(1);
    if (++depth_ > deepest) throw Wrong{"has too many powers of powers"};
    signed_power();
    --depth_;
    call("^", 2);
  }

  void atom() {
    const std::string_view first = next();
    if (first == "(") {
      take(1);
      sum();
      close();
    } else if (first == "$") {
      variable();
    } else if (!first.empty() && (is_digit(first[0]) || first[0] == '.')) {
      number();
    } else if (!first.empty() && is_letter(first[0])) {
      word();
    } else {
      throw Wrong{last_.empty() ? "needs a value at its beginning"
                                : fmt::format("needs a value after {}", quoted(last_))};
    }
  }

  void variable() {
    const VariableName found = variable_at(text_, at_);
    if (found.length == 0) {
      const bool open = text_.substr(at_).starts_with("${");
      throw Wrong{open ? "has a '${' that is no ${name}; write a name and '}' after it"
                       : "has a '$' without a name; write one of letters, digits and _ after it"};
    }
    std::vector<std::string>& names = out_.variables_;
    const auto known = std::find(names.begin(), names.end(), found.name);
    const auto index = static_cast<std::size_t>(known - names.begin());
    if (known == names.end()) names.emplace_back(found.name);
    out_.code_.push_back({Expression::What::Variable, 0, index, 0});
    take(found.length);
  }

  void number() {
    const std::string_view rest = text_.substr(at_);
    double value = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (failure != std::errc()) throw Wrong{fmt::format("has no number at {}", quoted(rest))};
    out_.code_.push_back({Expression::What::Number, value, 0, 0});
    take(static_cast<std::size_t>(end - rest.data()));
  }

  void word() {
    const std::string name(take(name_length(text_, at_)));
    if (next() == "(") return arguments(name);
    if (name != "pi")
      throw Wrong{
          fmt::format("has the bare word {}; a variable is written ${}", quoted(name), name)};
    out_.code_.push_back({Expression::What::Number, std::numbers::pi, 0, 0});
  }

  void arguments(const std::string& name) {
    const std::size_t function = function_called(name);
    if (function >= named_functions) throw Wrong{unknown_function(name)};
    take(1);
    std::size_t count = 0;
    do {
      if (count > 0) take(1);
      sum();
      ++count;
    } while (next() == ",");
    close();
    const std::size_t wanted = functions[function].count;
    if (wanted == any_number ? count < 2 : count != wanted)
      throw Wrong{fmt::format("gives {} {}; it takes {}", quoted(name),
                              count == 1 ? "one value" : fmt::format("{} values", count),
                              wanted == any_number ? "two or more" : "one")};
    call(name, count);
  }

  void close() {
    if (next() != ")") throw Wrong{fmt::format("needs ')' after {}", quoted(last_))};
    take(1);
  }

  static std::string unknown_function(const std::string& name) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < named_functions; ++i) names.emplace_back(functions[i].name);
    const std::string near = did_you_mean(name, names);
    return fmt::format("calls an unknown function {}{}", quoted(name),
                       near.empty() ? "; there are " + join(names) : near);
  }

  void call(std::string_view name, std::size_t count) {
    out_.code_.push_back({Expression::What::Call, 0, function_called(name), count});
  }

  /// The next character that is no blank, or "" at the end.
  std::string_view next() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n'))
      ++at_;
    return text_.substr(at_, 1);
  }

  std::string_view take(std::size_t length) {
    const std::string_view taken = text_.substr(at_, length);
    at_ += length;
    last_ = taken;
    return taken;
  }

  /// A few characters of what follows.
  std::string_view rest_shown() const { return text_.substr(at_, 20); }

  static constexpr int deepest = 100;  // the stack of this program is finite
  Expression& out_;
  std::string_view text_;
  std::string_view last_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::optional<Expression> Expression::read(const Node& scalar, Mistakes& mistakes) {
  Expression expression;
  expression.text_ = scalar.text;
  try {
    ExpressionParser(expression).parse();
  } catch (const Wrong& wrong) {
    mistakes.add(scalar.place, "the expression " + wrong.sentence);
    return std::nullopt;
  }
  return expression;
}

double Expression::value(std::span<const double> of_variables) const {
  assert(of_variables.size() == variables_.size());
  std::vector<double> stack;
  for (const Action& action : code_) {
    if (action.what == What::Number) {
      stack.push_back(action.number);
    } else if (action.what == What::Variable) {
      stack.push_back(of_variables[action.index]);
    } else {
      const std::size_t first = stack.size() - action.count;
      const double result = functions[action.index].of(Values(stack).subspan(first));
      stack.resize(first);
      stack.push_back(result);
    }
  }
  return stack.back();
}

}  // namespace lyap::framework
