// framework/data/tensor_expression.cpp - tensors made from those of a file: slices, transposes,
// sums.
#include "data/tensor_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

namespace lyap::framework {
namespace {

/// Rows and columns, last index fastest; a vector is one column and stays a vector.
struct Numbers {
  std::int64_t rows = 0, cols = 0;
  bool vector = false;
  std::vector<double> values;

  std::size_t index(std::int64_t row, std::int64_t col) const {
    return static_cast<std::size_t>(row * cols + col);
  }
  std::string shape() const {
    return vector ? fmt::format("[{}]", rows) : fmt::format("[{}, {}]", rows, cols);
  }
};

Numbers transposed(const Numbers& a) {
  Numbers t{a.cols, a.rows, false, std::vector<double>(a.values.size())};
  for (std::int64_t i = 0; i < t.rows; ++i)
    for (std::int64_t j = 0; j < t.cols; ++j) t.values[t.index(i, j)] = a.values[a.index(j, i)];
  return t;
}

/// Reads an expression from left to right and works it out on the way.
class Expression {
 public:
  Expression(const TensorFile& file, const std::filesystem::path& path, std::string_view text)
      : file_(file), path_(path), text_(text) {}

  Numbers value() {
    Numbers all = sum();
    if (at_ < text_.size()) refuse("an operator or the end");
    return all;
  }
  const std::set<std::string>& used() const { return used_; }

 private:
  Numbers sum() {
    Numbers all = product();
    while (const char sign = take("+-")) {
      const Numbers next = product();
      if (next.rows != all.rows || next.cols != all.cols)
        fail(fmt::format("{} and {} cannot be added", all.shape(), next.shape()));
      for (std::size_t i = 0; i < all.values.size(); ++i)
        all.values[i] += sign == '+' ? next.values[i] : -next.values[i];
    }
    return all;
  }

  Numbers product() {
    double factor = take("-") ? -1 : 1;
    if (std::isdigit(static_cast<unsigned char>(peek()))) {
      const std::string word = name();
      const auto number = parse_real(word);
      if (!number) fail(quoted(word) + " is neither a number nor the name of a tensor");
      factor *= *number;
      if (!take("*")) refuse("'*'");
    }
    Numbers all = changed(operand());
    for (double& v : all.values) v *= factor;
    return all;
  }

  Numbers operand() {
    if (take("(")) {
      Numbers inside = sum();
      if (!take(")")) refuse("')'");
      return inside;
    }
    const std::string word = name();
    if (word.empty()) refuse("the name of a tensor");
    if (word == "stack" && take("(")) return stacked();
    return tensor(word);
  }

  Numbers stacked() {
    Numbers all = sum();
    while (take(",")) {
      const Numbers below = sum();
      if (below.cols != all.cols)
        fail(fmt::format("{} and {} cannot be stacked", all.shape(), below.shape()));
      all.rows += below.rows;
      all.values.insert(all.values.end(), below.values.begin(), below.values.end());
    }
    if (!take(")")) refuse("',' or ')'");
    return all;
  }

  Numbers tensor(const std::string& word) {
    const auto found = file_.tensors.find(word);
    if (found == file_.tensors.end()) {
      std::vector<std::string> names;
      for (const auto& [known, tensor] : file_.tensors) names.push_back(known);
      fail(fmt::format("the file has no tensor {}{}", quoted(word), did_you_mean(word, names)));
    }
    const Tensor& t = found->second;
    if (t.shape.empty() || t.shape.size() > 2)
      fail(fmt::format("tensor {} has {} axes; one or two are possible", quoted(word),
                       t.shape.size()));
    used_.insert(word);
    const bool vector = t.shape.size() == 1;
    return {t.shape[0], vector ? 1 : t.shape[1], vector, t.to_doubles()};
  }

  /// Slices and transposes behind an operand.
  Numbers changed(Numbers a) {
    while (true) {
      if (take("[")) {
        const auto [top, bottom] = range(a.rows, "rows");
        const auto [left, right] =
            take(",") ? range(a.cols, "columns") : std::array<std::int64_t, 2>{0, a.cols};
        if (!take("]")) refuse("']'");
        Numbers part{bottom - top, right - left, a.vector, {}};
        for (std::int64_t i = top; i < bottom; ++i)
          for (std::int64_t j = left; j < right; ++j)
            part.values.push_back(a.values[a.index(i, j)]);
        a = std::move(part);
      } else if (take("^")) {
        if (!take("T")) refuse("'T'");
        a = transposed(a);
      } else {
        return a;
      }
    }
  }

  /// from:to of `extent` rows or columns.
  std::array<std::int64_t, 2> range(std::int64_t extent, const char* what) {
    peek();
    const std::size_t begin = at_;
    const std::string first = name();
    if (!take(":")) refuse("':'");
    const std::string last = name();
    const auto from = first.empty() ? 0 : parse_integer(first);
    const auto to = last.empty() ? extent : parse_integer(last);
    if (!from || !to || *from < 0 || *to > extent || *from >= *to)
      fail(fmt::format("{}:{} is not inside the {} {}, counted from 0", first, last, extent, what),
           begin);
    return {*from, *to};
  }

  /// Letters, digits, '.' and '_'; empty when there are none.
  std::string name() {
    peek();
    const std::size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) ||
                                  text_[at_] == '.' || text_[at_] == '_'))
      ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  /// The next character that is no blank; 0 at the end.
  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  /// Takes the next character when it is one of these; 0 when not.
  char take(std::string_view one_of) {
    const char next = peek();
    if (next == '\0' || one_of.find(next) == std::string_view::npos) return '\0';
    ++at_;
    return next;
  }

  [[noreturn]] void refuse(const std::string& wanted) {
    const char next = peek();
    fail(fmt::format("{} is expected here, not {}", wanted,
                     next == '\0' ? "the end" : quoted(std::string(1, next))));
  }
  [[noreturn]] void fail(const std::string& reason) const { fail(reason, at_); }
  [[noreturn]] void fail(const std::string& reason, std::size_t at) const {
    throw InputError(fmt::format("{}: tensor {}, character {}: {}", path_.string(), quoted(text_),
                                 std::min(at, text_.size()) + 1, reason));
  }

  const TensorFile& file_;
  const std::filesystem::path& path_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::set<std::string> used_;
};

}  // namespace

TensorFile with_made_tensors(TensorFile file, const std::filesystem::path& path,
                             const TensorRecipes& recipes) {
  std::map<std::string, Tensor> made;
  std::set<std::string> used;
  for (const auto& [name, text] : recipes) {
    Expression expression(file, path, text);
    const Numbers all = expression.value();
    std::vector<std::int64_t> shape{all.rows};
    if (!all.vector) shape.push_back(all.cols);
    if (!made.emplace(name, Tensor::of(std::move(shape), all.values)).second)
      throw InputError(fmt::format("{}: tensor {} is made twice; give it one expression",
                                   path.string(), quoted(name)));
    used.insert(expression.used().begin(), expression.used().end());
  }
  for (const std::string& name : used) file.tensors.erase(name);
  for (auto& [name, tensor] : made) file.tensors[name] = std::move(tensor);
  return file;
}

}  // namespace lyap::framework
