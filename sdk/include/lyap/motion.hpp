// lyap/motion.hpp - how a value moves with the state: a sum of scaled matrices, not yet added up.
#pragma once
#include <algorithm>
#include <array>
#include <span>

#include "lyap/slope.hpp"

namespace lyap {

/// A part of how a value moves with k directions a sample: diag(scale) D with D
///   Unit      rows from .. of the identity, columns as asked: a part of the state itself
///   Gathered  columns of a matrix, as asked: a weight times a part of the state
///   Dense     numbers, rows x samples*k
/// The first two cost nothing to carry; a Jacobian begins with Unit, so the first product with a
/// weight is no product at all.
template <Real T>
struct Tangent {
  enum class Kind { Unit, Gathered, Dense } kind;
  const T* data;  // Gathered, Dense
  Index stride;
  Index from, limit;  // Unit, Gathered: column j is that of state row columns[j] - from
  Slope<T> scale;

  /// Whether the two differ in their scales alone.
  bool same_but_for_scale(const Tangent& other) const {
    return kind == other.kind && data == other.data && stride == other.stride &&
           from == other.from && limit == other.limit;
  }
};

/// A sum of tangents, none when the value does not move. Slopes are applied to the scales; numbers
/// are added up once, where a weight multiplies them or the result is written.
template <Real T>
struct Motion {
  static constexpr int most = 6;
  int count = 0;
  std::array<Tangent<T>, most> parts;

  Motion() {}  // NOLINT(modernize-use-equals-default): that would fill all parts with zeros
  /// Most motions have one part or two, and a sweep through a small cell is a hundred copies.
  Motion(const Motion& other) { *this = other; }
  Motion& operator=(const Motion& other) {
    count = other.count;
    std::copy_n(other.parts.begin(), count, parts.begin());
    return *this;
  }
  bool still() const { return count == 0; }
  void add(const Tangent<T>& t) { parts[static_cast<std::size_t>(count++)] = t; }
  std::span<const Tangent<T>> all() const {
    return {parts.data(), static_cast<std::size_t>(count)};
  }
  std::span<Tangent<T>> all() { return {parts.data(), static_cast<std::size_t>(count)}; }
  /// The only part, when it is that alone and nothing scales it.
  const Tangent<T>* bare() const {
    const bool is = count == 1 && !parts[0].scale.rows && parts[0].scale.constant == T(1);
    return is ? &parts[0] : nullptr;
  }
};

}  // namespace lyap
