// alignment/groups.hpp - which vectors of Q are looked at together.
#pragma once
#include <algorithm>
#include <array>
#include <lyap/lyap.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "combinations.hpp"

namespace lyap::alignment {

/// Columns of Q in the groups first, last and random, from 0.
using Groups = std::array<std::vector<Index>, groups>;

/// `wanted` in each group, a third of all `directions` at most and one at least; the random ones
/// are taken among the rest, from a stream of their own, so that they are the same for every run
/// and step.
inline Groups groups_of(Index directions, Index wanted, const Host& host) {
  const Index size = std::min(wanted, std::max<Index>(1, directions / groups));
  Groups found;
  for (int end = 0; end < 2; ++end) {
    found[end].resize(static_cast<std::size_t>(size));
    std::iota(found[end].begin(), found[end].end(), end == 0 ? 0 : directions - size);
  }
  const Index between = std::max<Index>(0, directions - 2 * size);
  std::vector<std::int64_t> order = host.permutation("groups", between);
  order.resize(static_cast<std::size_t>(std::min(size, between)));
  std::sort(order.begin(), order.end());
  for (const std::int64_t index : order) found[2].push_back(size + index);
  return found;
}

/// "0 1 2"
inline std::string text_of(const std::vector<Index>& indices) {
  std::string text;
  for (const Index index : indices) text += (text.empty() ? "" : " ") + std::to_string(index);
  return text;
}

}  // namespace lyap::alignment
