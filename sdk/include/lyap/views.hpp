// lyap/views.hpp - the border's matrices as Eigen maps, and back.
#pragma once
#include <Eigen/Core>
#include <algorithm>
#include <concepts>
#include <stdexcept>

#include "lyap/abi.h"

namespace lyap {

using Index = Eigen::Index;

/// The two kinds of number that cross the border.
template <class T>
concept Real = std::same_as<T, float> || std::same_as<T, double>;

template <Real T>
inline constexpr int dtype_of = std::same_as<T, float> ? LYAP_F32 : LYAP_F64;

template <Real T>
using MatrixOf = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <Real T>
using VectorOf = Eigen::Matrix<T, Eigen::Dynamic, 1>;
using Matrix = MatrixOf<double>;
using Vector = VectorOf<double>;

/// Someone else's numbers, seen as an Eigen matrix. `Unaligned` is the point: a buffer that
/// comes across the border promises nothing beyond alignof(T), so each side may be built with
/// its own Eigen, its own -march and its own EIGEN_MAX_ALIGN_BYTES.
template <Real T>
using ViewOf = Eigen::Map<MatrixOf<T>, Eigen::Unaligned, Eigen::OuterStride<>>;
template <Real T>
using ConstViewOf = Eigen::Map<const MatrixOf<T>, Eigen::Unaligned, Eigen::OuterStride<>>;
using View = ViewOf<double>;
using ConstView = ConstViewOf<double>;

/// Matrix arguments of functions: accept a matrix, a block or a view without copying, and say in
/// the signature which way the numbers go.
template <Real T>
using InOf = const Eigen::Ref<const MatrixOf<T>, Eigen::Unaligned, Eigen::OuterStride<>>&;
template <Real T>
using OutOf = Eigen::Ref<MatrixOf<T>, Eigen::Unaligned, Eigen::OuterStride<>>;
using In = InOf<double>;
using Out = OutOf<double>;

/// A border matrix as an Eigen map. An absent operand becomes an empty map (data() is null).
template <Real T>
ViewOf<T> view(const lyap_matrix& m) {
  return {static_cast<T*>(m.data), m.rows, m.cols, Eigen::OuterStride<>(m.stride)};
}
template <Real T>
ConstViewOf<T> view(const lyap_const_matrix& m) {
  return {static_cast<const T*>(m.data), m.rows, m.cols, Eigen::OuterStride<>(m.stride)};
}

/// Lends a matrix, a block or a view of ours to the other side for one call.
template <class Derived>
requires Real<typename Derived::Scalar> lyap_const_matrix lend(const Eigen::DenseBase<Derived>& m) {
  static_assert(!Derived::IsRowMajor || Derived::IsVectorAtCompileTime,
                "lyap::lend: the border is column-major");
  const Derived& d = m.derived();
  return {d.data(),
          d.rows(),
          d.cols(),
          std::max<Index>(d.outerStride(), d.rows()),
          dtype_of<typename Derived::Scalar>,
          0};
}
template <class Derived>
requires Real<typename Derived::Scalar> lyap_matrix lend(Eigen::DenseBase<Derived>& m) {
  static_assert(!Derived::IsRowMajor || Derived::IsVectorAtCompileTime,
                "lyap::lend: the border is column-major");
  Derived& d = m.derived();
  return {d.data(),
          d.rows(),
          d.cols(),
          std::max<Index>(d.outerStride(), d.rows()),
          dtype_of<typename Derived::Scalar>,
          0};
}

inline lyap_const_matrix read_only(const lyap_matrix& m) {
  return {m.data, m.rows, m.cols, m.stride, m.dtype, 0};
}

/// Samples first .. first+samples-1 at step t: of a tape (from 0), of a pass's chunk (from 1).
struct Point {
  Index t, first, samples;
};

/// Calls f(float{}) or f(double{}), as the operand's dtype says.
template <class F>
decltype(auto) with_dtype(int dtype, F&& f) {
  if (dtype == LYAP_F32) return f(float{});
  if (dtype == LYAP_F64) return f(double{});
  throw std::invalid_argument("an operand is neither float32 nor float64");
}

}  // namespace lyap
