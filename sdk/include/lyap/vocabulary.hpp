// lyap/vocabulary.hpp - what equations may say; anything said with these words has derivatives.
#pragma once
#include "lyap/record.hpp"

namespace lyap {

/// A column weight as a diagonal matrix: diagonal(s[d]) * v scales row i of v by d_i.
struct DiagonalWeight {
  Weight column;
};
inline DiagonalWeight diagonal(Weight column) {
  return {column};
}

// Weights and values. W stands for a weight, its transpose, or a sum of such.
inline Value operator*(const WeightSum& w, Value a) {
  return a.record->multiply(w, a);
}
inline Value operator*(DiagonalWeight w, Value a) {
  return a.record->by_rows(Op::Diagonal, w.column, a);
}
/// A bias: the column w is added to every column of a.
inline Value operator+(Value a, Weight w) {
  return a.record->by_rows(Op::Bias, w, a);
}
inline Value operator+(Weight w, Value a) {
  return a + w;
}

// Two values, elementwise.
inline Value operator+(Value a, Value b) {
  return a.record->binary(Op::Add, a, b);
}
inline Value operator-(Value a, Value b) {
  return a.record->binary(Op::Subtract, a, b);
}
inline Value operator*(Value a, Value b) {
  return a.record->binary(Op::Product, a, b);
}
inline Value operator/(Value a, Value b) {
  return a.record->binary(Op::Quotient, a, b);
}

// A value and a number.
inline Value operator*(double c, Value a) {
  return a.record->unary(Op::Scale, a, c);
}
inline Value operator*(Value a, double c) {
  return c * a;
}
inline Value operator/(Value a, double c) {
  return (1 / c) * a;
}
inline Value operator/(double c, Value a) {
  return a.record->unary(Op::Reciprocal, a, c);
}
inline Value operator+(Value a, double c) {
  return a.record->unary(Op::Shift, a, c);
}
inline Value operator+(double c, Value a) {
  return a + c;
}
inline Value operator-(Value a, double c) {
  return a + (-c);
}
inline Value operator-(Value a) {
  return -1.0 * a;
}
inline Value operator-(double c, Value a) {
  return c + (-a);
}

// Functions of every entry.
inline Value tanh(Value a) {
  return a.record->unary(Op::Tanh, a);
}
/// 1 / (1 + e^-a)
inline Value sigmoid(Value a) {
  return a.record->unary(Op::Sigmoid, a);
}
/// max(a, 0); the slope at 0 is 0.
inline Value relu(Value a) {
  return a.record->unary(Op::Relu, a);
}
/// a where a > 0, else slope * a.
inline Value leaky_relu(Value a, double slope) {
  return a.record->unary(Op::LeakyRelu, a, slope);
}
/// log(1 + e^a)
inline Value softplus(Value a) {
  return a.record->unary(Op::Softplus, a);
}
inline Value exp(Value a) {
  return a.record->unary(Op::Exp, a);
}
inline Value sin(Value a) {
  return a.record->unary(Op::Sin, a);
}
inline Value cos(Value a) {
  return a.record->unary(Op::Cos, a);
}
inline Value abs(Value a) {
  return a.record->unary(Op::Abs, a);
}
/// -1, 0 or 1; its derivative is 0.
inline Value sign(Value a) {
  return a.record->unary(Op::Sign, a);
}

/// Rows from .. from+count-1.
inline Value rows(Value a, Index from, Index count) {
  return a.record->part(a, from, count);
}
/// a on top of b.
inline Value stack(Value a, Value b) {
  return a.record->stacked(a, b);
}

}  // namespace lyap
