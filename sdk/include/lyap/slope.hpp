// lyap/slope.hpp - values and slopes of the elementwise operations.
#pragma once
#include "lyap/column_loops.hpp"
#include "lyap/elementwise.hpp"
#include "lyap/record.hpp"

namespace lyap {

/// d out(i, s) / d operand(i, s): one number for all, or one for each row and sample. A null `rows`
/// means `constant`; a stride of 0 the same column for every sample.
template <Real T>
struct Slope {
  T constant = 1;
  const T* rows = nullptr;
  Index stride = 0;
  const T* column(Index sample) const { return rows ? rows + sample * stride : nullptr; }
};

namespace operation {

/// out = f(a) for an operation of one value; that of tanh and sigmoid comes with its slope.
template <Real T>
void value(const Node& node, const ConstViewOf<T>& a, ViewOf<T> out) {
  const T c = static_cast<T>(node.c);
  switch (node.op) {
    case Op::Scale:
      run_wide<loops::Scaled<false>>(c, a.data(), a.outerStride(), out.data(), out.outerStride(),
                                     a.rows(), a.cols());
      break;
    case Op::Shift:
      out = a.array() + c;
      break;
    case Op::Reciprocal:
      out = c * a.array().inverse();
      break;
    case Op::Relu:
      // NaN must come through, which max(a, 0) does not promise.
      out = (a.array() < T(0)).select(T(0), a);
      break;
    case Op::LeakyRelu:
      out = (a.array() < T(0)).select(c * a, a);
      break;
    case Op::Softplus:
      // log(1 + e^a) = max(a, 0) + log(1 + e^-|a|): nothing overflows.
      out = (a.array() < T(0)).select(T(0), a);
      out.array() += (-a.array().abs()).exp().log1p();
      break;
    case Op::Exp:
      out = a.array().exp();
      break;
    case Op::Sin:
      out = a.array().sin();
      break;
    case Op::Cos:
      out = a.array().cos();
      break;
    case Op::Abs:
      out = a.cwiseAbs();
      break;
    case Op::Sign:
      out = a.array().sign();
      break;
    default:
      throw std::logic_error("record: not an operation of one value");
  }
}

/// out = a op b, elementwise; a and b have as many columns, or one for all of them.
template <class Op, Real T>
void pairwise(const ConstViewOf<T>& a, const ConstViewOf<T>& b, ViewOf<T> out) {
  const auto stride = [](const ConstViewOf<T>& m) { return m.cols() > 1 ? m.outerStride() : 0; };
  run_wide<loops::Pairwise<Op>>(a.data(), stride(a), b.data(), stride(b), out.data(),
                                out.outerStride(), out.rows(), out.cols(), Index{1});
}
template <Real T>
void value(const Node& node, const ConstViewOf<T>& a, const ConstViewOf<T>& b, ViewOf<T> out) {
  switch (node.op) {
    case Op::Add:
      pairwise<loops::Sum>(a, b, out);
      break;
    case Op::Subtract:
      pairwise<loops::Difference>(a, b, out);
      break;
    case Op::Product:
      pairwise<loops::Product>(a, b, out);
      break;
    case Op::Quotient:
      out = a.cwiseQuotient(b);
      break;
    default:
      throw std::logic_error("record: not an operation of two values");
  }
}

/// out = the slope by `a` of an operation of one value that is made of `a` alone.
template <Real T>
void slope(const Node& node, const ConstViewOf<T>& a, ViewOf<T> out) {
  const T c = static_cast<T>(node.c);
  const auto x = a.array();
  switch (node.op) {
    case Op::Relu:
      out = (x > T(0)).template cast<T>();
      break;
    case Op::LeakyRelu:
      out = (x > T(0)).template cast<T>() * (1 - c) + c;
      break;
    case Op::Softplus:
      elementwise::apply<elementwise::Sigmoid>(a, out);
      break;
    case Op::Sin:
      out = x.cos();
      break;
    case Op::Cos:
      out = -x.sin();
      break;
    case Op::Abs:
      out = x.sign();
      break;
    default:
      throw std::logic_error("record: not an operation of one value");
  }
}

}  // namespace operation
}  // namespace lyap
