// lyap/record.hpp - the vocabulary of recorded equations, and the notes taken of them.
//
// A cell's step is a handful of operations on matrices with one column per sample. A Record notes
// each as it is carried out; afterwards a sweep forwards through the notes gives tangents (J V) and
// one backwards adjoints (J^T u). Equations hold only handles, so they neither know nor repeat the
// precision: RecordOf<float> and RecordOf<double> carry out the same notes.
//
// Griewank & Walther, Evaluating Derivatives, 2nd ed., SIAM (2008), ch. 3.
#pragma once
#include <string>
#include <vector>

#include "lyap/bound_weights.hpp"

namespace lyap {

/// A matrix inside recorded equations: rows x samples. Valid until the equations end.
struct Value {
  Record* record = nullptr;
  int node = -1;
};

enum class Op {
  // leaves
  State,
  Input,
  Normal,
  Uniform,
  // with weights
  Multiply,  // op(W) a
  Bias,      // a + w in every column
  Diagonal,  // w a in every column
  // of two values, elementwise
  Add,
  Subtract,
  Product,
  Quotient,
  // of one value, elementwise; c is the number beside it
  Scale,       // c a
  Shift,       // a + c
  Reciprocal,  // c / a
  Tanh,
  Sigmoid,
  Relu,
  LeakyRelu,  // a > 0 ? a : c a
  Softplus,   // log(1 + e^a)
  Exp,
  Sin,
  Cos,
  Abs,
  Sign,
  // of rows
  Rows,
  Stack
};

/// Which numbers the slopes of an operation, or the adjoint of its weight, are made of.
struct Asked {
  bool a = false, b = false, value = false;
};
inline Asked asked_by_derivatives(Op op) {
  switch (op) {
    case Op::Multiply:
    case Op::Diagonal:
    case Op::Relu:
    case Op::LeakyRelu:
    case Op::Softplus:
    case Op::Sin:
    case Op::Cos:
    case Op::Abs:
      return {.a = true};
    case Op::Product:
      return {.a = true, .b = true};
    case Op::Quotient:
      return {.b = true, .value = true};
    case Op::Reciprocal:
      return {.a = true, .value = true};
    case Op::Exp:
      return {.value = true};
    default:  // of tanh and sigmoid the slope itself is kept
      return {};
  }
}

/// One operation noted: its operands and what it needs beside them.
struct Node {
  Op op;
  int a = -1, b = -1;  // operands
  int weight = -1;     // Multiply: number of the multiplier; Bias, Diagonal: slot of the weight
  double c = 0;
  Index from = 0, rows = 0;
};

/// Notes of one pass through the equations. This class keeps shapes only, which is enough to check
/// them; RecordOf<T> adds the numbers. Shapes that do not fit throw std::invalid_argument.
class Record {
 public:
  /// A result of the equations: rows from .. of what they define.
  struct Result {
    int node;
    Index from;
  };

  explicit Record(Multipliers& multipliers) : multipliers_(&multipliers) {}
  virtual ~Record() = default;

  Value leaf(Op op, Index from, Index rows) {
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (nodes_[i].op == op && nodes_[i].from == from && nodes_[i].rows == rows)
        return {this, static_cast<int>(i)};
    return note({.op = op, .from = from, .rows = rows});
  }
  Value unary(Op op, Value a, double c = 0) {
    return note({.op = op, .a = a.node, .c = c, .rows = rows_of(a)});
  }
  Value binary(Op op, Value a, Value b) {
    if (rows_of(a) != rows_of(b))
      refuse(std::string(verb(op)) + " values of " + spell(rows_of(a)) + " and " +
             spell(rows_of(b)) + " rows");
    return note({.op = op, .a = a.node, .b = b.node, .rows = rows_of(a)});
  }
  Value multiply(const WeightSum& w, Value a) {
    if (w.cols != rows_of(a))
      refuse("multiply " + multipliers_->name(w) + " of " + spell(w.rows) + " x " + spell(w.cols) +
             " by a value of " + spell(rows_of(a)) + " rows");
    return note({.op = Op::Multiply, .a = a.node, .weight = multipliers_->note(w), .rows = w.rows});
  }
  /// Bias or Diagonal: one number of the weight for each row of the value.
  Value by_rows(Op op, Weight w, Value a) {
    if (w.cols != 1 || w.rows != rows_of(a))
      refuse("use " + multipliers_->name(w) + " of " + spell(w.rows) + " x " + spell(w.cols) +
             " where a column of " + spell(rows_of(a)) + " rows is needed");
    return note({.op = op, .a = a.node, .weight = w.slot, .rows = w.rows});
  }
  Value part(Value a, Index from, Index rows) {
    if (from < 0 || rows < 1 || from + rows > rows_of(a))
      refuse("take rows " + spell(from) + " to " + spell(from + rows - 1) + " of a value of " +
             spell(rows_of(a)) + " rows");
    return note({.op = Op::Rows, .a = a.node, .from = from, .rows = rows});
  }
  Value stacked(Value a, Value b) {
    return note({.op = Op::Stack, .a = a.node, .b = b.node, .rows = rows_of(a) + rows_of(b)});
  }

  void result(Value v, Index from) { results_.push_back({v.node, from}); }
  Index rows_of(Value v) const {
    if (v.record != this || v.node < 0) refuse("use a value that no operation has given");
    return nodes_[static_cast<std::size_t>(v.node)].rows;
  }

  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Result>& results() const { return results_; }
  const Node& node(int i) const { return nodes_[static_cast<std::size_t>(i)]; }

 protected:
  /// Forgets the notes; their memory is kept.
  void forget() { nodes_.clear(), results_.clear(); }

 private:
  virtual void carry_out(int) {}
  Value note(const Node& node) {
    nodes_.push_back(node);
    const int at = static_cast<int>(nodes_.size()) - 1;
    carry_out(at);
    return {this, at};
  }
  static const char* verb(Op op) {
    switch (op) {
      case Op::Add:
        return "add";
      case Op::Subtract:
        return "subtract";
      case Op::Product:
        return "multiply";
      default:
        return "divide";
    }
  }
  static std::string spell(Index n) { return std::to_string(n); }
  [[noreturn]] static void refuse(const std::string& what) {
    throw std::invalid_argument("the equations " + what);
  }

  Multipliers* multipliers_;
  std::vector<Node> nodes_;
  std::vector<Result> results_;
};

}  // namespace lyap
