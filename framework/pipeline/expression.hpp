// framework/pipeline/expression.hpp - a number calculated from the variables of a sweep.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/mistakes.hpp"
#include "pipeline/node.hpp"

namespace lyap::framework {

/// `$p / sqrt(64)`: + - * / ^, signs, parentheses, numbers, $name and ${name}, pi and the functions
/// sqrt exp log (natural) log2 log10 abs round floor ceil min max. `^` binds tighter than a sign
/// and groups from the right: -2^2 is -4, 2^3^2 is 512.
class Expression {
 public:
  /// The expression that a scalar holds, or nothing and a mistake.
  static std::optional<Expression> read(const Node& scalar, Mistakes& mistakes);

  /// The variables it names, each once, in the order of their first use.
  const std::vector<std::string>& variables() const { return variables_; }
  /// Whether it is a variable and nothing else, which may be a word.
  bool is_name() const { return code_.size() == 1 && code_[0].what == What::Variable; }
  /// As it was written.
  const std::string& text() const { return text_; }
  /// Its value, given those of variables(); may be infinite or NaN.
  double value(std::span<const double> of_variables) const;

 private:
  friend class ExpressionParser;
  enum class What { Number, Variable, Call };
  /// One step of a calculation on a stack: push a number or a variable, or take `count` numbers off
  /// and push a function of them.
  struct Action {
    What what = What::Number;
    double number = 0;
    std::size_t index = 0;  ///< of the variable or the function
    std::size_t count = 0;
  };

  std::string text_;
  std::vector<Action> code_;
  std::vector<std::string> variables_;
};

/// Where "$name" or "${name}" begins at `at` of the text: how long it is and the name; length 0
/// when none begins there.
struct VariableName {
  std::size_t length = 0;
  std::string_view name;
};
VariableName variable_at(std::string_view text, std::size_t at);

/// Whether the whole of `name` can stand after '$': letters, digits and _, no digit first.
bool is_variable_name(std::string_view name);

}  // namespace lyap::framework
